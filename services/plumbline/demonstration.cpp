#include "plumbline/demonstration.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <map>
#include <random>
#include <vector>

#include "platform/file_writer.h"

namespace plumbline {
namespace {

using guidance::Catalogue;
using guidance::Intervention;
using values::Date;

/// Repeatable chance: the standard distributions differ from library to library, so draws are made from raw
/// bits.
class Chance {
public:
    explicit Chance(std::uint32_t seed) : bits_(seed) {}
    double share() { return static_cast<double>(bits_()) / 4294967296.0; }
    bool happens(double probability) { return share() < probability; }
    /// From least to most, both included.
    int whole(int least, int most) { return least + static_cast<int>(share() * (most - least + 1)); }
    template <std::size_t N>
    const char* one(const std::array<const char*, N>& of) {
        return of[static_cast<std::size_t>(whole(0, static_cast<int>(N) - 1))];
    }

private:
    std::mt19937 bits_;
};

std::string text(const std::optional<Date>& day) { return day ? day->iso() : ""; }

class Writer {
public:
    Writer(std::string folder, const Catalogue& catalogue, const Demonstration& wanted)
        : folder_(std::move(folder)),
          catalogue_(catalogue),
          wanted_(wanted),
          last_(wanted.last),
          first_(wanted.last.plusDays(1 - wanted.days)),
          chance_(wanted.seed) {
        std::filesystem::create_directories(folder_);
    }

    void write() {
        open("services",
             "service_ref,intervention,name,provider,stage,started_on,ended_on,capacity_per_year");
        open("practitioners", "practitioner_ref,service_ref,role,trained_on,accredited_until");
        open("supervisions", "practitioner_ref,held_on");
        open("episodes",
             "episode_ref,service_ref,child_ref,age_band,sex,ethnic_group,disabled,need,referred_on,offered_"
             "on,"
             "accepted_on,started_on,ended_on,end_reason");
        open("sessions", "session_ref,episode_ref,practitioner_ref,held_on,status,minutes,mode");
        open("outcome_scores", "episode_ref,instrument,respondent,timepoint,scored_on,value");
        int number = 0;
        for (const auto& one : wanted_.services) service(one, fmt::format("S{:02}", ++number));
        if (wanted_.hasStatements) statements();
        for (auto& [name, file] : files_) file.close();
    }

private:
    void open(const std::string& name, const std::string& header) {
        files_.try_emplace(name, folder_ + "/" + name + ".csv").first->second.write(header + "\n");
    }
    template <class... Cells>
    void row(const std::string& file, const Cells&... cells) {
        std::string line;
        ((line += (line.empty() ? "" : ",") + fmt::format("{}", cells)), ...);
        files_.at(file).write(line + "\n");
    }

    void service(const DemonstrationService& plan, const std::string& reference) {
        const auto began = first_.plusDays(-chance_.whole(60, 700));
        row("services", reference, plan.intervention, fmt::format("\"{}\"", plan.name), plan.provider,
            plan.stage, began.iso(), "", chance_.whole(40, 160));
        const auto* intervention = catalogue_.intervention(plan.intervention);
        if (intervention == nullptr || plan.episodes == 0) return;
        const auto staff = practitioners(reference, *intervention, plan.skill, began);
        for (int e = 1; e <= plan.episodes; ++e)
            episode(fmt::format("{}-E{:03}", reference, e), reference, *intervention, plan.skill, staff);
    }

    std::vector<std::string> practitioners(const std::string& service, const Intervention& intervention,
                                           double skill, Date began) {
        std::vector<std::string> staff;
        const int count = chance_.whole(3, 6);
        for (int p = 1; p <= count; ++p) {
            staff.push_back(fmt::format("{}-P{}", service, p));
            const bool isTrained = chance_.happens(0.75 + skill / 4);
            const bool isAccredited = isTrained && chance_.happens(0.9);
            row("practitioners", staff.back(), service, "practitioner",
                isTrained ? began.plusDays(chance_.whole(-30, 20)).iso() : "",
                isAccredited ? last_.plusDays(chance_.whole(-60, 700)).iso() : "");
            const int interval = std::max(10, intervention.supervisionWithinDays * 7 / 10);
            for (auto day = first_.plusDays(-chance_.whole(0, 30)); day <= last_;
                 day = day.plusDays(interval + chance_.whole(-5, 8)))
                if (chance_.happens(skill)) row("supervisions", staff.back(), day.iso());
        }
        return staff;
    }

