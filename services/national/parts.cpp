#include "national/parts.h"

#include "releases/open_data.h"

namespace national {

using platform::View;

View SymbolMeaning::view() const { return {{"symbol", symbol}, {"meaning", meaning}}; }

std::vector<SymbolMeaning> symbolMeanings() {
    std::vector<SymbolMeaning> meanings;
    for (const auto& one : releases::symbols()) meanings.push_back({one.symbol, one.meaning});
    return meanings;
}

View ExplainedLink::view() const { return {{"href", href}, {"text", text}, {"about", about}}; }

std::string inOneLine(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

entrance::Field quarterChoice(const std::vector<values::Quarter>& quarters, values::Quarter chosen) {
    std::vector<entrance::Option> options;
    for (const auto quarter : quarters)
        options.push_back({quarter.name(), quarter.name() + ", " + quarter.months()});
    return entrance::choice("quarter", "Quarter", options, chosen.name());
}

}  // namespace national
