#include "delivery/naming.h"

#include <algorithm>
#include <cctype>
#include <vector>

namespace delivery {
namespace {

constexpr std::size_t kMostWords = 3;
constexpr std::size_t kLongestWord = 120;

bool isWordCharacter(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x7F || std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '/' || c == '.';
}
bool isJoint(char c) { return c == '-' || c == '_' || c == '/' || c == '.'; }

}  // namespace

std::string normalisedReference(std::string_view reference) {
    std::string out;
    for (std::size_t i = 0; i < reference.size(); ++i) {
        const auto c = static_cast<unsigned char>(reference[i]);
        if (c == 0xC2 && i + 1 < reference.size() && static_cast<unsigned char>(reference[i + 1]) == 0xA0) {
            ++i;  // a no-break space
        } else if (c > 0x7F) {
            out += reference[i];
        } else if (std::isspace(c) == 0) {
            out += static_cast<char>(std::toupper(c));
        }
    }
    return out;
}

bool isTelling(std::string_view reference) {
    const bool isNumber =
        std::ranges::all_of(reference, [](unsigned char c) { return std::isdigit(c) != 0; });
    return reference.size() >= (isNumber ? 6 : 4);
}

Names namesWhere(std::function<bool(const std::string& normalised)> isTheirs) {
    return [isTheirs = std::move(isTheirs)](std::string_view text) {
        const auto isOne = [&](std::string_view word) {
            return word.size() <= kLongestWord && isTelling(word) && isTheirs(normalisedReference(word));
        };
        const auto whole = normalisedReference(text);
        if (whole.size() <= kLongestWord && !whole.empty() && isTelling(whole) && isTheirs(whole))
            return true;
        std::vector<std::string_view> last;  // the words before, with this one
        for (std::size_t i = 0; i < text.size();) {
            if (!isWordCharacter(text[i])) {
                ++i;
                continue;
            }
            auto end = i;
            while (end < text.size() && isWordCharacter(text[end])) ++end;
            auto word = text.substr(i, end - i);
            i = end;
            while (!word.empty() && isJoint(word.back())) word.remove_suffix(1);
            while (!word.empty() && isJoint(word.front())) word.remove_prefix(1);
            if (word.empty()) continue;
            if (last.size() == kMostWords) last.erase(last.begin());
            last.push_back(word);
            for (std::size_t from = 0; from < last.size(); ++from) {
                std::string joined;
                for (auto k = from; k < last.size(); ++k) joined += last[k];
                if (isOne(joined)) return true;
            }
            for (std::size_t from = 0; from < word.size();) {
                auto to = from;
                while (to < word.size() && !isJoint(word[to])) ++to;
                if (to - from < word.size() && isOne(word.substr(from, to - from))) return true;
                from = to + 1;
            }
        }
        return false;
    };
}

}  // namespace delivery