    void episode(const std::string& reference, const std::string& service, const Intervention& intervention,
                 double skill, const std::vector<std::string>& staff) {
        const auto within = [&](std::optional<Date> day) { return day && *day > last_ ? std::nullopt : day; };
        const auto later = [&](const std::optional<Date>& day, double probability,
                               int most) -> std::optional<Date> {
            if (!day || !chance_.happens(probability)) return std::nullopt;
            return within(day->plusDays(chance_.whole(0, most)));
        };
        const auto referred = first_.plusDays(chance_.whole(-100, wanted_.days - 15));
        const auto offered = later(referred, 0.96, 10);
        const auto accepted = later(offered, 0.90, 8);
        const auto started = later(accepted, 0.94, std::max(1, intervention.startWithinDays * 8 / 10));
        std::optional<Date> ended;
        const char* reason = "";
        if (started) {
            const int expected = intervention.expectedSessions;
            const bool isCompleting = chance_.happens(skill);
            const int wanted = isCompleting ? expected : chance_.whole(1, expected);
            const auto after = sessions(reference, service, intervention, skill, staff, *started, wanted);
            if (after <= last_) {
                ended = after;
                reason = isCompleting ? "completed" : chance_.one(std::array{"withdrew", "moved", "other"});
            }
            scores(reference, intervention, skill, *started, ended);
        }
        row("episodes", reference, service, fmt::format("D{:06}", chance_.whole(1, 999999)),
            chance_.one(std::array{"0-4", "5-9", "10-15", "16-17"}),
            chance_.one(std::array{"female", "male"}),
            chance_.one(std::array{"White", "White", "Mixed", "Asian", "Black", "Not known"}),
            chance_.one(std::array{"yes", "no", "no", "no"}),
            chance_.one(std::array{"stability", "behaviour", "wellbeing"}), referred.iso(), text(offered),
            text(accepted), text(started), text(ended), reason);
    }

    /// What an authority says besides: some of it right, some of it not what its records show.
    void statements() {
        open("declarations", "recommendation,declared_on,status,planned_by,reason,evidence");
        const auto day = last_.plusDays(-120).iso();
        row("declarations", "kc-navigator", day, "in place", "", "", "Kinship strategy of the spring");
        row("declarations", "kc-parenting", day, "in place", "", "", "");
        row("declarations", "pta-parenting", day, "partly", "", "", "Two of three areas");
        row("declarations", "mb-justice", day, "in place", "", "", "Contract with the provider");
        row("declarations", "kc-allowance", day, "planned", last_.plusDays(-30).iso(), "", "");
        row("declarations", "kc-cbt", day, "not adopted", "",
            "No trained therapist within reach; families are referred on", "");
        open("actions",
             "action_ref,title,about_kind,about,raised_on,owner,due_on,closed_on,closing_evidence");
        row("actions", "A1", "Observe every mentor once a quarter", "recommendation", "mb-justice",
            last_.plusDays(-200).iso(), "Head of youth justice", last_.plusDays(-20).iso(), "", "");
        row("actions", "A2", "Shorten the way from referral to the first meeting", "service", "S01",
            last_.plusDays(-260).iso(), "Kinship team manager", last_.plusDays(-100).iso(),
            last_.plusDays(-110).iso(), "Median wait fell from 19 to 12 days");
        row("actions", "A3", "Train the second facilitator", "service", "S06", last_.plusDays(-90).iso(),
            "Fostering manager", last_.plusDays(60).iso(), "", "");
        open("feedback", "feedback_ref,service_ref,given_on,respondent,rating");
        for (int n = 1; n <= 40; ++n)
            row("feedback", fmt::format("V{:03}", n), fmt::format("S{:02}", chance_.whole(1, 4)),
                last_.plusDays(-chance_.whole(0, wanted_.days - 1)).iso(),
                chance_.one(std::array{"carer", "carer", "parent", "young person"}), chance_.whole(2, 5));
        open("family_meetings",
             "meeting_ref,episode_ref,letter_on,offered,offered_on,not_offered_reason,response,accepted_on,"
             "accepted_by,model,"
             "held_on,has_plan,reviewed_on,application_on");
        for (int n = 1; n <= 30; ++n) meeting(n);
    }

