#include "releases/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "platform/text_file.h"
#include "values/errors.h"
#include "values/json.h"

namespace releases {
namespace {

using nlohmann::json;

/// Reads one entry after another and gathers what is wrong.
class PackReader {
public:
    PackReader(const json& content, std::string file) : content_(content), file_(std::move(file)) {}

    std::string text(const char* name) {
        known_.emplace_back(name);
        const auto found = content_.find(name);
        if (found != content_.end() && found->is_string() && !found->get<std::string>().empty())
            return *found;
        fault(name, "Give a text.");
        return "";
    }
    bool yes(const char* name) {
        known_.emplace_back(name);
        const auto found = content_.find(name);
        if (found != content_.end() && found->is_boolean()) return *found;
        fault(name, "Give true or false.");
        return false;
    }
    std::int64_t whole(const char* name, std::int64_t least, std::int64_t most) {
        known_.emplace_back(name);
        const auto found = content_.find(name);
        if (found != content_.end() && found->is_number_integer() && *found >= least && *found <= most)
            return *found;
        fault(name, fmt::format("Give a whole number from {} to {}.", least, most));
        return least;
    }
    void refuseProblems() {
        for (const auto& [name, value] : content_.items())
            if (std::ranges::find(known_, name) == known_.end())
                problems_.push_back({{file_, 0, name}, value.dump(), "There is no such rule: take it away."});
        if (!problems_.empty()) throw values::Invalid(std::move(problems_));
    }

private:
    void fault(const char* name, std::string rule) {
        problems_.push_back({{file_, 0, name},
                             content_.contains(name) ? content_.at(name).dump() : "nothing",
                             std::move(rule)});
    }
    const json& content_;
    std::string file_;
    std::vector<std::string> known_;
    std::vector<values::FieldProblem> problems_;
};

}  // namespace

RulePack rulePackOf(const std::string& text, const std::string& file) {
    const auto content = values::tryParseJson(text);
    if (!content.is_object())
        throw values::Invalid({{{file, 0, ""}, text.substr(0, 40), "Give one JSON object of rules."}});
    PackReader reader(content, file);
    RulePack pack;
    pack.id = reader.text("id");
    pack.title = reader.text("title");
    pack.why = reader.text("why");
    pack.source = reader.text("source");
    pack.policy.threshold = reader.whole("threshold", 1, 100);
    pack.policy.fewest = reader.whole("fewest_possible", 2, 100);
    pack.policy.localBase = reader.whole("authority_base", 1, 100);
    pack.policy.wideBase = reader.whole("wide_base", 1, 100);
    pack.policy.hidesZeros = reader.yes("hides_zeros");
    pack.hidesComplements = reader.yes("hides_complements");
    pack.percentDecimals = static_cast<int>(reader.whole("percent_decimals", 0, 2));
    pack.fewestForPercent = reader.whole("fewest_for_percent", 10, 1000);
    pack.fewestForMean = reader.whole("fewest_for_mean", 10, 1000);
    reader.refuseProblems();
    if (pack.policy.fewest > pack.policy.threshold)
        throw values::Invalid({{{file, 0, "fewest_possible"},
                                std::to_string(pack.policy.fewest),
                                "No more values can stay possible than the threshold allows."}});
    pack.text = text;
    return pack;
}

std::vector<RulePack> readRulePacks(const std::string& folder) {
    std::vector<RulePack> packs;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".json")
            packs.push_back(rulePackOf(platform::fileText(entry.path().string()), entry.path().filename()));
    std::ranges::sort(packs, {},
                      [](const RulePack& pack) { return std::pair(pack.id != "default", pack.id); });
    return packs;
}

std::vector<std::string> wordsOf(const RulePack& pack) {
    const auto& policy = pack.policy;
    const auto rounded = [](const char* what, std::int64_t base) {
        return base == 1 ? fmt::format("Counts of {} are exact.", what)
                         : fmt::format("Counts of {} are rounded to the nearest {}.", what, base);
    };
    std::vector<std::string> words{
        fmt::format("Counts from {} to {} are hidden (c).", policy.leastSmall(), policy.threshold),
        policy.hidesZeros ? "A count of nought is hidden like any small count."
                          : "0 is shown, and is always a true nought.",
        rounded("authorities", policy.localBase), rounded("regions and England", policy.wideBase)};
    if (pack.hidesComplements)
        words.emplace_back("A count is also hidden where what it leaves of its total is small.");
    words.push_back(
        fmt::format("Other counts are hidden where a hidden one could else be narrowed down to fewer than {} "
                    "values. Both kinds look alike.",
                    policy.fewest));
    words.push_back(
        fmt::format("Percentages of families, reviews, practitioners and scores are computed from the "
                    "published counts, to {} "
                    "decimal places; where fewer than {} are counted they are not reliable (u).",
                    pack.percentDecimals, pack.fewestForPercent));
    words.push_back(fmt::format(
        "The percentage of sessions attended and average scores are computed from the true sessions and "
        "scores. "
        "Where the number of families or reviews behind them is hidden they are hidden too (c); where it is "
        "below {} or {} they are not reliable (u).",
        pack.fewestForPercent, pack.fewestForMean));
    return words;
}

}  // namespace releases
