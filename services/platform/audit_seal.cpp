#include "platform/audit_seal.h"

#include <stdexcept>

#include "platform/digest.h"

namespace platform {

std::string AuditSeal::of(std::string_view before, const AuditEntry& entry) const {
    if (key_.empty()) throw std::logic_error("an audit entry of an account that seals none");
    std::string text(before);
    // Each part says how long it is: no two entries read alike.
    const auto add = [&](std::string_view part) {
        text += std::to_string(part.size()) + ":";
        text += part;
    };
    add(std::to_string(entry.chain));
    add(std::to_string(entry.position));
    for (const auto* part :
         {&entry.happenedAt, &entry.actor, &entry.cameFrom, &entry.action, &entry.subject, &entry.detail})
        add(*part);
    return hmacSha256(key_, text);
}

std::string AuditSeal::ofEmptied(std::string_view seal, const AuditEntry& entry) const {
    return of("emptied" + std::string(seal), entry);
}

}  // namespace platform
