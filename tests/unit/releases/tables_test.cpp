// What England publishes: tables of a made-up England, against a recount of their own.

#include "releases/tables.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "releases/open_data.h"
#include "releases/open_data_check.h"
#include "statistics/rounding.h"
#include "values/errors.h"

using namespace releases;  // NOLINT: the room under test
using values::Quarter;

namespace {

const std::vector<std::string> kAll{"practice_guide_pathway", "practice_guide_adoption",
                                    "practice_guide_fidelity", "practice_guide_dose_workforce",
                                    "practice_guide_outcomes"};

guidance::Catalogue aCatalogue() {
    guidance::Catalogue catalogue;
    for (const auto* id : {"group", "visits", "mentoring"}) {
        guidance::Intervention one;
        one.id = id;
        one.name = std::string("The ") + id;
        one.instruments = {"sdq-total", "swemwbs"};
        catalogue.interventions.emplace(id, one);
    }
    for (const auto* id : {"sdq-total", "swemwbs"}) {
        guidance::Instrument one;
        one.id = one.name = id;
        catalogue.instruments.emplace(id, one);
    }
    guidance::Guide guide;
    guide.id = "guide";
    guide.title = "A guide";
    guide.version = "1";
    for (const auto* id : {"first", "second"}) {
        guidance::Recommendation one;
        one.id = id;
        one.title = std::string("Offer the ") + id;
        guide.recommendations.push_back(one);
    }
    catalogue.guides.push_back(guide);
    return catalogue;
}

guidance::Catalogue oneProgramme() {
    auto catalogue = aCatalogue();
    catalogue.interventions.erase("visits");
    catalogue.interventions.erase("mentoring");
    return catalogue;
}

RulePack pack(std::int64_t localBase, std::int64_t wideBase, std::int64_t threshold = 5,
              bool hidesZeros = false) {
    RulePack rules;
    rules.id = "made-up";
    rules.title = "Made up";
    rules.policy = {threshold, 3, localBase, wideBase, hidesZeros};
    return rules;
}

/// Authorities of three regions, some without a return, with counts from nothing to a hundred.
Snapshot anEngland(std::uint32_t seed, std::size_t authorities = 18) {
    std::mt19937 bits(seed);
    const auto upTo = [&](std::int64_t most) {
        return static_cast<std::int64_t>(bits() % static_cast<std::uint32_t>(most + 1));
    };
    Snapshot snapshot(Quarter::parse("2025-26 Q3").value());
    for (std::size_t i = 0; i < authorities; ++i) {
        const auto number = std::to_string(100 + i);
        const auto region = std::to_string(i / 6 + 1);
        snapshot.authorities.push_back({number, "E06000" + number, "Authority " + number, "E1200000" + region,
                                        "Region " + region, bits() % 6 == 0 ? "" : "return-" + number});
        if (snapshot.authorities.back().returned.empty()) continue;
        for (const auto* programme : {"group", "visits", "mentoring"}) {
            if (bits() % 3 == 0) continue;  // does not run it
            auto& of = snapshot.numbers[i][programme];
            const auto referred = upTo(bits() % 2 == 0 ? 9 : 100);
            const auto offered = upTo(referred);
            const auto accepted = upTo(offered);
            const auto started = upTo(accepted);
            of["offered_of_referred"] = {offered, referred, 0};
            of["accepted_of_referred"] = {accepted, referred, 0};
            of["started_of_referred"] = {started, referred, 0};
            of["completed_of_referred"] = {upTo(started), referred, 0};
            const auto reviews = upTo(40);
            of["fidelity"] = {upTo(reviews), reviews, 0};
            for (const auto* score :
                 {"adherence_score", "exposure_score", "quality_score", "responsiveness_score"}) {
                const auto scored = upTo(reviews);
                of[score] = {0, scored, 0.75 * static_cast<double>(scored)};
            }
            const auto ended = upTo(60);
            of["completers"] = {upTo(ended), ended, 0};
            of["dose"] = {upTo(ended * 10), ended * 10, 0};
            const auto practitioners = upTo(12);
            of["trained"] = {upTo(practitioners), practitioners, 0};
            of["supervised"] = {upTo(practitioners), practitioners, 0};
            for (const auto* instrument : {"sdq-total", "swemwbs"}) {
                SignedNumbers better;
                SignedNumbers worse;
                for (const auto* who : {"parent", "child"}) {
                    const auto pairs = upTo(30);
                    const auto improved = upTo(pairs);
                    const auto declined = upTo(pairs - improved);
                    auto& groups = snapshot.byRespondent[i][programme];
                    groups[std::string("outcome_improved:") + instrument][who] = {improved, pairs, 0};
                    groups[std::string("outcome_worsened:") + instrument][who] = {declined, pairs, 0};
                    better += {improved, pairs, 0};
                    worse += {declined, pairs, 0};
                }
                of[std::string("outcome_improved:") + instrument] = better;
                of[std::string("outcome_worsened:") + instrument] = worse;
            }
        }
        static const std::vector<std::string> kLevels{"delivered as intended", "partly delivered", "planned",
                                                      "not offered", "too little to judge"};
        snapshot.levels[i]["first"] = kLevels[bits() % kLevels.size()];
        snapshot.levels[i]["second"] = kLevels[bits() % kLevels.size()];
    }
    return snapshot;
}

const PublishedTable& tableOf(const BuiltTables& built, const std::string& name) {
    return *std::ranges::find(built.tables, name, &PublishedTable::name);
}

std::string valueOf(const BuiltTables& built, const std::string& name, std::size_t area,
                    const std::vector<std::size_t>& items, std::size_t indicator) {
    for (const auto& row : tableOf(built, name).rows)
        if (row.area == area && row.items == items) return row.values.at(indicator);
    return "no such row";
}

bool isIn(const Snapshot& snapshot, const AreaOf& area, std::size_t authority) {
    return area.level == AreaOf::Level::national ||
           (area.level == AreaOf::Level::regional &&
            snapshot.authorities[authority].regionCode == area.regionCode) ||
           (area.level == AreaOf::Level::authority && area.authority == authority);
}

PlaceLookups placesOf(const Snapshot& snapshot) {
    PlaceLookups places;
    for (const auto& one : snapshot.authorities) {
        places.regions.insert(one.regionCode + "|" + one.regionName);
        places.authorities.insert(one.oldCode + "|" + one.newCode + "|" + one.name);
    }
    return places;
}

}  // namespace

