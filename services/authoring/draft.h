#pragma once

#include <string>
#include <vector>

#include "values/reader.h"

/// Writing guidance: the next version of a guide, drafted, checked, compared, and put in force.
namespace authoring {

/// The newest version of a guide out of a catalogue's text, to begin the next from: without its days, and
/// with a version that has to be given. Throws NotFound.
std::string nextVersionOf(const std::string& catalogue, const std::string& guide);

/// One recommendation as the form has it.
struct RecommendationForm {
    struct StandardForm {
        std::string measure;
        std::string atLeast;  ///< per cent
        std::string minimumN;
        bool isRequired = false;
        std::string reason;
    };
    std::string id;
    std::string title;
    std::string population;
    std::string strength;  ///< empty where it was not seen
    std::vector<std::string> interventions;
    std::vector<StandardForm> standards;
};

/// What the form shows of a draft.
struct GuideForm {
    std::string id;
    std::string version;
    std::string title;
    std::string published;      ///< ISO date, or empty
    std::string effectiveFrom;  ///< ISO date, or empty
    std::string changes;
    std::vector<RecommendationForm> recommendations;
};
GuideForm formOf(const std::string& content);

/// A draft with what a form says in place of what it said; everything that the form does not have stays.
/// Fields: `version title published effective_from changes`; of recommendation 0, 1, …: `r0.title`,
/// `r0.population`, `r0.strength`, `r0.remove`; of its standards `r0.s0.at_least` (per cent), `r0.s0.min_n`,
/// `r0.s0.required`, `r0.s0.reason`, `r0.s0.remove`; a further standard `r0.new.measure …`; a further
/// recommendation `new.id new.title new.population new.strength new.intervention`. Throws Invalid with every
/// problem by field.
std::string withForm(const std::string& content, const values::Fields& form);

/// A draft out of a file: one guide, as a catalogue file has it. Throws Invalid where it is not, or is
/// another guide.
std::string imported(const std::string& text, const std::string& guide);

/// The draft as a catalogue file: indented, keys in their order.
std::string exported(const std::string& content);

}  // namespace authoring
