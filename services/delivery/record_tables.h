#pragma once

#include "delivery/records.h"

namespace delivery {

/// Who keeps records: the authority's door, and the work behind it.
constexpr auto kKeepers = platform::Account::authority | platform::Account::work;

/// How one kind of record is kept: its statements.
struct RecordTable {
    const platform::Statement& select;   ///< those of a list, with the columns that a put may change
    const platform::BulkStatement& put;  ///< adds new ones and brings known ones up to date
    const platform::Statement* any;      ///< whether there are any; null where that is not worth asking
    const platform::Statement* find;     ///< ids by reference; null where nothing refers to the kind
    bool hasId;                          ///< whether a record has an id of its own
};
const RecordTable& tableOf(RecordKind kind);

/// Reads records of a kind as people gave them: the key, since when and until when they stood so, and the
/// columns of its file type. Parameters: authority; lowest and highest owner; lowest and highest key, and
/// one that it comes behind; words twice; whether with earlier states; how many at most.
const platform::Statement& readingOf(RecordKind kind);

}  // namespace delivery