/// By a recount of its own: what is shown is the true count to the nearest multiple, and never a small one.
TEST(BuildTables, ShowTrueCountsRoundedAndNoSmallOne) {
    const auto catalogue = aCatalogue();
    static const std::vector<std::string> kNames{"", "The group", "The mentoring", "The visits"};
    static const std::vector<std::string> kIds{"", "group", "mentoring", "visits"};
    for (const auto& rules : {pack(5, 10), pack(1, 10), pack(5, 5, 7, true)})
        for (std::uint32_t seed = 1; seed <= 6; ++seed) {
            const auto snapshot = anEngland(seed);
            const auto built = buildTables(snapshot, catalogue, rules, kAll);
            EXPECT_TRUE(built.disclosure.unsafe.empty()) << seed << " " << built.disclosure.unsafe.front();
            const auto& pathway = tableOf(built, "practice_guide_pathway");
            EXPECT_EQ(pathway.filters[0].items,
                      (std::vector<std::string>{"Total", "The group", "The mentoring", "The visits"}));
            for (const auto& row : pathway.rows) {
                static const std::vector<std::string> kMeasures{"offered_of_referred", "offered_of_referred",
                                                                "accepted_of_referred", "started_of_referred",
                                                                "completed_of_referred"};
                std::int64_t count = 0;
                std::int64_t referred = 0;
                bool isReturned = false;
                const auto& area = built.areas[row.area];
                for (std::size_t i = 0; i < snapshot.authorities.size(); ++i) {
                    if (!isIn(snapshot, area, i) || snapshot.authorities[i].returned.empty()) continue;
                    isReturned = true;
                    if (!snapshot.numbers.contains(i)) continue;
                    for (const auto& [programme, of] : snapshot.numbers.at(i)) {
                        if (row.items[0] > 0 && programme != kIds[row.items[0]]) continue;
                        const auto& numbers = of.at(kMeasures[row.items[1]]);
                        count += row.items[1] == 0 ? numbers.denominator : numbers.numerator;
                        referred += numbers.denominator;
                    }
                }
                const auto base =
                    area.level == AreaOf::Level::authority ? rules.policy.localBase : rules.policy.wideBase;
                const auto& shown = row.values[0];
                if (!isReturned) {
                    EXPECT_EQ(shown, "x");
                } else if (rules.policy.isSmall(count)) {
                    EXPECT_EQ(shown, "c") << count;
                } else if (shown != "c") {
                    EXPECT_EQ(shown, std::to_string(statistics::roundedToBase(count, base)));
                    EXPECT_TRUE(!rules.policy.isSmall(referred - count) || row.items[1] == 0 || count == 0)
                        << referred - count;
                }
                // A percentage follows from what is published, and from nothing else.
                const auto whole = valueOf(built, "practice_guide_pathway", row.area, {row.items[0], 0}, 0);
                if (isNumber(row.values[1]) && row.items[1] > 0) {
                    ASSERT_TRUE(isNumber(shown) && isNumber(whole));
                    EXPECT_EQ(row.values[1], statistics::percentText({std::stoll(shown), std::stoll(whole)},
                                                                     rules.percentDecimals));
                    EXPECT_GE(std::stoll(whole), rules.fewestForPercent);
                } else if (shown == "c" || whole == "c") {
                    EXPECT_EQ(row.values[1], "c");
                }
            }
        }
}

