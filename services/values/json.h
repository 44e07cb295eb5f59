#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

// The JSON library with its largest templates compiled once, in json.cpp, for all who include this in its
// place. Compiling them anew in every file was a third of the build's time.

extern template class nlohmann::basic_json<>;
extern template class nlohmann::basic_json<nlohmann::ordered_map>;

namespace values {

/// What a text holds. Throws nlohmann::json::parse_error where it is no JSON.
nlohmann::json parseJson(std::string_view text);
/// The same, with members in the order of the text.
nlohmann::ordered_json parseOrderedJson(std::string_view text);
/// The same, but a discarded value where it is no JSON.
nlohmann::json tryParseJson(std::string_view text);
nlohmann::ordered_json tryParseOrderedJson(std::string_view text);

}  // namespace values
