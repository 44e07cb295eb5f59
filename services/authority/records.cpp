// The register and what is delivered, record by record: one set of pages for every kind.
#include <algorithm>

#include "authority/door.h"
#include "authority/record_form.h"
#include "identity/audit.h"
#include "values/text.h"

namespace authority {
namespace {

using delivery::RecordKind;
using entrance::valueOf;
using intake::FileType;
using intake::RecordView;
using platform::Response;
using platform::Transaction;
using platform::View;

constexpr std::size_t kOnAPage = 50;
constexpr std::size_t kColumnsInList = 6;

// What the pages show

struct RecordKindsPage {
    struct Kind {
        std::string href;
        std::string title;
        std::optional<Link> add;
        View view() const { return {{"href", href}, {"title", title}, {"new", add}}; }
    };
    struct Group {
        std::string title;
        std::vector<Kind> kinds;
        View view() const { return {{"title", title}, {"kinds", kinds}}; }
    };
    std::vector<Group> groups;
    View view() const { return {{"title", "Records"}, {"groups", groups}}; }
};

struct RecordsPage {
    std::string title;
    std::string path;
    Field words;
    std::optional<Field> ownerChoice;
    std::string owner;  ///< whose they are, where that is not chosen on the page
    std::optional<Table> records;
    std::optional<Link> add;
    std::optional<Link> next;
    View view() const {
        return {{"title", title},
                {"path", path},
                {"words", words},
                {"ownerChoice", ownerChoice},
                {"owner", owner},
                {"find", secondaryButton("Find")},
                {"recordsTable", records},
                {"new", add},
                {"next", next},
                {"back", Link{"/records", "Back to records"}}};
    }
};

struct RecordPage {
    /// A state of the record, and how it differs from the one before.
    struct State {
        std::string since;
        bool isFirst;
        std::vector<std::string> changes;
        View view() const { return {{"since", since}, {"isFirst", isFirst}, {"changes", changes}}; }
    };
    /// Records of one kind that belong to this one.
    struct Related {
        std::string title;
        std::string id;
        std::string all;  ///< where all of them stand
        std::optional<Table> records;
        std::optional<Link> add;
        View view() const {
            return {{"title", title}, {"id", id}, {"all", all}, {"recordsTable", records}, {"new", add}};
        }
    };
    struct Archive {
        std::string path;
        bool isArchived;
        View view() const {
            return {
                {"path", path},
                {"press", secondaryButton(isArchived ? "Bring it back" : "Archive it")},
                {"text", isArchived ? "It is archived: lists do not offer it. Its figures stay as they are."
                                    : "Nothing is ever deleted. An archived one is offered in no list; "
                                      "its figures stay."}};
        }
    };
    std::string kind;
    std::string key;
    Link back;
    std::optional<Text> saved;
    std::vector<Fact> facts;
    std::vector<State> history;
    std::vector<std::string> scoreChanges;
    std::vector<Related> related;
    std::optional<Link> edit;
    std::optional<Archive> archive;
    View view() const {
        return {{"title", kind + " " + key},
                {"kind", kind},
                {"key", key},
                {"saved", saved},
                {"edit", edit},
                {"facts", facts},
                {"scoreChanges", scoreChanges},
                {"related", related},
                {"archive", archive},
                {"history", history},
                {"back", back}};
    }
};

struct RecordFormPage {
    std::string title;
    std::string path;
    Link back;
    std::optional<ErrorSummary> summaryOfErrors;
    std::vector<RecordField> fields;
    std::string version;  ///< the state that the person looks at; empty for a new record
    View view() const {
        return {{"title", title},
                {"path", path},
                {"summaryOfErrors", summaryOfErrors},
                {"fields", fields},
                {"version", version},
                {"save", button("Save")},
                {"later", secondaryButton("Save for later")},
                {"back", back}};
    }
};

/// Two people changed one record: what each column is to say.
struct RecordConflictPage {
    struct Same {
        std::string name;
        std::string value;
        View view() const { return {{"name", name}, {"value", value}}; }
    };
    struct Difference {
        std::string name;
        std::string label;
        std::string theirs;
        std::string yours;
        std::string theirsText;
        std::string yoursText;
        View view() const {
            return {{"name", name},   {"label", label},           {"theirs", theirs},
                    {"yours", yours}, {"theirsText", theirsText}, {"yoursText", yoursText}};
        }
    };
    std::string one;
    std::string path;
    std::string version;
    std::string who;
    std::vector<Same> same;
    std::vector<Difference> differences;
    Link back;
    View view() const {
        return {{"title", "Someone else changed this " + one},
                {"one", one},
                {"path", path},
                {"version", version},
                {"who", who},
                {"same", same},
                {"differences", differences},
                {"save", button("Save what is chosen")},
                {"back", back}};
    }
};

// How they are made

/// What a page of records is made from, within one unit.
struct Sources {
    Transaction& tx;
    const intake::Keeper& keeper;
    const Visit& visit;
    std::shared_ptr<const delivery::CatalogueInForce> guidance;
    values::Date today;