TEST(BuildTables, CountEveryAuthorityOnceForEachRecommendation) {
    const auto snapshot = anEngland(3);
    const auto built = buildTables(snapshot, aCatalogue(), pack(5, 10), kAll);
    const auto& adoption = tableOf(built, "practice_guide_adoption");
    for (std::size_t area = 0; area < 4; ++area)
        for (std::size_t one = 0; one < 2; ++one) {
            const auto count = [&](std::size_t status) {
                return std::stoi(valueOf(built, adoption.name, area, {one, status}, 0));
            };
            EXPECT_EQ(count(0), area == 0 ? 18 : 6);
            EXPECT_EQ(count(0), count(1) + count(2) + count(3) + count(4) + count(5));
        }
}

/// Of one of each kind of answer: in its own column, and what says nothing in the last.
TEST(BuildTables, CountEachLevelAsItsOwnStatus) {
    Snapshot snapshot(Quarter::parse("2025-26 Q3").value());
    const auto add = [&](const std::string& level, int authorities) {
        for (int i = 0; i < authorities; ++i) {
            const auto place = snapshot.authorities.size();
            const auto number = std::to_string(100 + place);
            snapshot.authorities.push_back({number, "E06000" + number, "Authority " + number, "E12000001",
                                            "Region", level.empty() ? "" : "return-" + number});
            if (!level.empty()) snapshot.levels[place]["first"] = level;
        }
    };
    add("delivered as intended", 1);
    add("partly delivered", 2);
    add("planned", 3);
    add("not offered", 4);
    add("too little to judge", 5);
    add("", 6);
    const auto built = buildTables(snapshot, aCatalogue(), pack(5, 10), {"practice_guide_adoption"});
    const std::vector<std::string> wanted{"21", "1", "2", "3", "4", "11"};
    for (std::size_t status = 0; status < wanted.size(); ++status)
        EXPECT_EQ(valueOf(built, "practice_guide_adoption", 0, {0, status}, 0), wanted[status]) << status;
}

