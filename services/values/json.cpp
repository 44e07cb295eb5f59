#include "values/json.h"

template class nlohmann::basic_json<>;
template class nlohmann::basic_json<nlohmann::ordered_map>;

namespace values {

nlohmann::json parseJson(std::string_view text) { return nlohmann::json::parse(text); }
nlohmann::ordered_json parseOrderedJson(std::string_view text) { return nlohmann::ordered_json::parse(text); }
nlohmann::json tryParseJson(std::string_view text) { return nlohmann::json::parse(text, nullptr, false); }
nlohmann::ordered_json tryParseOrderedJson(std::string_view text) {
    return nlohmann::ordered_json::parse(text, nullptr, false);
}

}  // namespace values