    Choices choices(const FileType& type) const {
        return choicesOf(tx, keeper, visit.authority(), type, guidance->latest, today);
    }
    std::vector<RecordView> list(const FileType& type, const delivery::RecordQuestion& question) const {
        return keeper.list(tx, visit.authority(), type, question);
    }
};

std::string addressOf(const FileType& type) { return "/records/" + type.name; }

Link backToList(const FileType& type) { return {addressOf(type), "Back to " + values::lowered(type.title)}; }

/// A link to add one, where the visitor may. `owner`: what it will belong to; empty for nothing yet.
std::optional<Link> addLink(const Visit& visit, const FileType& type, const std::string& owner = "") {
    if (!mayWrite(visit, type)) return std::nullopt;
    auto href = addressOf(type) + "/new";
    if (!owner.empty() && type.owner)
        href += "?" + type.columns[*type.owner].name + "=" + platform::urlEncoded(owner);
    return Link{href, "Add " + values::withArticle(type.one)};
}

/// Whether people see a column in a list: neither what names the record, nor what is private or long.
bool isListed(const FileType& type, std::size_t position) {
    const auto& column = type.columns[position];
    const bool isKey = type.key.size() == 1 && position == type.key.front();
    return !isKey && !column.isPrivate && column.type != intake::ColumnType::child &&
           column.type != intake::ColumnType::item &&
           (column.type != intake::ColumnType::text || column.most <= 300);
}

Table listTable(const std::vector<RecordView>& records, const FileType& type, const Choices& choices,
                const std::string& id) {
    std::vector<std::size_t> listed;
    for (std::size_t i = 0; i < type.columns.size() && listed.size() < kColumnsInList; ++i)
        if (isListed(type, i)) listed.push_back(i);
    std::vector<std::string> headers{type.key.size() == 1 ? "Reference" : sentence(type.one)};
    for (const auto i : listed) headers.push_back(type.columns[i].label);
    std::vector<Row> rows;
    for (const auto& record : records) {
        auto key = record.key;
        if (type.key.size() > 1) std::ranges::replace(key, '|', ' ');
        auto& line = rows.emplace_back(Row{key, {}, recordHref(type, record.key)});
        for (const auto i : listed)
            line.cells.push_back(
                displayed(type.columns[i], valueOf(record.values, type.columns[i].name), choices));
    }
    return table(id, type.title, headers, rows);
}

delivery::RecordQuestion questionOf(const values::Fields& query) {
    delivery::RecordQuestion question;
    question.words = valueOf(query, "words");
    question.owner = valueOf(query, "owner");
    question.after = valueOf(query, "after");
    question.most = kOnAPage + 1;
    return question;
}

Link nextPage(const FileType& type, const delivery::RecordQuestion& question, const std::string& after) {
    return {addressOf(type) + "?after=" + platform::urlEncoded(after) + "&owner=" +
                platform::urlEncoded(question.owner) + "&words=" + platform::urlEncoded(question.words),
            "Next page"};
}

/// Whose records are listed, to choose from; nothing where there are too many to choose.
std::optional<Field> ownerChoice(const FileType& type, const Choices& choices, const std::string& owner) {
    if (!type.owner) return std::nullopt;
    const auto& column = type.columns[*type.owner];
    const auto found = choices.find(column.name);
    if (found == choices.end()) return std::nullopt;
    auto options = found->second;
    options.insert(options.begin(), {"", "All"});
    return choice("owner", column.label, options, owner);
}

RecordsPage recordsPage(const Sources& from, const FileType& type, const delivery::RecordQuestion& question) {
    auto found = from.list(type, question);
    const bool hasMore = found.size() > kOnAPage;
    if (hasMore) found.pop_back();
    const auto choices = from.choices(type);
    RecordsPage page{
        type.title,
        addressOf(type),
        entrance::input(
            {"words", "Find", question.words, "search", "Part of a reference or of what a record says"}, {}),
        ownerChoice(type, choices, question.owner),
        {},
        unlessEmpty(listTable(found, type, choices, "records")),
        addLink(from.visit, type, question.owner),
        {}};
    if (!page.ownerChoice) page.owner = question.owner;
    if (hasMore) page.next = nextPage(type, question, found.back().key);
    return page;
}

/// Of which kinds others belong to a record.
std::vector<RecordKind> relatedTo(RecordKind kind) {
    switch (kind) {
        case RecordKind::service:
            return {RecordKind::stageChange,  RecordKind::partner, RecordKind::site,
                    RecordKind::practitioner, RecordKind::episode, RecordKind::adaptation,
                    RecordKind::feedback};
        case RecordKind::practitioner:
            return {RecordKind::supervision};
        case RecordKind::episode:
            return {RecordKind::session, RecordKind::outcomeScore, RecordKind::familyMeeting};
        default:
            return {};
    }
}

RecordPage::Related relatedRecords(const Sources& from, const FileType& type, const std::string& owner) {
    delivery::RecordQuestion question;
    question.owner = owner;
    question.most = 20;
    const auto records = from.list(type, question);
    return {type.title, "related-" + type.name, addressOf(type) + "?owner=" + platform::urlEncoded(owner),
            unlessEmpty(listTable(records, type, from.choices(type), type.name)),
            addLink(from.visit, type, owner)};
}

std::vector<Fact> factsOf(const RecordView& record, const FileType& type, const Choices& choices) {
    std::vector<Fact> facts;
    for (const auto& column : type.columns) {
        const auto value = valueOf(record.values, column.name);
        if (column.type == intake::ColumnType::child) continue;
        if (column.type == intake::ColumnType::item && value.empty()) continue;
        facts.push_back({column.label, displayed(column, value, choices)});
    }
    return facts;
}

std::vector<std::string> changesBetween(const RecordView& before, const RecordView& after,
                                        const FileType& type, const Choices& choices) {
    std::vector<std::string> changes;
    for (const auto& column : type.columns) {
        const auto was = valueOf(before.values, column.name);
        const auto is = valueOf(after.values, column.name);
        if (is != was)
            changes.push_back(column.label + ": " + displayed(column, was, choices) + " became " +
                              displayed(column, is, choices));
    }
    return changes;
}

/// The states of a record, the latest first: what each changed. One that changed nothing is left out.
std::vector<RecordPage::State> historyOf(const Sources& from, const FileType& type, const std::string& key,
                                         const Choices& choices) {
    delivery::RecordQuestion question;
    question.key = key;
    question.owner = type.key.size() > 1 ? key.substr(0, key.find('|')) : "";
    question.isHistory = true;
    question.most = 200;
    const auto states = from.list(type, question);
    std::vector<RecordPage::State> history;
    for (std::size_t i = 0; i < states.size(); ++i) {
        const bool isFirst = i == 0;
        auto changes =
            isFirst ? std::vector<std::string>{} : changesBetween(states[i - 1], states[i], type, choices);
        if (isFirst || !changes.empty())
            history.push_back({entrance::instantText(states[i].since), isFirst, std::move(changes)});
    }
    std::ranges::reverse(history);
    return history;
}

std::optional<RecordPage::Archive> archiveOf(const RecordView& record, const FileType& type) {
    if (std::ranges::find(type.columns, "archived_on", &intake::ColumnRule::name) == type.columns.end())
        return std::nullopt;
    return RecordPage::Archive{recordHref(type, record.key) + "/archive",
                               record.values.contains("archived_on")};
}

RecordPage recordPage(const Sources& from, const RecordView& record, const FileType& type) {
    const auto choices = from.choices(type);
    RecordPage page{sentence(type.one),
                    record.key,
                    backToList(type),
                    savedNotice(from.visit, "Saved. Figures are being brought up to date."),
                    factsOf(record, type, choices),
                    historyOf(from, type, record.key, choices),
                    {},
                    {},
                    {},
                    {}};
    for (const auto kind : relatedTo(type.kind))
        page.related.push_back(relatedRecords(from, from.keeper.type(kind), record.key));
    if (mayWrite(from.visit, type)) {
        page.archive = archiveOf(record, type);
        // A review is scored as a whole: it is not changed item by item.
        if (type.kind != RecordKind::review)
            page.edit = Link{recordHref(type, record.key) + "/edit", "Change this " + type.one};
    }
    return page;
}

/// `Kim Novak’s address changed it on 2 June 2025 at 10:00am`, where the audit says who.
std::string whoChanged(Transaction& tx, identity::AuthorityId authority, const std::string& key) {
    identity::AuditQuestion question;
    question.words = key;
    for (const auto& entry :
         identity::Audit::search(tx, authority, question, std::numeric_limits<std::int64_t>::max(), 20))
        if (entry.subject == key && entry.action.find("read") == std::string::npos)
            return entry.actor + " changed it on " + entrance::instantText(entry.happenedAt) + ".";
    return "It came with an upload.";
}

RecordConflictPage conflictPage(const Sources& from, const FileType& type, const values::Fields& mine,
                                const RecordView& now) {
    RecordConflictPage page{type.one,
                            recordHref(type, now.key) + "/edit",
                            now.version,
                            whoChanged(from.tx, from.visit.authority(), now.key),
                            {},
                            {},
                            {recordHref(type, now.key), "Leave it as it is now"}};
    const auto choices = from.choices(type);
    for (const auto& column : type.columns) {
        if (!mine.contains(column.name) || column.type == intake::ColumnType::child) continue;
        auto yours = mine.at(column.name);
        // In the words that are kept, whichever way a day was typed.
        values::Reader reader(mine);
        if (column.type == intake::ColumnType::date)
            if (const auto day = reader.optionalDate(column.name)) yours = day->iso();
        const auto theirs = valueOf(now.values, column.name);
        if (yours == theirs) page.same.push_back({column.name, yours});
        else
            page.differences.push_back({column.name, column.label, theirs, yours,
                                        displayed(column, theirs, choices),
                                        displayed(column, yours, choices)});
    }
    return page;
}

}  // namespace

Response Door::recordKinds(Visit& visit) {
    RecordKindsPage page{{{"Register", {}}, {"Delivery", {}}}};
    for (const auto& type : keeper_.types()) {
        const bool hasOwnPlace = type.kind == RecordKind::declaration || type.kind == RecordKind::action;
        if (hasOwnPlace) continue;
        auto& group = page.groups[isOfRegister(type.kind) ? 0 : 1];
        group.kinds.push_back({addressOf(type), type.title, addLink(visit, type)});
    }
    return render(visit, "record_kinds", page);
}

Response Door::records(Visit& visit) {
    const auto& type = keeper_.type(visit.request.part("kind"));
    const auto question = questionOf(visit.request.query);
    RecordsPage page;
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
        page = recordsPage({tx, keeper_, visit, catalogues_.inForce(tx), clock_.today()}, type, question);
        tx.audit("records read", type.name, question.owner.empty() ? "" : "of " + question.owner);
    });
    return render(visit, "records", page);
}