namespace {

/// One authority of one region that runs one programme, with counts large enough to be shown as they are.
Snapshot oneAuthority() {
    Snapshot snapshot(Quarter::parse("2025-26 Q3").value());
    snapshot.authorities.push_back({"101", "E06000101", "Authority", "E12000001", "Region", "return"});
    snapshot.numbers[0]["group"] = {{"fidelity", {80, 100, 0}},
                                    {"adherence_score", {0, 90, 67.5}},
                                    {"exposure_score", {0, 80, 40}},
                                    {"quality_score", {0, 70, 63}},
                                    {"responsiveness_score", {0, 60, 15}},
                                    {"completers", {30, 40, 0}},
                                    {"dose", {200, 400, 0}},
                                    {"trained", {24, 30, 0}},
                                    {"supervised", {18, 30, 0}}};
    auto& groups = snapshot.byRespondent[0]["group"];
    groups["outcome_improved:sdq-total"] = {{"parent", {20, 50, 0}}, {"child", {12, 40, 0}}};
    groups["outcome_worsened:sdq-total"] = {{"parent", {10, 50, 0}}, {"child", {8, 40, 0}}};
    return snapshot;
}

using Values = std::vector<std::string>;

/// The values of England's row with these items.
Values rowOf(const BuiltTables& built, const std::string& table, const std::vector<std::size_t>& items) {
    for (const auto& row : tableOf(built, table).rows)
        if (row.area == 0 && row.items == items) return row.values;
    return {"no such row"};
}

}  // namespace

/// Counts as they are, and each share of its own whole: by hand, for what is not the pathway.
TEST(BuildTables, ShowEachShareOfItsOwnWhole) {
    const auto built = buildTables(oneAuthority(), oneProgramme(), pack(1, 1), kAll);
    const std::string fidelity = "practice_guide_fidelity";
    // Wilson's interval of 80 of 100 goes from 71.1% to 86.7%.
    EXPECT_EQ(rowOf(built, fidelity, {0, 0}), (Values{"100", "80", "71", "87", "z"}));
    EXPECT_EQ(rowOf(built, fidelity, {0, 1}), (Values{"90", "z", "z", "z", "75"}));
    EXPECT_EQ(rowOf(built, fidelity, {0, 2}), (Values{"80", "z", "z", "z", "50"}));
    EXPECT_EQ(rowOf(built, fidelity, {0, 3}), (Values{"70", "z", "z", "z", "90"}));
    EXPECT_EQ(rowOf(built, fidelity, {0, 4}), (Values{"60", "z", "z", "z", "25"}));
    EXPECT_EQ(rowOf(built, "practice_guide_dose_workforce", {0}),
              (Values{"40", "75", "50", "30", "80", "60"}));
    const std::string outcomes = "practice_guide_outcomes";
    const auto changes = [&](std::size_t informant) {
        Values all;
        for (std::size_t change = 0; change < 4; ++change)
            for (const auto& value : rowOf(built, outcomes, {0, informant, change})) all.push_back(value);
        return all;
    };
    ASSERT_EQ(tableOf(built, outcomes).filters[1].items, (Values{"Total", "Child", "Parent"}));
    EXPECT_EQ(changes(0), (Values{"90", "100", "32", "36", "40", "44", "18", "20"}));
    EXPECT_EQ(changes(1), (Values{"40", "100", "12", "30", "20", "50", "8", "20"}));
    EXPECT_EQ(changes(2), (Values{"50", "100", "20", "40", "20", "40", "10", "20"}));
    EXPECT_EQ(rowOf(built, outcomes, {1, 0, 0}), (Values{"0", "z"})) << "nothing of this kind";
}

