#pragma once

#include <functional>
#include <set>
#include <span>
#include <string>

#include "guidance/catalogue.h"

namespace guidance {

/// One catalogue file: its name for messages, and its text.
struct Document {
    std::string name;
    std::string text;
};

/// Words that a catalogue may use but does not define.
struct Vocabulary {
    /// Says whether a standard may stand on this measure; the part behind a colon is checked here.
    std::function<bool(const std::string& measure)> isRatioMeasure;
    std::set<std::string> outcomes;
    std::set<std::string> enablers;
};

struct LoadedCatalogue {
    Catalogue catalogue;
    /// All documents merged into one, with ordered keys: what the database keeps and `load` reads again.
    std::string text;
};

/// Reads and checks documents together: their JSON, their shape against the JSON Schema, ids given twice, and
/// references to what does not exist. Throws Invalid with every problem found, each at file and JSON pointer.
/// Throws std::runtime_error where the schema itself cannot be read.
LoadedCatalogue load(std::span<const Document> documents, const std::string& schema,
                     const Vocabulary& vocabulary);

}  // namespace guidance