Response Door::record(Visit& visit) {
    const auto& given = keeper_.type(visit.request.part("kind"));
    const auto key = visit.request.part("key");
    RecordPage page;
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
        const Sources from{tx, keeper_, visit, catalogues_.inForce(tx), clock_.today()};
        const auto found = keeper_.byKey(tx, visit.authority(), given, key);
        const auto type =
            given.kind == RecordKind::review ? keeper_.reviewType(tx, found.values.at("checklist")) : given;
        page = recordPage(from, found, type);
        if (type.kind == RecordKind::episode)
            page.scoreChanges = scoreChanges(tx, visit.authority(), key, from.guidance->latest);
        tx.audit("record read", key, type.one);
    });
    return render(visit, "record", page);
}

/// What happened to each instrument's scores of an episode, from the earliest before to the latest after.
std::vector<std::string> Door::scoreChanges(Transaction& tx, identity::AuthorityId authority,
                                            const std::string& episode,
                                            const guidance::Catalogue& catalogue) const {
    struct Ends {
        std::string beforeOn, afterOn;
        double before = 0, after = 0;
    };
    std::map<std::pair<std::string, std::string>, Ends> ends;
    delivery::RecordQuestion question;
    question.owner = episode;
    question.most = 500;
    for (const auto& score : keeper_.list(tx, authority, keeper_.type(RecordKind::outcomeScore), question)) {
        auto& one = ends[{score.values.at("instrument"), score.values.at("respondent")}];
        const auto& day = score.values.at("scored_on");
        const double value = std::stod(score.values.at("value"));
        if (score.values.at("timepoint") == "before" && (one.beforeOn.empty() || day < one.beforeOn))
            one.beforeOn = day, one.before = value;
        if (score.values.at("timepoint") == "after" && day >= one.afterOn)
            one.afterOn = day, one.after = value;
    }
    std::vector<std::string> changes;
    for (const auto& [who, one] : ends)
        if (!one.beforeOn.empty() && !one.afterOn.empty())
            if (const auto* instrument = catalogue.instrument(who.first))
                changes.push_back(changeText(*instrument, who.second, one.before, one.after));
    return changes;
}

