// The attendance of a whole group at once: what is alike is asked once.
#include <algorithm>
#include <set>

#include "authority/door.h"
#include "authority/record_form.h"
#include "platform/digest.h"

namespace authority {
namespace {

using delivery::RecordKind;
using intake::FileType;
using intake::RecordView;
using platform::Response;
using platform::Transaction;
using platform::View;
using values::Date;

constexpr int kMostEpisodes = 5000;
constexpr std::size_t kMostTogether = 120;

/// Whether an episode is under way on a day.
bool isUnderWay(const RecordView& episode, Date day) {
    const auto started = Date::fromIso(entrance::valueOf(episode.values, "started_on"));
    const auto ended = Date::fromIso(entrance::valueOf(episode.values, "ended_on"));
    return started && *started <= day && (!ended || *ended >= day);
}

/// One session of one episode and day has one reference: sent again, it is corrected.
std::string sessionReference(const std::string& episode, Date day) {
    const auto reference = "A-" + day.iso() + "-" + episode;
    return reference.size() <= 60 ? reference
                                  : "A-" + day.iso() + "-" + platform::sha256Hex(episode).substr(0, 40);
}

struct AttendancePage {
    std::string service;
    std::string path;
    Link back;
    std::optional<ErrorSummary> summaryOfErrors;
    std::optional<Text> saved;
    std::optional<Field> groupChoice = {};  ///< where episodes are in groups
    std::string group = {};                 ///< the chosen one; empty for everyone under way
    std::vector<RecordField> fields = {};   ///< what is alike for everyone
    std::vector<Field> children = {};       ///< whether each attended
    bool isTooMany = false;                 ///< to be shown on one page
    View view() const {
        return {{"title", "Attendance: " + service},
                {"service", service},
                {"path", path},
                {"summaryOfErrors", summaryOfErrors},
                {"saved", saved},
                {"groupChoice", groupChoice},
                {"show", secondaryButton("Show")},
                {"group", group},
                {"fields", fields},
                {"children", children},
                {"count", children.size()},
                {"isTooMany", isTooMany},
                {"save", button("Save attendance")},
                {"later", secondaryButton("Save for later")},
                {"back", back}};
    }
};

/// The episodes of a service that are under way on a day, and the groups that they are in.
struct UnderWay {
    std::vector<RecordView> episodes;
    std::set<std::string> groups;

    /// The references of those in a group; of all where it is empty.
    std::vector<std::string> inGroup(const std::string& group) const {
        std::vector<std::string> references;
        for (const auto& episode : episodes)
            if (group.empty() || entrance::valueOf(episode.values, "group_name") == group)
                references.push_back(episode.key);
        return references;
    }
};

UnderWay underWay(Transaction& tx, const intake::Keeper& keeper, identity::AuthorityId authority,
                  const std::string& service, Date day) {
    delivery::RecordQuestion question;
    question.owner = service;
    question.most = kMostEpisodes;
    UnderWay found;
    for (auto& episode : keeper.list(tx, authority, keeper.type(RecordKind::episode), question)) {
        if (!isUnderWay(episode, day)) continue;
        const auto group = entrance::valueOf(episode.values, "group_name");
        if (!group.empty()) found.groups.insert(group);
        found.episodes.push_back(std::move(episode));
    }
    return found;
}

std::optional<Field> choiceOf(const std::set<std::string>& groups, const std::string& chosen) {
    if (groups.empty()) return std::nullopt;
    std::vector<Option> options{{"", "Everyone under way"}};
    for (const auto& name : groups) options.push_back({name, name});
    return choice("group", "Group", options, chosen);
}

/// Whether one child attended: most did.
Field statusOf(const std::string& episode, const values::Fields& form) {
    const auto name = "status." + episode;
    const auto chosen = form.contains(name) ? entrance::valueOf(form, name) : "held";
    return choice(
        name, episode,
        {{"held", "Attended"}, {"missed", "Missed"}, {"cancelled", "Cancelled"}, {"", "Not part of it"}},
        chosen);
}

/// The columns of a session that everyone in the room shares.
FileType shared(FileType session) {
    std::erase_if(session.columns, [](const auto& column) {
        return column.name == "session_ref" || column.name == "episode_ref" || column.name == "status";
    });
    return session;
}

}  // namespace

Response Door::attendance(Visit& visit) {
    const auto service = serviceOf(visit);
    const auto& form = visit.request.form;
    const auto day = values::Reader(form).optionalDate("held_on").value_or(clock_.today());
    AttendancePage page{service.name,
                        visit.request.path,
                        {"/services/" + service.id.text(), "Back to the service"},
                        summaryOf(visit.problems),
                        savedNotice(visit, "Attendance is saved. Figures are being brought up to date.")};
    page.group = entrance::valueOf(form.contains("group") ? form : visit.request.query, "group");
    const auto type = shared(keeper_.type(RecordKind::session));
    auto values = columnsIn(form, type);
    values["held_on"] = day.iso();
    if (form.empty()) values["mode"] = "group";
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
        const auto choices = choicesOf(tx, keeper_, visit.authority(), type, catalogues_.inForce(tx)->latest,
                                       clock_.today(), service.reference);
        page.fields = fieldsOf(type, values, choices, visit.problems, {}, false);
        const auto found = underWay(tx, keeper_, visit.authority(), service.reference, day);
        page.groupChoice = choiceOf(found.groups, page.group);
        const auto present = found.inGroup(page.group);
        page.isTooMany = present.size() > kMostTogether;
        page.children.clear();
        if (!page.isTooMany)
            for (const auto& episode : present) page.children.push_back(statusOf(episode, form));
        tx.audit("records read", service.reference, "attendance");
    });
    return render(visit, "attendance", page);
}

Response Door::saveAttendance(Visit& visit) {
    requireWriting(visit, keeper_.type(RecordKind::session));
    const auto service = serviceOf(visit);
    const auto& form = visit.request.form;
    values::Reader reader(form);
    const auto day = reader.date("held_on", "the day of the session");
    reader.refuseProblems();
    return platform::seeOther(once(visit, [&](Transaction& tx) {
        const auto& type = keeper_.type(RecordKind::session);
        int saved = 0;
        for (const auto& [name, status] : form) {
            if (name.rfind("status.", 0) != 0 || status.empty()) continue;
            const auto episode = name.substr(7);
            const auto found =
                keeper_.byKey(tx, visit.authority(), keeper_.type(RecordKind::episode), episode);
            if (found.values.at("service_ref") != service.reference)
                throw values::NotFound("no such episode here");
            auto given = columnsIn(form, type);
            given["session_ref"] = sessionReference(episode, *day);
            given["episode_ref"] = episode;
            given["status"] = status;
            if (status != "held") given["minutes"] = "";
            keeper_.save(tx, visit.authority(), type, {given});
            ++saved;
        }
        if (saved == 0)
            throw values::Invalid(
                {{{"", 0, "held_on"}, "", "Say of at least one episode whether they attended."}});
        return visit.request.path +
               "?saved=1&group=" + platform::urlEncoded(entrance::valueOf(form, "group"));
    }));
}

}  // namespace authority
