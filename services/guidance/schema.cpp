#include "guidance/schema.h"

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "values/json.h"

namespace guidance {
namespace {

using nlohmann::json;

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

}  // namespace

struct Schema::Parsed {
    json document;  // the schema keeps looking into it
    valijson::Schema schema;
};

Schema::Schema(const std::string& text) {
    auto parsed = std::make_unique<Parsed>();
    parsed->document = values::parseJson(text);
    valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(parsed->document),
                                            parsed->schema);
    parsed_ = std::move(parsed);
}

Schema::~Schema() = default;

std::vector<Schema::Problem> Schema::problemsOf(const json& document) const {
    valijson::Validator validator;
    valijson::ValidationResults results;
    const valijson::adapters::NlohmannJsonAdapter target(document);
    if (validator.validate(parsed_->schema, target, &results)) return {};
    std::vector<Problem> problems;
    valijson::ValidationResults::Error error;
    while (results.popError(error)) {
        // Every level above a fault repeats that something below it failed; the fault itself is enough.
        if (error.description.rfind("Failed to validate", 0) == 0) continue;
        const auto pointer = pointerOf(error.context);
        const json::json_pointer place(pointer);
        problems.push_back(
            {pointer, document.contains(place) ? document.at(place).dump() : "", error.description});
    }
    if (problems.empty()) problems.push_back({"/", "", "Does not fit the catalogue's schema."});
    return problems;
}

}  // namespace guidance
