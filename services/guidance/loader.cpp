#include "guidance/loader.h"

#include <algorithm>
#include <map>
#include <set>

#include "guidance/schema.h"
#include "values/errors.h"
#include "values/json.h"

namespace guidance {
namespace {

using nlohmann::json;
using values::FieldProblem;

constexpr std::array kKinds{"guides",       "interventions", "approaches",      "checklists",
                            "instruments",  "terms",         "judgement_areas", "inspection_frameworks",
                            "expectations", "measures"};

/// The problems of a load, each at a file and a JSON pointer.
class Problems {
public:
    void add(const std::string& file, const std::string& pointer, std::string got, std::string wanted) {
        constexpr std::size_t kLongest = 80;
        if (got.size() > kLongest) got = got.substr(0, kLongest) + "…";
        all_.push_back({{file, 0, pointer.empty() ? "/" : pointer}, std::move(got), std::move(wanted)});
    }
    void refuse() {
        if (!all_.empty()) throw values::Invalid(std::move(all_));
    }

private:
    std::vector<FieldProblem> all_;
};

std::string textAt(const json& object, const char* key) {
    const auto found = object.find(key);
    return found == object.end() || !found->is_string() ? "" : found->get<std::string>();
}

std::vector<std::string> textsAt(const json& object, const char* key) {
    return object.contains(key) ? object.at(key).get<std::vector<std::string>>() : std::vector<std::string>{};
}

Basis basisOf(const std::string& name) {
    if (name == "guide") return Basis::guide;
    if (name == "programme") return Basis::programme;
    if (name == "literature") return Basis::literature;
    return Basis::local;
}

std::optional<Source> sourceOf(const json& object) {
    if (!object.contains("source")) return std::nullopt;
    const auto& source = object.at("source");
    return Source{textAt(source, "title"), source.value("confirmed", false),
                  values::Date::fromIso(textAt(source, "checked_on"))};
}

std::optional<values::Date> dateAt(const json& object, const char* key) {
    return values::Date::fromIso(textAt(object, key));
}

Validity validityOf(const json& object) {
    return {dateAt(object, "effective_from"), dateAt(object, "withdrawn_on")};
}

Checklist checklistOf(const json& content) {
    Checklist checklist{content.at("id"), content.at("version"), {}, dateAt(content, "effective_from")};
    for (const auto& item : content.at("items"))
        checklist.items.push_back(
            {item.at("id"), item.at("text"), item.at("dimension"), item.at("max"), item.at("required")});
    return checklist;
}

Instrument instrumentOf(const json& content) {
    Instrument instrument;
    instrument.id = content.at("id");
    instrument.name = content.at("name");
    instrument.least = content.at("min");
    instrument.most = content.at("max");
    instrument.isLowerBetter = content.at("better") == "lower";
    instrument.standardDeviation = content.at("sd");
    instrument.reliability = content.at("reliability");
    if (content.contains("cut_off") && !content.at("cut_off").is_null())
        instrument.cutOff = content.at("cut_off").get<double>();
    instrument.basis = basisOf(textAt(content, "basis"));
    return instrument;
}

Intervention interventionOf(const json& content) {
    Intervention intervention;
    intervention.id = content.at("id");
    intervention.version = textAt(content, "version");
    intervention.validity = validityOf(content);
    intervention.name = content.at("name");
    intervention.coreComponents = textsAt(content, "core_components");
    intervention.expectedSessions = content.at("dose").at("expected_sessions");
    intervention.minimumShare = content.at("dose").at("minimum_share");
    intervention.startWithinDays = content.at("start_within_days");
    intervention.supervisionWithinDays = content.at("supervision_within_days");
    intervention.checklist = content.at("fidelity").at("checklist");
    intervention.fidelityThreshold = content.at("fidelity").at("threshold");
    intervention.instruments = textsAt(content, "instruments");
    intervention.doseBasis = basisOf(textAt(content.at("dose"), "basis"));
    intervention.source = sourceOf(content);
    if (content.contains("parameters"))
        intervention.parameters = content.at("parameters").get<std::map<std::string, double>>();
    return intervention;
}

Recommendation recommendationOf(const json& content) {
    Recommendation recommendation;
    recommendation.id = content.at("id");
    recommendation.title = content.at("title");
    recommendation.strength = textAt(content, "strength");
    recommendation.isConfirmed = content.at("confirmed");
    recommendation.population = textAt(content, "population");
    recommendation.outcomes = textsAt(content, "outcomes");
    recommendation.enablers = textsAt(content, "enablers");
    recommendation.interventions = textsAt(content, "interventions");
    for (const auto& standard : content.at("standards"))
        recommendation.standards.push_back({standard.at("measure"), standard.at("at_least"),
                                            standard.at("required"), standard.at("min_n"),
                                            basisOf(standard.at("basis")), textAt(standard, "reason")});
    recommendation.source = sourceOf(content);
    return recommendation;
}

Guide guideOf(const json& content) {
    Guide guide{content.at("id"),
                content.at("version"),
                content.at("title"),
                content.at("publisher"),
                textAt(content, "published"),
                validityOf(content),
                textAt(content, "changes"),
                {},
                sourceOf(content),
                {},
                {}};
    if (content.contains("evidence_gaps"))
        for (const auto& gap : content.at("evidence_gaps"))
            guide.gaps.push_back({gap.at("id"), gap.at("text"), sourceOf(gap)});
    if (content.contains("key_principles"))
        for (const auto& principle : content.at("key_principles"))
            guide.principles.push_back({principle.at("id"), principle.at("text"), sourceOf(principle)});
    for (const auto& recommendation : content.at("recommendations"))
        guide.recommendations.push_back(recommendationOf(recommendation));
    return guide;
}

Aggregate aggregateOf(const std::string& name) {
    for (const auto aggregate :
         {Aggregate::count, Aggregate::ratio, Aggregate::mean, Aggregate::median, Aggregate::pairedChange})
        if (aggregateName(aggregate) == name) return aggregate;
    return Aggregate::presence;
}

Direction directionOf(const std::string& name) {
    if (name == "higher") return Direction::higher;
    return name == "lower" ? Direction::lower : Direction::none;
}

/// An element of a catalogue array with the place it came from.
struct Entry {
    const Document* document;
    std::string pointer;
    const json* content;

