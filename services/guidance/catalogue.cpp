#include "guidance/catalogue.h"

#include <cmath>

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
}  // namespace

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

std::string Catalogue::nameOf(const std::string& interventionOrApproach) const {
    if (const auto* found = intervention(interventionOrApproach)) return found->name;
    if (const auto* found = find(approaches, interventionOrApproach)) return found->name;
    return interventionOrApproach;
}

}  // namespace guidance
