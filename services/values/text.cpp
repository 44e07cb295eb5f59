#include "values/text.h"

namespace values {

std::string lowered(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::string withArticle(std::string_view noun) {
    const bool isVowel =
        !noun.empty() && std::string_view("aeio").find(noun.front()) != std::string_view::npos;
    return (isVowel ? "an " : "a ") + std::string(noun);
}

}  // namespace values
