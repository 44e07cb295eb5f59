#pragma once

#include <set>
#include <span>
#include <string>

#include "guidance/catalogue.h"

namespace guidance {

/// One catalogue file: its name for messages, and its text.
struct Document {
    std::string name;
    std::string text;
    /// What stands in a higher layer takes the place of the same entry in a lower one.
    int layer = 0;
};

/// Words that a catalogue may use but does not define.
struct Vocabulary {
    std::set<std::string> outcomes;
    std::set<std::string> enablers;
};

struct LoadedCatalogue {
    Guidance guidance;
    /// All documents merged into one, with ordered keys: what the database keeps and `load` reads again.
    std::string text;
};

/// Reads and checks documents together: their JSON, their shape against the JSON Schema, ids given twice in
/// one layer, versions that take effect on the same day, and references to what does not exist on some day.
/// Throws Invalid with every problem found, each at file and JSON pointer. Throws std::runtime_error where
/// the schema itself cannot be read.
LoadedCatalogue load(std::span<const Document> documents, const std::string& schema,
                     const Vocabulary& vocabulary);

}  // namespace guidance
