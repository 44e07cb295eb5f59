#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace guidance {

/// A JSON schema, read once. Its library is large to compile: this is the only file that sees it.
class Schema {
public:
    /// Throws nlohmann::json::parse_error where the text is no JSON.
    explicit Schema(const std::string& text);
    ~Schema();
    Schema(const Schema&) = delete;
    Schema& operator=(const Schema&) = delete;

    struct Problem {
        std::string pointer;  ///< a JSON pointer; `/` for the whole
        std::string got;      ///< what stands there, as JSON
        std::string wanted;
    };
    /// Where a document does not fit; empty where it does.
    std::vector<Problem> problemsOf(const nlohmann::json& document) const;

private:
    struct Parsed;
    std::unique_ptr<const Parsed> parsed_;
};

}  // namespace guidance
