#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace platform {

/// One entry of the audit: who did what, or looked at what, when and from where.
struct AuditEntry {
    int chain = 0;              ///< an authority's id; 0 for what belongs to none
    std::int64_t position = 0;  ///< within its chain, from 1
    std::string happenedAt;     ///< UTC, as the database keeps it
    std::string actor;
    std::string cameFrom;
    std::string action;
    std::string subject;
    std::string detail;
};

/// Seals entries: HMAC-SHA-256 of the seal before and the entry, under a key that stands apart from the data.
/// Who can only write to the database cannot make a seal, so what they alter, remove or move shows.
class AuditSeal {
public:
    /// Seals nothing: for accounts that write no audit.
    AuditSeal() = default;
    /// `key`: 32 bytes.
    explicit AuditSeal(std::string key) : key_(std::move(key)) {}
    /// 32 bytes. Throws std::logic_error without a key.
    std::string of(std::string_view before, const AuditEntry& entry) const;
    /// Of an entry whose subject and detail were emptied since, over its own seal and what is left of it: who
    /// has no key can no more empty an entry than write one.
    std::string ofEmptied(std::string_view seal, const AuditEntry& entry) const;
    /// What stands before the first entry of a chain.
    static std::string beginning() { return std::string(32, '\0'); }

private:
    std::string key_;
};

}  // namespace platform
