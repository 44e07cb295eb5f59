#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace values {

/// 128 bits that name one record. The first 48 bits are milliseconds since 1970, so ids sort by age.
using IdBytes = std::array<std::uint8_t, 16>;

std::string idText(const IdBytes& bytes);
std::optional<IdBytes> idFromText(std::string_view text);

/// The id of one kind of record: `Id<Service>` and `Id<Episode>` do not mix.
template <class Kind>
class Id {
public:
    explicit Id(const IdBytes& bytes) : bytes_(bytes) {}
    /// 32 lower-case hexadecimal digits; no value for anything else.
    static std::optional<Id> parse(std::string_view text) {
        const auto bytes = idFromText(text);
        if (!bytes) return std::nullopt;
        return Id(*bytes);
    }
    std::string text() const { return idText(bytes_); }
    const IdBytes& bytes() const { return bytes_; }
    auto operator<=>(const Id&) const = default;

private:
    IdBytes bytes_;
};

/// Where ids come from. Made before the transaction, so that a repeated unit writes the same rows.
class Ids {
public:
    Ids() = default;
    Ids(const Ids&) = delete;
    Ids& operator=(const Ids&) = delete;
    virtual ~Ids() = default;
    virtual IdBytes nextBytes() = 0;
    template <class Kind>
    Id<Kind> next() {
        return Id<Kind>(nextBytes());
    }
};

}  // namespace values

template <class Kind>
struct std::hash<values::Id<Kind>> {
    std::size_t operator()(const values::Id<Kind>& id) const noexcept {
        return std::hash<std::string_view>()(
            {reinterpret_cast<const char*>(id.bytes().data()), id.bytes().size()});
    }
};
