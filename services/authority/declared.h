#pragma once

#include <map>
#include <string>

#include "intake/keeper.h"
#include "measures/level.h"

namespace authority {

/// The newest declaration of each recommendation and key principle.
std::map<std::string, intake::RecordView> latestDeclarations(platform::Transaction& tx,
                                                             const intake::Keeper& keeper,
                                                             identity::AuthorityId authority);
/// Whether it was made before this financial year began: each year it is confirmed anew.
bool isToConfirm(const intake::RecordView& declaration, values::Date today);
/// Where what is declared and what is measured do not say the same; empty where they do.
std::string differenceOf(const std::string& status, measures::Level level);

}  // namespace authority
