// What a machine can do: this file never changes, and the time that its compilation takes is the unit in
// which tests/times.json keeps the time of every suite.
#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <ranges>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

namespace {

using Value = std::variant<int, double, std::string, std::vector<std::string>>;

template <int Depth>
std::string shown(const std::map<std::string, Value>& values) {
    std::ostringstream out;
    for (const auto& [name, value] : values)
        std::visit(
            [&](const auto& one) {
                if constexpr (std::is_same_v<std::decay_t<decltype(one)>, std::vector<std::string>>)
                    for (const auto& word :
                         one | std::views::filter([](const auto& w) { return !w.empty(); }))
                        out << name << word;
                else out << name << one;
            },
            value);
    if constexpr (Depth > 0) out << shown<Depth - 1>(values);
    return out.str() + std::to_string(Depth);
}

}  // namespace

int main(int count, char** words) {
    std::map<std::string, Value> values;
    for (int i = 0; i < count; ++i) values[words[i]] = std::string(words[i]);
    const std::function<std::string()> all = [&] { return shown<20>(values); };
    return static_cast<int>(all().size() % 2);
}
