#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "platform/temporary_files.h"

namespace intake {

/// Finds keys that a file gives twice, in memory that does not grow with the file: keyed 128-bit hashes go to
/// a temporary file, and are then sorted one range of hashes at a time.
class Repeats {
public:
    Repeats();
    void add(std::string_view key, long row);
    /// Calls `found` with the row of every repetition, never with the first row of a key.
    void report(const std::function<void(long row)>& found);

private:
    struct Entry {
        std::uint64_t high;
        std::uint64_t low;
        std::int64_t row;
        auto operator<=>(const Entry&) const = default;
    };
    void flush();

    std::vector<unsigned char> secret_;
    std::vector<Entry> pending_;
    std::optional<platform::TemporaryPlace> place_;
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> spill_;
    std::uint64_t spilled_ = 0;
};

}  // namespace intake