/// Who does not complete misses five of twenty sessions or more, so few missed sessions tell how many did
/// not.
TEST(BuildTables, HideTheShareOfSessionsWhereItTellsHowManyCompleted) {
    auto catalogue = oneProgramme();
    catalogue.interventions.at("group").expectedSessions = 20;
    catalogue.interventions.at("group").minimumShare = 0.8;
    const auto doseOf = [&](values::Proportion completers, values::Proportion dose, const RulePack& rules) {
        auto snapshot = oneAuthority();
        snapshot.numbers[0]["group"]["completers"] = {completers.numerator, completers.denominator, 0};
        snapshot.numbers[0]["group"]["dose"] = {dose.numerator, dose.denominator, 0};
        const auto built = buildTables(snapshot, catalogue, rules, {"practice_guide_dose_workforce"});
        return rowOf(built, "practice_guide_dose_workforce", {0})[2];
    };
    // One of 25 did not complete, and is hidden: five sessions missed would say that it is one.
    EXPECT_EQ(doseOf({24, 25}, {495, 500}, pack(5, 10)), "c");
    EXPECT_EQ(doseOf({24, 25}, {495, 500}, pack(1, 1)), "c");
    // Of 40, rounded, 30 completed, rounded: 52 sessions missed leave no more than ten who did not.
    EXPECT_EQ(doseOf({30, 40}, {748, 800}, pack(5, 10)), "c");
    EXPECT_EQ(doseOf({30, 40}, {748, 800}, pack(1, 1)), "94") << "the counts say as much";
    EXPECT_EQ(doseOf({30, 40}, {650, 800}, pack(5, 10)), "81");
    EXPECT_EQ(doseOf({30, 40}, {45, 80}, pack(1, 1)), "u") << "too few sessions for whole per cent";
}

/// The same practitioners stand behind two shares: what hides their number hides both.
TEST(BuildTables, HideACountThatIsKeptTwiceInBothPlaces) {
    const auto catalogue = aCatalogue();
    std::size_t hidden = 0;
    for (const auto& rules : {pack(5, 10), pack(1, 10)})
        for (std::uint32_t seed = 1; seed <= 8; ++seed) {
            const auto built = buildTables(anEngland(seed), catalogue, rules, kAll);
            for (const auto& row : tableOf(built, "practice_guide_dose_workforce").rows) {
                if (row.values[3] != "c") continue;
                ++hidden;
                EXPECT_EQ(row.values[4], "c") << seed;
                EXPECT_EQ(row.values[5], "c") << seed;
            }
        }
    EXPECT_GT(hidden, 0U);
}

TEST(BuildTables, GivePercentagesOfTwentyCountedOrMore) {
    auto snapshot = oneAuthority();
    auto& numbers = snapshot.numbers[0]["group"];
    numbers["trained"] = {10, 20, 0};
    numbers["supervised"] = {9, 19, 0};
    const auto built = buildTables(snapshot, oneProgramme(), pack(1, 1), {"practice_guide_dose_workforce"});
    const auto row = rowOf(built, "practice_guide_dose_workforce", {0});
    EXPECT_EQ(row[4], "50");
    EXPECT_EQ(row[5], "u");
}

/// Every kind of file passes our own check, whose warnings count as faults here, and the same snapshot gives
/// the same bytes.
TEST(OpenFiles, PassTheCheckAndAreTheSameForTheSameSnapshot) {
    const auto catalogue = aCatalogue();
    for (const auto& rules : {pack(5, 10), pack(1, 10), pack(5, 5, 7, true)}) {
        const auto snapshot = anEngland(11);
        const ReleaseWords words{"Practice guide delivery, 2025-26 Q3", "2025-26 Q3", 1, 15, 18, {}, {}, {}};
        const auto files = openFiles(buildTables(snapshot, catalogue, rules, kAll), snapshot, words);
        const auto again =
            openFiles(buildTables(anEngland(11), catalogue, rules, kAll), anEngland(11), words);
        ASSERT_EQ(files.size(), kAll.size() * 2 + 3);
        for (std::size_t i = 0; i < files.size(); ++i) EXPECT_EQ(files[i].content, again[i].content);
        for (std::size_t i = 0; i + 1 < files.size(); ++i)
            if (files[i + 1].name.ends_with(".meta.csv"))
                for (const auto& fault : checkPair(files[i].name, files[i].content, files[i + 1].name,
                                                   files[i + 1].content, placesOf(snapshot)))
                    ADD_FAILURE() << fault.check << " " << fault.where << " " << fault.got << " "
                                  << fault.rule;
    }
}

