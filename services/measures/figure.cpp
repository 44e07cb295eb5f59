#include "measures/figure.h"

#include <nlohmann/json.hpp>

namespace measures {
namespace {

using nlohmann::json;

/// Numerator, denominator, then what only some aggregates have; trailing nothing is left away.
json written(const Parts& parts) {
    auto list = json::array({parts.proportion.numerator, parts.proportion.denominator});
    json classes = json::array();
    for (const auto& [place, count] : parts.classes) classes.push_back({place, count});
    const bool isPaired = parts.before != Moments{} || parts.after != Moments{};
    if (parts.value != Moments{} || isPaired || !classes.empty()) {
        list.push_back({parts.value.sum, parts.value.squares});
        list.push_back(std::move(classes));
    }
    if (isPaired) {
        list.push_back({parts.before.sum, parts.before.squares});
        list.push_back({parts.after.sum, parts.after.squares});
    }
    return list;
}

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
    json all = json::array();
    for (const auto& [name, figure] : figures) {
        json one{{"measure", name}, {"is", written(figure.parts)}};
        for (const auto& [also, parts] : figure.also) one["also"][also] = written(parts);
        for (const auto& [breakdown, groups] : figure.groups)
            for (const auto& [group, parts] : groups) one["by"][breakdown][group] = written(parts);
        all.push_back(std::move(one));
    }
    return all.dump();
}

Figures figuresOf(std::string_view text) {
    Figures figures;
    const auto all = json::parse(text);
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
