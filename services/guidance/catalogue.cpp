#include "guidance/catalogue.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

namespace guidance {

std::string basisName(Basis basis) {
    switch (basis) {
        case Basis::guide:
            return "guide";
        case Basis::programme:
            return "programme";
        case Basis::literature:
            return "literature";
        case Basis::local:
            return "local";
    }
    return "local";
}

std::string aggregateName(Aggregate aggregate) {
    switch (aggregate) {
        case Aggregate::count:
            return "count";
        case Aggregate::ratio:
            return "ratio";
        case Aggregate::mean:
            return "mean";
        case Aggregate::median:
            return "median";
        case Aggregate::pairedChange:
            return "paired_change";
        case Aggregate::presence:
            return "presence";
    }
    return "";
}

int Intervention::completerSessions() const {
    // 0.8 of 30 is 24, though 0.8 * 30 in binary is a little more.
    return static_cast<int>(std::ceil(minimumShare * expectedSessions - 1e-9));
}

namespace {
template <class Map>
const typename Map::mapped_type* find(const Map& map, const typename Map::key_type& key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
}

/// Of the versions of one id, the one in force on the day: that which took effect last.
template <class Entry>
const Entry* inForce(const std::vector<Entry>& all, const std::string& id, values::Date day) {
    const Entry* found = nullptr;
    for (const auto& entry : all)
        if (entry.id == id && entry.validity.holds(day) &&
            (found == nullptr || !(entry.validity.from < found->validity.from)))
            found = &entry;
    return found;
}

/// Whether this is the entry that a choice gives for its id.
template <class Entry, class Choose>
void keepChosen(const std::vector<Entry>& all, const Choose& choose, const auto& keep) {
    for (const auto& entry : all)
        if (choose(all, entry) == &entry) keep(entry);
}

template <class Choose>
Catalogue chosenFrom(const Guidance& guidance, const Choose& choose) {
    auto catalogue = guidance.unversioned;
    keepChosen(guidance.guides, choose, [&](const Guide& guide) { catalogue.guides.push_back(guide); });
    keepChosen(guidance.interventions, choose,
               [&](const Intervention& one) { catalogue.interventions.emplace(one.id, one); });
    keepChosen(guidance.measures, choose, [&](const Measure& one) { catalogue.measures.push_back(one); });
    return catalogue;
}
}  // namespace

const InspectionFramework* Catalogue::frameworkOn(values::Date day) const {
    const InspectionFramework* found = nullptr;
    for (const auto& one : frameworks)
        if (one.validity.holds(day)) found = &one;
    return found;
}

const Guide* Catalogue::guide(const std::string& id) const {
    const auto found = std::ranges::find(guides, id, &Guide::id);
    return found == guides.end() ? nullptr : &*found;
}

const Measure* Catalogue::measure(const std::string& name) const {
    const auto id = name.substr(0, name.find(':'));
    const auto found = std::ranges::find(measures, id, &Measure::id);
    if (found == measures.end()) return nullptr;
    const auto ofInstrument = instrumentOf(name);
    if (found->isForEachInstrument != (instrument(ofInstrument) != nullptr)) return nullptr;
    if (!found->isForEachInstrument && name != id) return nullptr;
    return &*found;
}

std::string Catalogue::measureTitle(const std::string& name) const {
    const auto* known = measure(name);
    if (known == nullptr) return name;
    const auto* ofInstrument = instrument(instrumentOf(name));
    return ofInstrument == nullptr ? known->title : known->title + ", " + ofInstrument->name;
}

const Intervention* Catalogue::intervention(const std::string& id) const { return find(interventions, id); }

const Instrument* Catalogue::instrument(const std::string& id) const { return find(instruments, id); }

const Checklist* Catalogue::checklist(const std::string& id, int version) const {
    const auto* versions = find(checklists, id);
    return versions == nullptr ? nullptr : find(*versions, version);
}

const Checklist* Catalogue::latestChecklist(const std::string& id) const {
    const auto* versions = find(checklists, id);
    return versions == nullptr || versions->empty() ? nullptr : &versions->rbegin()->second;
}

const Checklist* Catalogue::checklistOn(const std::string& id, values::Date day) const {
    const auto* versions = find(checklists, id);
    if (versions == nullptr) return nullptr;
    const Checklist* newest = nullptr;
    for (const auto& [version, checklist] : *versions)
        if (!checklist.from || *checklist.from <= day) newest = &checklist;
    return newest;
}

bool Catalogue::holdsStatement(const std::string& id) const {
    return std::ranges::any_of(guides, [&](const Guide& one) {
        return std::ranges::find(one.recommendations, id, &Recommendation::id) != one.recommendations.end() ||
               std::ranges::find(one.principles, id, &Principle::id) != one.principles.end();
    });
}

std::string Catalogue::statementTitle(const std::string& id) const {
    for (const auto& one : guides) {
        for (const auto& recommendation : one.recommendations)
            if (recommendation.id == id) return recommendation.title;
        for (const auto& principle : one.principles)
            if (principle.id == id) return principle.text;
    }
    return id;
}

std::string Catalogue::nameOf(const std::string& interventionOrApproach) const {
    if (const auto* found = intervention(interventionOrApproach)) return found->name;
    if (const auto* found = find(approaches, interventionOrApproach)) return found->name;
    return interventionOrApproach;
}

Catalogue Guidance::on(values::Date day) const {
    return chosenFrom(*this, [&](const auto& all, const auto& entry) { return inForce(all, entry.id, day); });
}

Catalogue Guidance::on(values::Date day, const std::string& guide, const std::string& version) const {
    const auto wanted = std::ranges::find_if(
        guides, [&](const Guide& one) { return one.id == guide && one.version == version; });
    if (wanted == guides.end()) throw std::out_of_range("no version " + version + " of the guide " + guide);
    // What the version brings with it counts from the day it takes effect, so the later of the days decides.
    auto catalogue = on(wanted->validity.from && *wanted->validity.from > day ? *wanted->validity.from : day);
    const auto place = std::ranges::find(catalogue.guides, guide, &Guide::id);
    if (place == catalogue.guides.end()) catalogue.guides.push_back(*wanted);
    else *place = *wanted;
    return catalogue;
}

Catalogue Guidance::latest() const {
    return chosenFrom(*this, [](const auto& all, const auto& entry) {
        auto newest = &entry;
        for (const auto& other : all)
            if (other.id == entry.id && newest->validity.from < other.validity.from) newest = &other;
        return newest;
    });
}

std::vector<values::Date> Guidance::changes() const {
    std::set<values::Date> days;
    const auto note = [&](const auto& all) {
        for (const auto& entry : all) {
            if (entry.validity.from) days.insert(*entry.validity.from);
            if (entry.validity.until) days.insert(*entry.validity.until);
        }
    };
    note(guides);
    note(interventions);
    note(measures);
    return {days.begin(), days.end()};
}

std::vector<const Guide*> Guidance::versionsOf(const std::string& guide) const {
    std::vector<const Guide*> versions;
    for (const auto& one : guides)
        if (one.id == guide) versions.push_back(&one);
    std::ranges::stable_sort(
        versions, [](const Guide* a, const Guide* b) { return a->validity.from < b->validity.from; });
    return versions;
}

std::string instrumentOf(const std::string& measure) {
    const auto colon = measure.find(':');
    return colon == std::string::npos ? "" : measure.substr(colon + 1);
}

}  // namespace guidance
