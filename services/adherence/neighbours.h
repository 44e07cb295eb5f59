#pragma once

#include <string>

#include "platform/database.h"

namespace adherence {

/// Puts a published model of statistical neighbours in force: a CSV file as the Department for Education's
/// Local Authority Interactive Tool gives it, with columns old_la_code, SN_1, SN_1P … SN_10, SN_10P. An
/// edition that is loaded again is replaced whole. Gives how many authorities it knows. Throws Invalid with
/// every problem at file, row and column, and stores nothing then.
int loadNeighbours(platform::Transaction& tx, const std::string& path, const std::string& edition);

}  // namespace adherence
