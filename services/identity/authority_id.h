#pragma once

#include <compare>
#include <optional>

#include "platform/database.h"

namespace identity {

/// The authority that someone acts for, or that a record belongs to: the Department for Education's
/// three-digit code. Every question about an authority's records asks for one. It is made only from a row
/// that the database gave: of a session's person, of a record, or of a code that an operator named. Nothing
/// that a request says can become one at a door.
class AuthorityId {
public:
    static AuthorityId of(const platform::Rows& rows, int column) {
        return AuthorityId(static_cast<int>(rows.number(column)));
    }
    static std::optional<AuthorityId> optionally(const platform::Rows& rows, int column) {
        if (rows.isNull(column)) return std::nullopt;
        return of(rows, column);
    }
    int code() const { return code_; }
    operator platform::Value() const { return code_; }  // NOLINT: binds like its number
    auto operator<=>(const AuthorityId&) const = default;

private:
    explicit AuthorityId(int code) : code_(code) {}
    int code_;
};

}  // namespace identity