    void meeting(int n) {
        const auto within = [&](std::optional<Date> day) { return day && *day > last_ ? std::nullopt : day; };
        const auto letter = last_.plusDays(-chance_.whole(10, wanted_.days - 10));
        const bool isOffered = chance_.happens(0.85);
        const auto offered = isOffered ? within(letter.plusDays(chance_.whole(0, 9))) : std::nullopt;
        const bool isAccepted = offered && chance_.happens(0.75);
        const auto accepted = isAccepted ? within(offered->plusDays(chance_.whole(0, 14))) : std::nullopt;
        const auto held = accepted && chance_.happens(0.85)
                              ? within(accepted->plusDays(chance_.whole(14, 45)))
                              : std::nullopt;
        const bool hasPlan = held && chance_.happens(0.9);
        const auto reviewed =
            hasPlan && chance_.happens(0.4) ? within(held->plusDays(chance_.whole(40, 90))) : std::nullopt;
        const auto application =
            chance_.happens(0.2) ? within(letter.plusDays(chance_.whole(60, 120))) : std::nullopt;
        row("family_meetings", fmt::format("F{:03}", n), fmt::format("S01-E{:03}", n), letter.iso(),
            offered ? "yes" : "no", text(offered), offered ? "" : "It would put the child at risk",
            !offered   ? ""
            : accepted ? "accepted"
                       : "declined",
            text(accepted), accepted ? "one parent" : "",
            held ? chance_.one(std::array{"family group conference", "family group conference",
                                          "family network meeting"})
                 : "",
            text(held), held ? (hasPlan ? "yes" : "no") : "", text(reviewed), text(application));
    }

    /// The day after the last session.
    Date sessions(const std::string& episode, const std::string& service, const Intervention& intervention,
                  double skill, const std::vector<std::string>& staff, Date day, int wanted) {
        int held = 0;
        for (int n = 1; held < wanted && day <= last_; ++n) {
            const bool isHeld = chance_.happens(0.9);
            held += isHeld ? 1 : 0;
            const auto reference = fmt::format("{}-{:02}", episode, n);
            const auto& who =
                staff[static_cast<std::size_t>(chance_.whole(0, static_cast<int>(staff.size()) - 1))];
            row("sessions", reference, episode, who, day.iso(), isHeld ? "held" : "missed",
                isHeld ? "60" : "", chance_.one(std::array{"home", "group", "video"}));
            if (isHeld && chance_.happens(wanted_.reviewedShare))
                review(reference, service, intervention, skill, who, day.plusDays(chance_.whole(0, 7)));
            day = day.plusDays(7);
        }
        return day;
    }

    void review(const std::string& session, const std::string& service, const Intervention& intervention,
                double skill, const std::string& who, Date day) {
        if (day > last_) return;
        const auto& checklist = *catalogue_.latestChecklist(intervention.checklist);
        const auto name = "fidelity_reviews." + checklist.id;
        if (!files_.contains(name)) {
            std::string header =
                "review_ref,session_ref,service_ref,practitioner_ref,reviewer,reviewed_on,checklist_version";
            for (const auto& item : checklist.items) header += ",item_" + item.id;
            open(name, header);
        }
        std::string points;
        for (const auto& item : checklist.items) {
            int score = 0;
            for (int p = 0; p < item.most; ++p) score += chance_.happens(skill) ? 1 : 0;
            points += chance_.happens(0.03) ? ",NA" : "," + std::to_string(score);
        }
        row(name, "R-" + session, session, service, who,
            chance_.one(std::array{"observer", "supervisor", "supervisor", "self"}), day.iso(),
            std::to_string(checklist.version) + points);
    }

    void scores(const std::string& episode, const Intervention& intervention, double skill, Date started,
                const std::optional<Date>& ended) {
        for (const auto& id : intervention.instruments) {
            const auto& instrument = *catalogue_.instrument(id);
            const double width = instrument.most - instrument.least;
            const double before = std::round(instrument.least + width * (0.35 + 0.4 * chance_.share()));
            if (chance_.happens(0.92))
                row("outcome_scores", episode, id, "carer", "before", started.iso(), before);
            if (!ended || !chance_.happens(0.8)) continue;
            const double change = width * (0.3 * skill * chance_.share() - 0.03);
            const double after = std::round(before + (instrument.isLowerBetter ? -change : change));
            row("outcome_scores", episode, id, "carer", "after", ended->iso(),
                std::clamp(after, instrument.least, instrument.most));
        }
    }

