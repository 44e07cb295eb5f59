#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "authority/view.h"
#include "delivery/catalogues.h"
#include "entrance/entrance.h"
#include "intake/keeper.h"

namespace authority {

/// What the columns that refer to something can be, by column, as people choose it.
using Choices = std::map<std::string, std::vector<Option>>;

/// Services, interventions, instruments and the like that a form of this kind offers. A reference that could
/// be one of very many is typed instead. `owner`: the record's owner where it is known.
Choices choicesOf(platform::Transaction& tx, const intake::Keeper& keeper, identity::AuthorityId authority,
                  const intake::FileType& type, const guidance::Catalogue& catalogue, values::Date today,
                  const std::string& owner = "");

/// A column as a form asks for it.
struct RecordField {
    enum class As { line, choice, lines, fixed };
    As as = As::line;
    Field field;
    std::string text = {};  // NOLINT: what people read of one that is fixed
    platform::View view() const;
};

/// The fields of a form for one record, in the order of its columns. Columns in `fixed` are shown and sent,
/// not asked for.
std::vector<RecordField> fieldsOf(const intake::FileType& type, const values::Fields& values,
                                  const Choices& choices, const std::vector<values::FieldProblem>& problems,
                                  const std::vector<std::string>& fixed, bool isKnown);

/// What a column holds, as people read it: days in words, services and interventions by name.
std::string displayed(const intake::ColumnRule& column, const std::string& value, const Choices& choices);

/// Whether a kind is part of the register, or of what is delivered.
bool isOfRegister(delivery::RecordKind kind);
/// Throws Forbidden where the visitor may not write records of the kind.
void requireWriting(const entrance::Visit& visit, const intake::FileType& type);
bool mayWrite(const entrance::Visit& visit, const intake::FileType& type);

/// The columns of a form that were sent.
values::Fields columnsIn(const values::Fields& form, const intake::FileType& type);

/// What a page says once a form led back to it; nothing before.
std::optional<Text> savedNotice(const entrance::Visit& visit, const std::string& text);

/// `/records/episodes/S1-E01`
std::string recordHref(const intake::FileType& type, const std::string& key);

}  // namespace authority
