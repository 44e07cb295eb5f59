#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "values/date.h"

namespace values {

/// A financial quarter: 2025-26 Q1 is 1 April to 30 June 2025, Q4 is 1 January to 31 March 2026.
class Quarter {
public:
    static Quarter containing(Date day);
    /// Reads `2025-26 Q3`, or `2025-26-Q3` as it stands in addresses. No value for anything else.
    static std::optional<Quarter> parse(std::string_view text);
    /// The inverse of `index`.
    static Quarter fromIndex(int index) { return Quarter(index); }

    Date first() const;
    Date last() const;
    Quarter next() const { return Quarter(index_ + 1); }
    Quarter previous() const { return Quarter(index_ - 1); }

    /// `2025-26 Q3`
    std::string name() const;
    /// `2025-26-Q3`, for addresses.
    std::string slug() const;
    /// `October to December 2025`
    std::string months() const;
    /// Quarters since 1900-01 Q1; how the database keeps a quarter.
    int index() const { return index_; }

    bool contains(Date day) const { return containing(day) == *this; }
    auto operator<=>(const Quarter&) const = default;

private:
    explicit Quarter(int index) : index_(index) {}
    int startYear() const { return 1900 + index_ / 4; }
    int number() const { return index_ % 4 + 1; }
    int index_;
};

}  // namespace values