    std::string folder_;
    const Catalogue& catalogue_;
    const Demonstration& wanted_;
    Date last_;
    Date first_;
    Chance chance_;
    std::map<std::string, platform::FileWriter> files_;
};

}  // namespace

Demonstration smallDemonstration(Date last, std::uint32_t seed) {
    return {
        {
            {"kinship-navigator", "Kinship navigators, north", "In-house", "full", 0.93, 70},
            {"kinship-navigator", "Kinship navigators, south", "Family Action", "initial", 0.74, 40},
            {"kinship-parenting-group", "Kinship parenting groups", "Kinship", "full", 0.90, 60},
            {"structured-parenting-programme", "Parenting together", "Barnardo's", "full", 0.88, 90},
            {"structured-home-visiting", "Early visits", "In-house", "installation", 0.8, 0},
            {"fostering-healthy-futures-preteen", "Healthy Futures groups", "In-house", "initial", 0.80, 24},
            {"youth-justice-mentoring", "Mentors in the community", "Catch22", "full", 0.70, 45},
            {"systemic-family-therapy", "Family therapy", "In-house", "full", 0.95, 36},
            {"carer-psychosocial-programme", "Carers' wellbeing courses", "In-house", "initial", 0.85, 12},
            {"trauma-informed-care", "Trauma-informed practice", "In-house", "full", 0.8, 0},
        },
        last,
        365,
        0.1,
        seed,
        true};
}

Demonstration smallestDemonstration(Date last, std::uint32_t seed) {
    Chance chance(seed);
    const double skill = 0.72 + 0.25 * chance.share();
    return {{{"kinship-navigator", "Kinship navigators", "In-house", "full", skill, chance.whole(12, 30)},
             {"structured-parenting-programme", "Parenting groups", "In-house", "full", skill,
              chance.whole(15, 35)}},
            last,
            365,
            0.12,
            seed};
}

std::vector<Demonstration> nationalDemonstration(const Catalogue& catalogue, std::size_t authorities,
                                                 Date last, std::uint32_t seed, double share) {
    constexpr int kDays = 3 * 365;
    constexpr double kServicesEach = 39;
    constexpr double kEpisodesEach = 102;
    constexpr double kReviewed = 0.058;
    std::vector<const Intervention*> interventions;
    for (const auto& [id, intervention] : catalogue.interventions) interventions.push_back(&intervention);
    std::vector<const guidance::Approach*> approaches;
    for (const auto& [id, approach] : catalogue.approaches) approaches.push_back(&approach);

    Chance chance(seed);
    const auto index = [&](std::size_t size) {
        return static_cast<std::size_t>(chance.whole(0, static_cast<int>(size) - 1));
    };
    std::vector<Demonstration> all;
    for (std::size_t a = 0; a < authorities; ++a) {
        Demonstration one{
            {}, last, kDays, kReviewed, static_cast<std::uint32_t>(chance.whole(1, 2147483646))};
        const double size = 0.4 + 1.2 * chance.share();    // small and large authorities
        const double skill = 0.7 + 0.22 * chance.share();  // and better and worse ones
        const int services = std::max(1, static_cast<int>(std::lround(kServicesEach * size * share)));
        for (int s = 0; s < services; ++s) {
            // One in fifteen is an approach without evidence; few are still being prepared.
            if (!approaches.empty() && chance.happens(1.0 / 15)) {
                const auto* approach = approaches[index(approaches.size())];
                one.services.push_back({approach->id, fmt::format("{}, team {}", approach->name, s + 1),
                                        "In-house", "full", skill, 0});
                continue;
            }
            const auto* intervention = interventions[index(interventions.size())];
            const bool isRunning = chance.happens(0.97);
            one.services.push_back(
                {intervention->id, fmt::format("{}, team {}", intervention->name, s + 1),
                 chance.one(
                     std::array{"In-house", "In-house", "Family Action", "Barnardo's", "Catch22", "Kinship"}),
                 isRunning ? chance.one(std::array{"initial", "full", "full"})
                           : chance.one(std::array{"exploration", "installation"}),
                 std::clamp(skill + 0.2 * (chance.share() - 0.5), 0.4, 0.99),
                 isRunning ? static_cast<int>(kEpisodesEach * (0.5 + 1.2 * chance.share())) : 0});
        }
        all.push_back(std::move(one));
    }
    return all;
}

void writeDemonstration(const std::string& folder, const Catalogue& catalogue,
                        const Demonstration& demonstration) {
    Writer(folder, catalogue, demonstration).write();
}

}  // namespace plumbline
