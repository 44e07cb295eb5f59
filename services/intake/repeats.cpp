#include "intake/repeats.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "platform/file_writer.h"

namespace intake {
namespace {
/// 24 bytes each: 24 MB at the most. Files of fewer rows never touch the disk.
constexpr std::size_t kInMemory = 1 << 20;
}  // namespace

Repeats::Repeats() : secret_(crypto_generichash_KEYBYTES), spill_(nullptr, &std::fclose) {
    randombytes_buf(secret_.data(), secret_.size());
}

void Repeats::add(std::string_view key, long row) {
    std::array<unsigned char, crypto_shorthash_siphashx24_BYTES> hash{};
    static_assert(crypto_shorthash_siphashx24_KEYBYTES <= crypto_generichash_KEYBYTES);
    crypto_shorthash_siphashx24(hash.data(), reinterpret_cast<const unsigned char*>(key.data()), key.size(),
                                secret_.data());
    Entry entry{};
    std::memcpy(&entry.high, hash.data(), 8);
    std::memcpy(&entry.low, hash.data() + 8, 8);
    entry.row = row;
    if (pending_.size() == kInMemory) flush();
    pending_.push_back(entry);
}

void Repeats::flush() {
    if (!spill_) {
        place_.emplace();
        spill_.reset(std::fopen(place_->path().c_str(), "w+b"));
    }
    if (!spill_ ||
        std::fwrite(pending_.data(), sizeof(Entry), pending_.size(), spill_.get()) != pending_.size() ||
        std::fflush(spill_.get()) != 0)
        throw platform::NoRoom(place_->path());
    spilled_ += pending_.size();
    pending_.clear();
}

void Repeats::report(const std::function<void(long row)>& found) {
    if (spilled_ > 0) flush();
    const std::uint64_t passes = spilled_ / (kInMemory / 2) + 1;
    const std::uint64_t width = ~0ULL / passes;
    for (std::uint64_t pass = 0; pass < passes; ++pass) {
        if (spilled_ > 0) {
            pending_.clear();
            std::rewind(spill_.get());
            std::array<Entry, 4096> block{};
            while (const auto got = std::fread(block.data(), sizeof(Entry), block.size(), spill_.get()))
                std::copy_if(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(got),
                             std::back_inserter(pending_), [&](const Entry& entry) {
                                 return std::min(entry.high / width, passes - 1) == pass;
                             });
        }
        std::ranges::sort(pending_);
        for (std::size_t i = 1; i < pending_.size(); ++i)
            if (pending_[i].high == pending_[i - 1].high && pending_[i].low == pending_[i - 1].low)
                found(static_cast<long>(pending_[i].row));
    }
}

}  // namespace intake