namespace {

/// One programme, one step, so that sums can be followed by eye: three authorities of one region.
Snapshot three(std::int64_t a, std::int64_t b, std::int64_t c, const std::string& returnOfC = "c1") {
    Snapshot snapshot(Quarter::parse("2025-26 Q3").value());
    const std::vector<std::pair<std::string, std::int64_t>> all{{"a1", a}, {"b1", b}, {returnOfC, c}};
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto number = std::to_string(101 + i);
        snapshot.authorities.push_back({number, "E06000" + number, std::string("Authority ") + "ABC"[i],
                                        "E12000001", "Region", all[i].first});
        for (const auto* measure : {"completers", "trained", "supervised"})
            snapshot.numbers[i]["group"][measure] = {all[i].second, all[i].second, 0};
        snapshot.numbers[i]["group"]["dose"] = {all[i].second * 8, all[i].second * 10, 0};
    }
    return snapshot;
}

const std::vector<std::string> kOne{"practice_guide_dose_workforce"};

std::string endedIn(const BuiltTables& built, std::size_t area) {
    return valueOf(built, kOne[0], area, {0}, 0);
}

EarlierRelease asPublished(const Snapshot& snapshot, const BuiltTables& built, const RulePack& rules,
                           const guidance::Catalogue& catalogue) {
    return {snapshot, rules, kOne, built.hidden, &catalogue};
}

}  // namespace

/// Areas: England, the region, A, B, C.
TEST(BuildTables, HideInALaterReleaseWhatAnEarlierOneHid) {
    const auto catalogue = oneProgramme();
    const auto rules = pack(1, 1);
    const auto before = three(12, 3, 25);
    const auto first = buildTables(before, catalogue, rules, kOne);
    EXPECT_EQ(endedIn(first, 2), "c");  // beside the small one
    EXPECT_EQ(endedIn(first, 3), "c");
    EXPECT_EQ(endedIn(first, 4), "25");
    // C corrects its return. Had only this release been looked at, C alone might have been hidden, and A
    // shown: with A, the first release gives B away.
    const auto after = three(12, 3, 6, "c2");
    const auto alone = buildTables(after, catalogue, rules, kOne);
    EXPECT_EQ(endedIn(alone, 2), "12");
    const auto second =
        buildTables(after, catalogue, rules, kOne, {asPublished(before, first, rules, catalogue)});
    EXPECT_EQ(endedIn(second, 2), "c");
    EXPECT_EQ(endedIn(second, 3), "c");
    EXPECT_TRUE(second.disclosure.unsafe.empty());
    EXPECT_EQ(second.disclosure.earlierReleases, 1U);
}

/// Whether all that is known is that it is no smaller, or that it is no larger: either leaves too few values.
TEST(BuildTables, RefuseToHideWhatAnEarlierReleaseGaveAway) {
    const auto catalogue = oneProgramme();
    for (const auto& [small, threshold] : {std::pair(4, 2), std::pair(2, 1)}) {
        auto lax = pack(1, 1, threshold);
        lax.policy.fewest = 2;
        const auto snapshot = three(12, small, 25);
        const auto first = buildTables(snapshot, catalogue, lax, kOne);
        ASSERT_EQ(endedIn(first, 3), std::to_string(small));
        const auto strict = pack(5, 10);
        const auto second =
            buildTables(snapshot, catalogue, strict, kOne, {asPublished(snapshot, first, lax, catalogue)});
        ASSERT_FALSE(second.disclosure.unsafe.empty()) << small;
        EXPECT_NE(std::ranges::find_if(second.disclosure.unsafe,
                                       [](const std::string& one) { return one.ends_with("Authority B"); }),
                  second.disclosure.unsafe.end())
            << small;
    }
}