    std::string id() const { return content->at("id").get<std::string>(); }
    /// What no other entry of its kind may share: its id, and its version where it has one.
    std::string key() const {
        const auto version = content->find("version");
        return version == content->end() ? id() : id() + " version " + asText(*version);
    }

private:
    static std::string asText(const json& value) {
        return value.is_string() ? value.get<std::string>() : value.dump();
    }
};

/// All entries by kind, the layers laid over one another: an entry stands where the lowest layer put it.
using Entries = std::map<std::string, std::vector<Entry>>;

Entries entriesOf(std::span<const Document> documents, const std::vector<json>& contents,
                  Problems& problems) {
    Entries entries;
    for (const std::string kind : kKinds) {
        auto& list = entries[kind];
        std::map<std::string, std::size_t> places;
        for (std::size_t d = 0; d < documents.size(); ++d) {
            if (!contents[d].contains(kind)) continue;
            const auto& found = contents[d].at(kind);
            for (std::size_t i = 0; i < found.size(); ++i) {
                const Entry entry{&documents[d], "/" + kind + "/" + std::to_string(i), &found.at(i)};
                const auto [place, isNew] = places.emplace(entry.key(), list.size());
                if (isNew) {
                    list.push_back(entry);
                } else if (list[place->second].document->layer < entry.document->layer) {
                    list[place->second] = entry;
                } else {
                    problems.add(entry.document->name, entry.pointer + "/id", entry.key(),
                                 "Give each of the " + kind + " its own id; this one is given twice.");
                }
            }
        }
    }
    return entries;
}

/// Two versions that take effect on the same day leave it open which of them counts.
template <class Item>
void checkVersions(const std::vector<Item>& items, const std::vector<Entry>& entries, Problems& problems) {
    for (std::size_t i = 0; i < items.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (items[i].id == items[j].id && items[i].validity.from == items[j].validity.from)
                problems.add(entries[i].document->name, entries[i].pointer + "/effective_from", items[i].id,
                             "Say from which day this version counts: version \"" + items[j].version +
                                 "\" counts from the same day.");
}

template <class Item, class Read>
std::vector<Item> readVersions(const std::vector<Entry>& entries, const Read& read, Problems& problems) {
    std::vector<Item> items;
    items.reserve(entries.size());
    for (const auto& entry : entries) items.push_back(read(*entry.content));
    checkVersions(items, entries, problems);
    return items;
}

void readChecklists(const std::vector<Entry>& entries, Catalogue& catalogue, Problems& problems) {
    for (const auto& entry : entries) {
        auto checklist = checklistOf(*entry.content);
        std::set<std::string> seen;
        for (std::size_t i = 0; i < checklist.items.size(); ++i)
            if (!seen.insert(checklist.items[i].id).second)
                problems.add(entry.document->name, entry.pointer + "/items/" + std::to_string(i) + "/id",
                             checklist.items[i].id,
                             "Give each item of a checklist its own id; this one is given twice.");
        auto& slot = catalogue.checklists[checklist.id];
        slot.insert_or_assign(checklist.version, std::move(checklist));
    }
}

void readInstruments(const std::vector<Entry>& entries, Catalogue& catalogue, Problems& problems) {
    for (const auto& entry : entries) {
        auto instrument = instrumentOf(*entry.content);
        if (instrument.least >= instrument.most)
            problems.add(entry.document->name, entry.pointer + "/max", entry.content->at("max").dump(),
                         "Give a maximum above the minimum.");
        catalogue.instruments.emplace(instrument.id, std::move(instrument));
    }
}

Measure measureOf(const Entry& entry) {
    const auto& content = *entry.content;
    Measure measure;
    measure.id = content.at("id");
    measure.version = textAt(content, "version");
    measure.validity = validityOf(content);
    measure.title = content.at("title");
    measure.explanation = content.at("explanation");
    measure.why = content.at("why");
    measure.unit = content.at("unit");
    measure.aggregate = aggregateOf(content.at("aggregate"));
    measure.step = content.value("step", 1.0);
    measure.direction = directionOf(content.at("direction"));
    measure.decimals = content.value("decimals", 0);
    measure.minimumN = content.value("min_n", measure.aggregate == Aggregate::median ? 5 : 10);
    const auto shown = content.value("shown", "results");
    measure.shown = shown == "profile"   ? Shown::profile
                    : shown == "quality" ? Shown::quality
                    : shown == "england" ? Shown::england
                                         : Shown::results;
    if (content.contains("quality")) {
        const auto& rule = content.at("quality");
        measure.quality = {rule.at("severity"), rule.at("message"), textsAt(rule, "fields"),
                           rule.at("passing").dump(), rule.at("failing").dump()};
    }
    measure.isForEachInstrument = content.contains("for_each");
    measure.interventions = textsAt(content, "interventions");
    if (content.contains("also"))
        for (const auto& also : content.at("also"))
            measure.also.push_back({also.at("name"), also.at("title"), aggregateOf(also.at("aggregate")),
                                    also.value("step", 1.0)});
    measure.breakdowns = textsAt(content, "breakdowns");
    measure.author = content.at("author");
    measure.checker = content.at("checker");
    measure.reviewedOn = dateAt(content, "reviewed_on");
    measure.nextReviewOn = dateAt(content, "next_review_on");
    measure.definition = content.dump();
    measure.file = entry.document->name;
    measure.pointer = entry.pointer;
    return measure;
}

void readExpectations(const Entries& entries, Catalogue& catalogue) {
    for (const auto& entry : entries.at("judgement_areas")) {
        const auto& content = *entry.content;
        catalogue.areas.push_back({content.at("id"), content.at("code"), content.at("name")});
    }
    for (const auto& entry : entries.at("inspection_frameworks")) {
        const auto& content = *entry.content;
        catalogue.frameworks.push_back({content.at("id"),
                                        content.at("name"),
                                        {dateAt(content, "in_use_from"), dateAt(content, "replaced_on")},
                                        content.at("has_overall"),
                                        textsAt(content, "areas"),
                                        sourceOf(content)});
    }
    std::ranges::stable_sort(catalogue.frameworks, {},
                             [](const InspectionFramework& one) { return one.validity.from; });
    for (const auto& entry : entries.at("expectations")) {
        const auto& content = *entry.content;
        catalogue.expectations.push_back(
            {content.at("id"), content.at("code"), content.at("area"), content.at("statement"),
             textsAt(content, "outcomes"), textsAt(content, "enablers"), textsAt(content, "recommendations"),
             textsAt(content, "measures"), textsAt(content, "speaks"), textsAt(content, "quality"),
             textAt(content, "silent"), sourceOf(content)});
    }
}

void readUnversioned(const Entries& entries, Catalogue& catalogue, Problems& problems) {
    readChecklists(entries.at("checklists"), catalogue, problems);
    readInstruments(entries.at("instruments"), catalogue, problems);
    readExpectations(entries, catalogue);
    for (const auto& entry : entries.at("approaches")) {
        const auto& content = *entry.content;
        catalogue.approaches.emplace(entry.id(),
                                     Approach{content.at("id"), content.at("name"), content.at("evidence")});
    }
    for (const auto& entry : entries.at("terms"))
        catalogue.terms.emplace(entry.id(), Term{entry.id(), textAt(*entry.content, "title"),
                                                 entry.content->dump(), entry.document->name, entry.pointer});
}

Guidance readGuidance(const Entries& entries, Problems& problems) {
    Guidance guidance;
    readUnversioned(entries, guidance.unversioned, problems);
    guidance.guides = readVersions<Guide>(entries.at("guides"), guideOf, problems);
    guidance.interventions =
        readVersions<Intervention>(entries.at("interventions"), interventionOf, problems);
    for (const auto& entry : entries.at("interventions"))
        if (guidance.unversioned.approaches.contains(entry.id()))
            problems.add(entry.document->name, entry.pointer + "/id", entry.id(),
                         "Give each intervention or approach its own id; this one is given twice.");
    for (const auto& entry : entries.at("measures")) guidance.measures.push_back(measureOf(entry));
    checkVersions(guidance.measures, entries.at("measures"), problems);
    return guidance;
}

/// Whether everything that entries name is there on the days on which they are in force.
class References {
public:
    References(const Entries& entries, const Vocabulary& vocabulary, Problems& problems)
        : entries_(entries), vocabulary_(vocabulary), problems_(problems) {}

    void check(const Catalogue& catalogue) {
        for (const auto& guide : catalogue.guides) checkGuide(guide, catalogue);
        for (const auto& [id, intervention] : catalogue.interventions)
            checkIntervention(intervention, catalogue);
        for (const auto& measure : catalogue.measures)
            each(measure.interventions, "/interventions", [&](const auto& field, const auto& id) {
                reference(measure.file, measure.pointer + field, id, knows(id), "an intervention");
            });
    }

    /// What expectations name must be in some version of the guidance; what is not in force has nothing to
    /// show.
    void checkExpectations(const Guidance& guidance) {
        const auto& areas = guidance.unversioned.areas;
        const auto knowsArea = [&](const std::string& id) {
            return std::ranges::find(areas, id, &JudgementArea::id) != areas.end();
        };
        for (std::size_t i = 0; i < guidance.unversioned.frameworks.size(); ++i) {
            const auto& entry = entries_.at("inspection_frameworks")[i];
            each(textsAt(*entry.content, "areas"), "/areas", [&](const auto& field, const auto& id) {
                reference(entry.document->name, entry.pointer + field, id, knowsArea(id), "a judgement area");
            });
        }
        for (std::size_t i = 0; i < guidance.unversioned.expectations.size(); ++i)
            checkExpectation(entries_.at("expectations")[i], guidance.unversioned.expectations[i], guidance,
                             knowsArea);
    }

private:
    void checkExpectation(const Entry& entry, const Expectation& expectation, const Guidance& guidance,
                          const auto& knowsArea) {
        const auto& file = entry.document->name;
        const auto check = [&](const std::vector<std::string>& list, const char* field, const auto& isKnown,
                               const char* what) {
            each(list, field, [&](const auto& place, const auto& id) {
                reference(file, entry.pointer + place, id, isKnown(id), what);
            });
        };
        const auto isMeasure = [&](const std::string& id) {
            return std::ranges::find(guidance.measures, id, &Measure::id) != guidance.measures.end();
        };
        const auto isRecommendation = [&](const std::string& id) {
            return std::ranges::any_of(guidance.guides, [&](const Guide& guide) {
                return std::ranges::find(guide.recommendations, id, &Recommendation::id) !=
                       guide.recommendations.end();
            });
        };
        reference(file, entry.pointer + "/area", expectation.area, knowsArea(expectation.area),
                  "a judgement area");
        check(
            expectation.outcomes, "/outcomes",
            [&](const auto& id) { return vocabulary_.outcomes.contains(id); },
            "an outcome of the National Framework");
        check(
            expectation.enablers, "/enablers",
            [&](const auto& id) { return vocabulary_.enablers.contains(id); },
            "an enabler of the National Framework");
        check(expectation.recommendations, "/recommendations", isRecommendation, "a recommendation");
        check(expectation.measures, "/measures", isMeasure, "a measure");
        check(expectation.quality, "/quality", isMeasure, "a rule about the quality of data");
        if (expectation.isSilent() == expectation.silent.empty())
            problems_.add(file, entry.pointer + "/silent", expectation.silent,
                          "Say why delivery has nothing to say, just where nothing else is named.");
    }

    /// Once for each place, though several days have the same fault.
    void reference(const std::string& file, const std::string& pointer, const std::string& id, bool isKnown,
                   const std::string& what) {
        if (!isKnown && seen_.insert(file + pointer).second)
            problems_.add(file, pointer, id,
                          "Name " + what + " that the catalogue holds; there is none with this id.");
    }

    static void each(const std::vector<std::string>& list, const std::string& field, const auto& check) {
        for (std::size_t i = 0; i < list.size(); ++i) check(field + "/" + std::to_string(i), list[i]);
    }

    bool knows(const std::string& intervention) const {
        return std::ranges::any_of(entries_.at("interventions"),
                                   [&](const Entry& entry) { return entry.id() == intervention; });
    }

    template <class Item>
    const Entry& entryOf(const char* kind, const Item& item) const {
        return *std::ranges::find_if(entries_.at(kind), [&](const Entry& entry) {
            return entry.id() == item.id && textAt(*entry.content, "version") == item.version;
        });
    }

    void checkGuide(const Guide& guide, const Catalogue& catalogue) {
        const auto& entry = entryOf("guides", guide);
        const auto& file = entry.document->name;
        for (std::size_t r = 0; r < guide.recommendations.size(); ++r) {
            const auto& recommendation = guide.recommendations[r];
            const auto pointer = entry.pointer + "/recommendations/" + std::to_string(r);
            if (!inOneGuide(recommendation.id, catalogue) && seen_.insert(file + pointer).second)
                problems_.add(file, pointer + "/id", recommendation.id,
                              "Give each recommendation its own id; this one is given twice.");
            each(recommendation.interventions, "/interventions", [&](const auto& field, const auto& id) {
                reference(file, pointer + field, id, catalogue.intervention(id) != nullptr,
                          "an intervention");
            });
            each(recommendation.outcomes, "/outcomes", [&](const auto& field, const auto& id) {
                reference(file, pointer + field, id, vocabulary_.outcomes.contains(id),
                          "an outcome of the National Framework");
            });
            each(recommendation.enablers, "/enablers", [&](const auto& field, const auto& id) {
                reference(file, pointer + field, id, vocabulary_.enablers.contains(id),
                          "an enabler of the National Framework");
            });
            for (std::size_t i = 0; i < recommendation.standards.size(); ++i)
                checkStandard(file, pointer + "/standards/" + std::to_string(i) + "/measure",
                              recommendation.standards[i].measure, catalogue);
        }
    }

    static bool inOneGuide(const std::string& recommendation, const Catalogue& catalogue) {
        std::ptrdiff_t found = 0;
        for (const auto& guide : catalogue.guides)
            found += std::ranges::count(guide.recommendations, recommendation, &Recommendation::id);
        return found == 1;
    }

    void checkStandard(const std::string& file, const std::string& pointer, const std::string& name,
                       const Catalogue& catalogue) {
        const auto* measure = catalogue.measure(name);
        if ((measure == nullptr || !measure->isShare()) && seen_.insert(file + pointer).second)
            problems_.add(file, pointer, name,
                          "Set a standard on a measure that exists and is a share: this one is not.");
    }

    void checkIntervention(const Intervention& intervention, const Catalogue& catalogue) {
        const auto& entry = entryOf("interventions", intervention);
        const auto& file = entry.document->name;
        reference(file, entry.pointer + "/fidelity/checklist", intervention.checklist,
                  catalogue.checklists.contains(intervention.checklist), "a checklist");
        each(intervention.instruments, "/instruments", [&](const auto& field, const auto& id) {
            reference(file, entry.pointer + field, id, catalogue.instrument(id) != nullptr, "an instrument");
        });
    }

    const Entries& entries_;
    const Vocabulary& vocabulary_;
    Problems& problems_;
    std::set<std::string> seen_;
};

std::vector<json> parseAll(std::span<const Document> documents, const std::string& schemaText,
                           Problems& problems) {
    const Schema schema(schemaText);
    std::vector<json> contents;
    for (const auto& document : documents) {
        try {
            contents.push_back(values::parseJson(document.text));
        } catch (const json::parse_error& error) {
            problems.add(document.name, "/", "",
                         "Write valid JSON: it breaks off at byte " + std::to_string(error.byte) + ".");
            contents.emplace_back();
            continue;
        }
        for (auto& problem : schema.problemsOf(contents.back()))
            problems.add(document.name, problem.pointer, std::move(problem.got), std::move(problem.wanted));
    }
    return contents;
}

}  // namespace

LoadedCatalogue load(std::span<const Document> documents, const std::string& schema,
                     const Vocabulary& vocabulary) {
    Problems problems;
    const auto contents = parseAll(documents, schema, problems);
    problems.refuse();  // references mean nothing while the shape is wrong

    const auto entries = entriesOf(documents, contents, problems);
    problems.refuse();
    LoadedCatalogue loaded;
    loaded.guidance = readGuidance(entries, problems);
    References references(entries, vocabulary, problems);
    references.check(loaded.guidance.on(values::Date(1900, 1, 1)));
    for (const auto day : loaded.guidance.changes()) references.check(loaded.guidance.on(day));
    references.checkExpectations(loaded.guidance);
    problems.refuse();

    json merged = json::object();
    for (const auto& [kind, list] : entries) {
        merged[kind] = json::array();
        for (const auto& entry : list) merged[kind].push_back(*entry.content);
    }
    loaded.text = merged.dump();
    return loaded;
}

}  // namespace guidance