Response Door::newRecord(Visit& visit) {
    const auto& type = keeper_.type(visit.request.part("kind"));
    requireWriting(visit, type);
    if (type.kind == RecordKind::review) return platform::seeOther("/reviews/new");
    const bool isAgain = !visit.problems.empty() || !visit.request.form.empty();
    auto values = columnsIn(isAgain ? visit.request.form : visit.request.query, type);
    if (!isAgain) {
        // What is most likely: today, and a reference that nobody has.
        for (const auto& column : type.columns)
            if (column.type == intake::ColumnType::date && column.isRequired && !values.contains(column.name))
                values[column.name] = clock_.today().iso();
        const auto& key = type.columns[type.key.front()];
        if (type.key.size() == 1 && key.type == intake::ColumnType::reference && !key.refers &&
            !values.contains(key.name))
            values[key.name] = freshReference(type);
    }
    RecordFormPage page{"Add " + values::withArticle(type.one),
                        addressOf(type) + "/new",
                        backToList(type),
                        summaryOf(visit.problems),
                        {},
                        {}};
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
        const Sources from{tx, keeper_, visit, catalogues_.inForce(tx), clock_.today()};
        page.fields = fieldsOf(type, values, from.choices(type), visit.problems, {}, false);
        if (type.isAboutChildren()) tx.audit("form opened", type.one);
    });
    return render(visit, "record_form", page);
}

