#include "measures/figure.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "values/json.h"

namespace measures {
namespace {

using nlohmann::json;

/// Writes JSON straight into one text: figures are written by the million when England is computed.
class Text {
public:
    void parts(const Parts& parts) {
        text_ += '[';
        number(parts.proportion.numerator);
        text_ += ',';
        number(parts.proportion.denominator);
        // What only some aggregates have; trailing nothing is left away.
        const bool isPaired = parts.before != Moments{} || parts.after != Moments{};
        if (parts.value != Moments{} || isPaired || !parts.classes.empty()) {
            moments(parts.value);
            text_ += ",[";
            const char* between = "";
            for (const auto& [place, count] : parts.classes) {
                text_ += between;
                text_ += '[';
                number(place);
                text_ += ',';
                number(count);
                text_ += ']';
                between = ",";
            }
            text_ += ']';
        }
        if (isPaired) {
            moments(parts.before);
            moments(parts.after);
        }
        text_ += ']';
    }
    /// `"name":`, the name escaped where it has to be.
    void key(const std::string& name) {
        word(name);
        text_ += ':';
    }
    void word(const std::string& word) {
        const bool isPlain = std::ranges::all_of(
            word, [](unsigned char c) { return c >= ' ' && c < 0x7F && c != '"' && c != '\\'; });
        text_ += isPlain ? '"' + word + '"' : json(word).dump();
    }
    void raw(std::string_view text) { text_ += text; }
    std::string take() { return std::move(text_); }

private:
    /// The shortest text that reads back as the same number.
    template <class Number>
    void number(Number value) {
        std::array<char, 32> buffer{};
        text_.append(buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr);
    }
    void moments(const Moments& moments) {
        text_ += ",[";
        number(moments.sum);
        text_ += ',';
        number(moments.squares);
        text_ += ']';
    }

    std::string text_;
};

Moments momentsOf(const json& list) { return {list.at(0).get<double>(), list.at(1).get<double>()}; }

Parts partsOf(const json& list) {
    Parts parts;
    parts.proportion = {list.at(0).get<std::int64_t>(), list.at(1).get<std::int64_t>()};
    if (list.size() > 2) {
        parts.value = momentsOf(list.at(2));
        const auto& classes = list.at(3);
        for (const auto& entry : classes)
            parts.classes.emplace(entry.at(0).get<std::int64_t>(), entry.at(1).get<std::int64_t>());
    }
    if (list.size() > 4) {
        parts.before = momentsOf(list.at(4));
        parts.after = momentsOf(list.at(5));
    }
    return parts;
}

template <class Key, class Content>
void addAll(std::map<Key, Content>& to, const std::map<Key, Content>& from) {
    for (const auto& [key, content] : from) to[key] += content;
}

}  // namespace

Moments& Moments::operator+=(const Moments& other) {
    sum += other.sum;
    squares += other.squares;
    return *this;
}

Parts& Parts::operator+=(const Parts& other) {
    proportion += other.proportion;
    value += other.value;
    before += other.before;
    after += other.after;
    addAll(classes, other.classes);
    return *this;
}

std::optional<double> Parts::mean() const {
    if (proportion.denominator == 0) return std::nullopt;
    return value.sum / static_cast<double>(proportion.denominator);
}

std::optional<double> Parts::median(double step) const {
    std::int64_t total = 0;
    for (const auto& [place, count] : classes) total += count;
    if (total == 0) return std::nullopt;
    const auto at = [&](std::int64_t position) {
        std::int64_t seen = 0;
        for (const auto& [place, count] : classes) {
            seen += count;
            if (position < seen) return place;
        }
        return classes.rbegin()->first;
    };
    return static_cast<double>(at((total - 1) / 2) + at(total / 2)) / 2.0 * step;
}

std::optional<double> Parts::number(guidance::Aggregate aggregate, double step) const {
    switch (aggregate) {
        case guidance::Aggregate::count:
            return static_cast<double>(proportion.numerator);
        case guidance::Aggregate::ratio:
        case guidance::Aggregate::presence:
            return proportion.value();
        case guidance::Aggregate::mean:
        case guidance::Aggregate::pairedChange:
            return mean();
        case guidance::Aggregate::median:
            return median(step);
    }
    return std::nullopt;
}

Figure& Figure::operator+=(const Figure& other) {
    parts += other.parts;
    addAll(also, other.also);
    for (const auto& [breakdown, byGroup] : other.groups) addAll(groups[breakdown], byGroup);
    return *this;
}

std::string textOf(const Figures& figures) {
    Text text;
    text.raw("[");
    const char* between = "";
    for (const auto& [name, figure] : figures) {
        text.raw(between);
        between = ",";
        text.raw("{\"measure\":");
        text.word(name);
        text.raw(",\"is\":");
        text.parts(figure.parts);
        const auto list = [&](const std::map<std::string, Parts>& entries) {
            const char* comma = "";
            text.raw("{");
            for (const auto& [entry, parts] : entries) {
                text.raw(comma);
                text.key(entry);
                text.parts(parts);
                comma = ",";
            }
            text.raw("}");
        };
        if (!figure.also.empty()) {
            text.raw(",\"also\":");
            list(figure.also);
        }
        if (!figure.groups.empty()) {
            const char* comma = "";
            text.raw(",\"by\":{");
            for (const auto& [breakdown, groups] : figure.groups) {
                text.raw(comma);
                text.key(breakdown);
                list(groups);
                comma = ",";
            }
            text.raw("}");
        }
        text.raw("}");
    }
    text.raw("]");
    return text.take();
}

Figures figuresOf(std::string_view text) {
    Figures figures;
    const auto all = values::parseJson(text);
    for (const auto& one : all) {
        auto& figure = figures[one.at("measure").get<std::string>()];
        figure.parts = partsOf(one.at("is"));
        if (const auto also = one.find("also"); also != one.end())
            for (const auto& [further, parts] : also->items()) figure.also[further] = partsOf(parts);
        if (const auto by = one.find("by"); by != one.end())
            for (const auto& [breakdown, groups] : by->items())
                for (const auto& [group, parts] : groups.items())
                    figure.groups[breakdown][group] = partsOf(parts);
    }
    return figures;
}

}  // namespace measures
