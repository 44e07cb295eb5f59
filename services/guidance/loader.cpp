#include "guidance/loader.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "values/errors.h"

namespace guidance {
namespace {

using nlohmann::json;
using values::FieldProblem;

constexpr std::array kKinds{"guides", "interventions", "approaches", "checklists", "instruments"};

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
    bool isEmpty() const { return all_.empty(); }

private:
    std::vector<FieldProblem> all_;
};

std::string escaped(std::string token) {
    for (std::size_t i = 0; i < token.size(); ++i) {
        if (token[i] == '~') token.replace(i++, 1, "~0");
        else if (token[i] == '/') token.replace(i++, 1, "~1");
    }
    return token;
}

/// valijson names a place as `<root>`, `[guides]`, `[0]`, …; JSON pointer says `/guides/0`.
std::string pointerOf(const std::vector<std::string>& context) {
    std::string pointer;
    for (const auto& step : context) {
        if (step == "<root>") continue;
        pointer += "/" + escaped(step.size() > 2 ? step.substr(1, step.size() - 2) : step);
    }
    return pointer;
}

void checkShape(const Document& document, const json& content, const valijson::Schema& schema,
                Problems& problems) {
    valijson::Validator validator;
    valijson::ValidationResults results;
    const valijson::adapters::NlohmannJsonAdapter target(content);
    if (validator.validate(schema, target, &results)) return;
    valijson::ValidationResults::Error error;
    while (results.popError(error)) {
        // Every level above a fault repeats that something below it failed; the fault itself is enough.
        if (error.description.rfind("Failed to validate", 0) == 0) continue;
        const auto pointer = pointerOf(error.context);
        const json::json_pointer place(pointer);
        problems.add(document.name, pointer, content.contains(place) ? content.at(place).dump() : "",
                     error.description);
    }
    if (problems.isEmpty()) problems.add(document.name, "/", "", "Does not fit the catalogue's schema.");
}

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

Checklist checklistOf(const json& content) {
    Checklist checklist{content.at("id"), content.at("version"), {}};
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
    Guide guide{content.at("id"),        content.at("version"),        content.at("title"),
                content.at("publisher"), textAt(content, "published"), {},
                sourceOf(content)};
    for (const auto& recommendation : content.at("recommendations"))
        guide.recommendations.push_back(recommendationOf(recommendation));
    return guide;
}

/// An element of a catalogue array with the place it came from.
struct Entry {
    const Document* document;
    std::string pointer;
    const json* content;
};

std::vector<Entry> entriesOf(std::span<const Document> documents, const std::vector<json>& contents,
                             const char* kind) {
    std::vector<Entry> entries;
    for (std::size_t d = 0; d < documents.size(); ++d) {
        if (!contents[d].contains(kind)) continue;
        const auto& list = contents[d].at(kind);
        for (std::size_t i = 0; i < list.size(); ++i)
            entries.push_back(
                {&documents[d], std::string("/") + kind + "/" + std::to_string(i), &list.at(i)});
    }
    return entries;
}

/// Finds ids that are given twice: among one kind of entry, across all files.
class UniqueIds {
public:
    UniqueIds(std::string what, Problems& problems) : what_(std::move(what)), problems_(problems) {}
    void add(const Entry& entry, const std::string& id, const std::string& field = "/id") {
        if (!seen_.insert(id).second)
            problems_.add(entry.document->name, entry.pointer + field, id,
                          "Give each " + what_ + " its own id; this one is given twice.");
    }

private:
    std::string what_;
    Problems& problems_;
    std::set<std::string> seen_;
};

void checkReference(const Entry& entry, const std::string& field, const std::string& id, bool isKnown,
                    const std::string& what, Problems& problems) {
    if (!isKnown)
        problems.add(entry.document->name, entry.pointer + field, id,
                     "Name " + what + " that the catalogue holds; there is none with this id.");
}

bool isMeasure(const std::string& name, const Catalogue& catalogue, const Vocabulary& vocabulary) {
    if (!vocabulary.isRatioMeasure(name)) return false;
    const auto colon = name.find(':');
    return colon == std::string::npos || catalogue.instrument(name.substr(colon + 1)) != nullptr;
}

void checkRecommendation(const Entry& entry, const Recommendation& recommendation, const Catalogue& catalogue,
                         const Vocabulary& vocabulary, Problems& problems) {
    const auto each = [](const std::vector<std::string>& list, const char* field, const auto& check) {
        for (std::size_t i = 0; i < list.size(); ++i)
            check(std::string("/") + field + "/" + std::to_string(i), list[i]);
    };
    each(recommendation.interventions, "interventions", [&](const std::string& field, const std::string& id) {
        checkReference(entry, field, id, catalogue.intervention(id) != nullptr, "an intervention", problems);
    });
    each(recommendation.outcomes, "outcomes", [&](const std::string& field, const std::string& id) {
        checkReference(entry, field, id, vocabulary.outcomes.contains(id),
                       "an outcome of the National Framework", problems);
    });
    each(recommendation.enablers, "enablers", [&](const std::string& field, const std::string& id) {
        checkReference(entry, field, id, vocabulary.enablers.contains(id),
                       "an enabler of the National Framework", problems);
    });
    for (std::size_t i = 0; i < recommendation.standards.size(); ++i) {
        const auto& standard = recommendation.standards[i];
        if (!isMeasure(standard.measure, catalogue, vocabulary))
            problems.add(entry.document->name, entry.pointer + "/standards/" + std::to_string(i) + "/measure",
                         standard.measure,
                         "Set a standard on a measure that exists and is a share: this one is not.");
    }
}

void readGuides(std::span<const Document> documents, const std::vector<json>& contents, Catalogue& catalogue,
                const Vocabulary& vocabulary, Problems& problems) {
    UniqueIds guides("guide", problems);
    UniqueIds recommendations("recommendation", problems);
    for (const auto& entry : entriesOf(documents, contents, "guides")) {
        auto guide = guideOf(*entry.content);
        guides.add(entry, guide.id);
        for (std::size_t i = 0; i < guide.recommendations.size(); ++i) {
            const Entry inner{entry.document, entry.pointer + "/recommendations/" + std::to_string(i),
                              nullptr};
            recommendations.add(inner, guide.recommendations[i].id);
            checkRecommendation(inner, guide.recommendations[i], catalogue, vocabulary, problems);
        }
        catalogue.guides.push_back(std::move(guide));
    }
}

void readChecklists(std::span<const Document> documents, const std::vector<json>& contents,
                    Catalogue& catalogue, Problems& problems) {
    UniqueIds versions("checklist version", problems);
    for (const auto& entry : entriesOf(documents, contents, "checklists")) {
        auto checklist = checklistOf(*entry.content);
        versions.add(entry, checklist.id + " version " + std::to_string(checklist.version));
        UniqueIds items("item of a checklist", problems);
        for (std::size_t i = 0; i < checklist.items.size(); ++i)
            items.add({entry.document, entry.pointer + "/items/" + std::to_string(i), nullptr},
                      checklist.items[i].id);
        auto& slot = catalogue.checklists[checklist.id];
        slot.insert_or_assign(checklist.version, std::move(checklist));
    }
}

void readInstruments(std::span<const Document> documents, const std::vector<json>& contents,
                     Catalogue& catalogue, Problems& problems) {
    UniqueIds ids("instrument", problems);
    for (const auto& entry : entriesOf(documents, contents, "instruments")) {
        auto instrument = instrumentOf(*entry.content);
        ids.add(entry, instrument.id);
        if (instrument.least >= instrument.most)
            problems.add(entry.document->name, entry.pointer + "/max", entry.content->at("max").dump(),
                         "Give a maximum above the minimum.");
        catalogue.instruments.emplace(instrument.id, std::move(instrument));
    }
}

void readInterventions(std::span<const Document> documents, const std::vector<json>& contents,
                       Catalogue& catalogue, Problems& problems) {
    UniqueIds ids("intervention or approach", problems);
    for (const auto& entry : entriesOf(documents, contents, "interventions")) {
        auto intervention = interventionOf(*entry.content);
        ids.add(entry, intervention.id);
        checkReference(entry, "/fidelity/checklist", intervention.checklist,
                       catalogue.checklists.contains(intervention.checklist), "a checklist", problems);
        for (std::size_t i = 0; i < intervention.instruments.size(); ++i)
            checkReference(entry, "/instruments/" + std::to_string(i), intervention.instruments[i],
                           catalogue.instrument(intervention.instruments[i]) != nullptr, "an instrument",
                           problems);
        catalogue.interventions.emplace(intervention.id, std::move(intervention));
    }
    for (const auto& entry : entriesOf(documents, contents, "approaches")) {
        Approach approach{entry.content->at("id"), entry.content->at("name"), entry.content->at("evidence")};
        ids.add(entry, approach.id);
        catalogue.approaches.emplace(approach.id, std::move(approach));
    }
}

std::vector<json> parseAll(std::span<const Document> documents, const std::string& schemaText,
                           Problems& problems) {
    const json schemaDocument = json::parse(schemaText);
    valijson::Schema schema;
    valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(schemaDocument), schema);
    std::vector<json> contents;
    for (const auto& document : documents) {
        try {
            contents.push_back(json::parse(document.text));
        } catch (const json::parse_error& error) {
            problems.add(document.name, "/", "",
                         "Write valid JSON: it breaks off at byte " + std::to_string(error.byte) + ".");
            contents.emplace_back();
            continue;
        }
        checkShape(document, contents.back(), schema, problems);
    }
    return contents;
}

}  // namespace

LoadedCatalogue load(std::span<const Document> documents, const std::string& schema,
                     const Vocabulary& vocabulary) {
    Problems problems;
    const auto contents = parseAll(documents, schema, problems);
    problems.refuse();  // references mean nothing while the shape is wrong

    LoadedCatalogue loaded;
    readChecklists(documents, contents, loaded.catalogue, problems);
    readInstruments(documents, contents, loaded.catalogue, problems);
    readInterventions(documents, contents, loaded.catalogue, problems);
    readGuides(documents, contents, loaded.catalogue, vocabulary, problems);
    problems.refuse();

    json merged = json::object();
    for (const auto* kind : kKinds) {
        merged[kind] = json::array();
        for (const auto& entry : entriesOf(documents, contents, kind)) merged[kind].push_back(*entry.content);
    }
    loaded.text = merged.dump();
    return loaded;
}

}  // namespace guidance