Response Door::addRecord(Visit& visit) {
    const auto& type = keeper_.type(visit.request.part("kind"));
    requireWriting(visit, type);
    const auto given = columnsIn(visit.request.form, type);
    return platform::seeOther(once(visit, [&](Transaction& tx) {
        const auto saved = keeper_.save(tx, visit.authority(), type, {given, std::nullopt, true});
        return recordHref(type, saved.key) + "?saved=1";
    }));
}

Response Door::editRecord(Visit& visit) {
    const auto& type = keeper_.type(visit.request.part("kind"));
    requireWriting(visit, type);
    const auto key = visit.request.part("key");
    const auto& form = visit.request.form;
    RecordFormPage page{"Change " + type.one + " " + key,
                        recordHref(type, key) + "/edit",
                        {recordHref(type, key), "Back to the " + type.one},
                        summaryOf(visit.problems),
                        {},
                        {}};
    std::vector<std::string> fixed;
    for (const auto column : type.key) fixed.push_back(type.columns[column].name);
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
        const Sources from{tx, keeper_, visit, catalogues_.inForce(tx), clock_.today()};
        const auto found = keeper_.byKey(tx, visit.authority(), type, key);
        auto values = form.empty() ? found.values : columnsIn(form, type);
        for (const auto& name : fixed) values[name] = valueOf(found.values, name);
        page.fields = fieldsOf(type, values, from.choices(type), visit.problems, fixed, true);
        // Kept through a refusal and a pause.
        const auto sent = valueOf(form, "version");
        page.version = sent.empty() ? found.version : sent;
        tx.audit("form opened", key, type.one);
    });
    return render(visit, "record_form", page);
}

