// The attendance of a whole group at once: what is alike is asked once.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "authority/door.h"
#include "authority/record_form.h"
#include "platform/digest.h"

namespace authority {
namespace {

using delivery::RecordKind;
using intake::FileType;
using intake::RecordView;
using nlohmann::json;
using platform::Response;
using platform::Transaction;
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

}  // namespace

Response Door::attendance(Visit& visit) {
    const auto id = visit.request.partId<delivery::Service>("service");
    const auto& form = visit.request.form;
    json view;
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
        const auto service = delivery::Services::byId(tx, visit.authority(), id);
        const auto inForce = catalogues_.inForce(tx);
        const auto& type = keeper_.type(RecordKind::session);
        const auto choices = choicesOf(tx, keeper_, visit.authority(), type, inForce->latest, clock_.today(),
                                       service.reference);
        values::Reader reader(form);
        const auto day = reader.optionalDate("held_on").value_or(clock_.today());
        delivery::RecordQuestion question;
        question.owner = service.reference;
        question.most = kMostEpisodes;
        std::set<std::string> groups;
        std::vector<RecordView> present;
        const auto group = form.contains("group") ? entrance::valueOf(form, "group")
                                                  : entrance::valueOf(visit.request.query, "group");
        for (auto& episode :
             keeper_.list(tx, visit.authority(), keeper_.type(RecordKind::episode), question)) {
            if (!isUnderWay(episode, day)) continue;
            const auto name = entrance::valueOf(episode.values, "group_name");
            if (!name.empty()) groups.insert(name);
            if (group.empty() || name == group) present.push_back(std::move(episode));
        }
        const bool isTooMany = present.size() > kMostTogether;
        if (isTooMany) present.clear();
        auto values = columnsIn(form, type);
        values["held_on"] = day.iso();
        if (form.empty()) values["mode"] = "group";
        FileType shared = type;
        std::erase_if(shared.columns, [](const auto& column) {
            return column.name == "session_ref" || column.name == "episode_ref" || column.name == "status";
        });
        json children = json::array();
        for (const auto& episode : present) {
            const auto name = "status." + episode.key;
            const auto chosen = form.contains(name) ? entrance::valueOf(form, name) : "held";
            children.push_back({{"status", choice(name, episode.key,
                                                  {{"held", "Attended"},
                                                   {"missed", "Missed"},
                                                   {"cancelled", "Cancelled"},
                                                   {"", "Not part of it"}},
                                                  chosen)}});
        }
        view = {{"title", "Attendance: " + service.name},
                {"service", service.name},
                {"path", visit.request.path},
                {"group", group},
                {"fields", fieldsOf(shared, values, choices, visit.problems, {}, false)},
                {"children", children},
                {"count", std::to_string(present.size())},
                {"hasChildren", !children.empty()},
                {"isTooMany", isTooMany},
                {"isEmpty", children.empty() && !isTooMany},
                {"save", button("Save attendance")},
                {"later", secondaryButton("Save for later")},
                {"saved", visit.request.query.contains("saved")
                              ? json{{"text", "Attendance is saved. Figures are being brought up to date."}}
                              : json()},
                {"back", {{"href", "/services/" + id.text()}, {"text", "Back to the service"}}}};
        if (!groups.empty()) {
            std::vector<Option> options{{"", "Everyone under way"}};
            for (const auto& name : groups) options.push_back({name, name});
            view["groupChoice"] = choice("group", "Group", options, group);
            view["show"] = secondaryButton("Show");
        }
        tx.audit("records read", service.reference, "attendance");
    });
    if (!visit.problems.empty()) view["summaryOfErrors"] = errorSummary(visit.problems);
    return render(visit, "attendance", std::move(view));
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