/// An authority that took over from two is their sum: shown, it would give away the small one of them.
TEST(BuildTables, CompareAnAuthorityWithThoseThatItTookOverFrom) {
    const auto catalogue = oneProgramme();
    const auto rules = pack(1, 1);
    const auto before = three(12, 3, 25);
    // What was public: B hidden, with C beside it, and A shown.
    EarlierRelease earlier{before, rules, kOne, {}, &catalogue};
    const auto first = buildTables(before, catalogue, rules, kOne);
    for (const auto& [code, mark] : first.hidden) {
        auto swapped = code;
        if (swapped.ends_with("Authority A")) swapped.back() = 'C';
        earlier.hidden.emplace(swapped, mark);
    }
    Snapshot after(before.quarter);
    after.authorities.push_back({"900", "E06000900", "Merged", "E12000001", "Region", "m1"});
    after.authorities.push_back(before.authorities[2]);
    after.numbers[0]["group"] = {{"completers", {15, 15, 0}},
                                 {"trained", {15, 15, 0}},
                                 {"supervised", {15, 15, 0}},
                                 {"dose", {120, 150, 0}}};
    after.numbers[1] = before.numbers.at(2);
    after.predecessors["900"] = {"101", "102"};
    const auto second = buildTables(after, catalogue, rules, kOne, {earlier});
    EXPECT_TRUE(second.disclosure.unsafe.empty());
    EXPECT_EQ(endedIn(second, 2), "c");
}

/// What stricter rules hid of a return stays hidden in a later release of the same return, by whatever rules.
TEST(BuildTables, KeepHiddenUnderLaxerRulesWhatStricterOnesHid) {
    const auto catalogue = oneProgramme();
    const auto strict = pack(1, 1, 8);
    const auto lax = pack(1, 1, 5);
    const auto snapshot = three(7, 30, 40);
    const auto first = buildTables(snapshot, catalogue, strict, kOne);
    ASSERT_EQ(endedIn(first, 2), "c");
    ASSERT_EQ(endedIn(buildTables(snapshot, catalogue, lax, kOne), 2), "7");
    const auto second =
        buildTables(snapshot, catalogue, lax, kOne, {asPublished(snapshot, first, strict, catalogue)});
    EXPECT_EQ(endedIn(second, 2), "c");
    EXPECT_TRUE(second.disclosure.unsafe.empty());
}

TEST(BuildTables, TellANumberThatRoundsToNoughtFromNought) {
    auto rules = pack(5, 20, 2);
    rules.policy.fewest = 2;
    const auto built = buildTables(three(0, 7, 0), oneProgramme(), rules, kOne);
    EXPECT_EQ(endedIn(built, 0), "k");  // 7 of England to the nearest 20
    EXPECT_EQ(endedIn(built, 2), "0");
    EXPECT_EQ(endedIn(built, 3), "5");
}

TEST(RulePack, NamesWhatIsWrongWithIt) {
    const auto faultsOf = [](const std::string& some) {
        std::vector<std::string> columns;
        try {
            rulePackOf(R"({"id": "x", "title": "X", "why": "y", "source": "z", "authority_base": 5,
                           "wide_base": 10, "hides_complements": true, "percent_decimals": 0,
                           "fewest_for_percent": 20, "fewest_for_mean": 20, )" +
                           some + "}",
                       "x.json");
        } catch (const values::Invalid& invalid) {
            for (const auto& one : invalid.problems()) columns.push_back(one.where.column);
        }
        return columns;
    };
    using Columns = std::vector<std::string>;
    EXPECT_EQ(faultsOf(R"("threshold": 0, "fewest_possible": 3, "hides_zeros": 0, "extra": 1)"),
              (Columns{"threshold", "hides_zeros", "extra"}));
    EXPECT_EQ(faultsOf(R"("threshold": 3, "fewest_possible": 3, "hides_zeros": false)"), Columns());
    EXPECT_EQ(faultsOf(R"("threshold": 3, "fewest_possible": 4, "hides_zeros": false)"),
              Columns{"fewest_possible"})
        << "more could not stay possible than are hidden";
}

TEST(RulePack, ThoseThatComeWithTheProductAreRight) {
    const auto packs = readRulePacks(PLUMBLINE_SOURCE "/schema/disclosure");
    ASSERT_EQ(packs.size(), 3U);
    EXPECT_EQ(packs.front().id, "default");
    EXPECT_EQ(packs.front().policy.threshold, 5);
    for (const auto& one : packs) EXPECT_FALSE(wordsOf(one).empty());
}