Response Door::changeRecord(Visit& visit) {
    const auto& type = keeper_.type(visit.request.part("kind"));
    requireWriting(visit, type);
    const auto key = visit.request.part("key");
    const auto given = columnsIn(visit.request.form, type);
    try {
        return platform::seeOther(once(visit, [&](Transaction& tx) {
            keeper_.byKey(tx, visit.authority(), type, key);
            if (intake::keyOf(type, given) != key)
                throw values::Conflict("The reference of a record cannot be changed.");
            keeper_.save(tx, visit.authority(), type,
                         {given, valueOf(visit.request.form, "version"), false, true});
            return recordHref(type, key) + "?saved=1";
        }));
    } catch (const intake::Changed& changed) {
        return chooseBetween(visit, type, given, changed.now);
    }
}

/// Somebody else saved first: nothing is lost, and the person chooses field by field.
Response Door::chooseBetween(Visit& visit, const FileType& type, const values::Fields& mine,
                             const RecordView& now) {
    RecordConflictPage page;
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
        page = conflictPage({tx, keeper_, visit, catalogues_.inForce(tx), clock_.today()}, type, mine, now);
        tx.audit("record read", now.key, type.one);
    });
    visit.status = 409;
    return render(visit, "record_conflict", page);
}

Response Door::archiveRecord(Visit& visit) {
    const auto& type = keeper_.type(visit.request.part("kind"));
    requireWriting(visit, type);
    const auto key = visit.request.part("key");
    return platform::seeOther(once(visit, [&](Transaction& tx) {
        const auto found = keeper_.byKey(tx, visit.authority(), type, key);
        if (std::ranges::find(type.columns, "archived_on", &intake::ColumnRule::name) == type.columns.end())
            throw values::Conflict("Records of this kind are not archived.");
        const bool isArchived = found.values.contains("archived_on");
        keeper_.save(tx, visit.authority(), type,
                     {{{type.columns[type.key.front()].name, key},
                       {"archived_on", isArchived ? "" : clock_.today().iso()}},
                      std::nullopt,
                      false,
                      true,
                      "",
                      isArchived ? "brought back" : "archived"});
        return recordHref(type, key) + "?saved=1";
    }));
}

}  // namespace authority
