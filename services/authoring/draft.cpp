#include "authoring/draft.h"

#include <algorithm>
#include <optional>

#include "values/date.h"
#include "values/errors.h"
#include "values/json.h"

namespace authoring {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

std::string textAt(const ordered_json& content, const char* name) {
    const auto found = content.find(name);
    return found != content.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string shortest(double number) {
    auto text = json(number).dump();
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    return text;
}

/// Reads a form into a guide and gathers what is wrong.
class FormReader {
public:
    FormReader(ordered_json guide, const values::Fields& form) : guide_(std::move(guide)), form_(form) {}

    std::string run() {
        setText(guide_, "version", "version", true);
        setText(guide_, "title", "title", true);
        setText(guide_, "changes", "changes", true);
        setDay("published", "published");
        setDay("effective_from", "effective_from");
        auto kept = ordered_json::array();
        auto& all = guide_["recommendations"];
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto prefix = "r" + std::to_string(i) + ".";
            if (said(prefix + "remove") == "yes") continue;
            readRecommendation(all[i], prefix);
            kept.push_back(all[i]);
        }
        addRecommendation(kept);
        all = std::move(kept);
        if (!problems_.empty()) throw values::Invalid(std::move(problems_));
        return guide_.dump();
    }

private:
    std::string said(const std::string& field) const {
        const auto found = form_.find(field);
        return found == form_.end() ? "" : found->second;
    }
    bool has(const std::string& field) const { return form_.contains(field); }
    void problem(const std::string& field, const std::string& rule) {
        problems_.push_back({{"", 0, field}, said(field), rule});
    }

    void setText(ordered_json& into, const char* name, const std::string& field, bool isNeeded) {
        if (!has(field)) return;
        const auto text = said(field);
        if (text.empty() && isNeeded) problem(field, "Say something here.");
        else if (text.size() > 600) problem(field, "Use at most 600 characters.");
        else if (text.empty()) into.erase(name);
        else into[name] = text;
    }
    void setDay(const char* name, const std::string& field) {
        if (!has(field)) return;
        if (said(field).empty()) {
            guide_.erase(name);
            return;
        }
        values::Reader reader(form_);
        if (const auto day = reader.optionalDate(field)) guide_[name] = day->iso();
        else problem(field, "Use a real day, like 1/4/2027.");
    }
    void setStrength(ordered_json& into, const std::string& field) {
        if (!has(field)) return;
        const auto strength = said(field);
        if (strength.empty()) into["strength"] = nullptr;
        else if (strength == "strong" || strength == "good" || strength == "promising")
            into["strength"] = strength;
        else problem(field, "Choose strong, good, promising, or not seen.");
    }
    std::optional<double> share(const std::string& field) {
        const auto text = said(field);
        std::size_t read = 0;
        double number = -1;
        try {
            number = std::stod(text, &read);
        } catch (const std::exception&) {
            read = 0;
        }
        if (read == 0 || read != text.size() || number < 0 || number > 100) {
            problem(field, "Give a percentage from 0 to 100.");
            return std::nullopt;
        }
        return number / 100;
    }

    void readRecommendation(ordered_json& one, const std::string& prefix) {
        setText(one, "title", prefix + "title", true);
        setText(one, "population", prefix + "population", false);
        setStrength(one, prefix + "strength");
        auto kept = ordered_json::array();
        auto& standards = one["standards"];
        for (std::size_t i = 0; i < standards.size(); ++i) {
            const auto at = prefix + "s" + std::to_string(i) + ".";
            if (said(at + "remove") == "yes") continue;
            if (has(at + "at_least")) readStandard(standards[i], at);
            kept.push_back(standards[i]);
        }
        if (!said(prefix + "new.measure").empty()) {
            ordered_json fresh{{"measure", said(prefix + "new.measure")}};
            readStandard(fresh, prefix + "new.");
            fresh["basis"] = "local";
            kept.push_back(std::move(fresh));
        }
        standards = std::move(kept);
    }
    void readStandard(ordered_json& one, const std::string& at) {
        if (const auto least = share(at + "at_least")) one["at_least"] = *least;
        values::Reader reader(form_);
        if (const auto least = reader.optionalWhole(at + "min_n", 1, 100000)) one["min_n"] = *least;
        else problem(at + "min_n", "Give a whole number from 1.");
        one["required"] = said(at + "required") == "yes";
        if (said(at + "reason").empty()) problem(at + "reason", "Say why this threshold.");
        else setText(one, "reason", at + "reason", true);
    }
    void addRecommendation(ordered_json& kept) {
        if (said("new.id").empty() && said("new.title").empty()) return;
        ordered_json fresh{
            {"id", said("new.id")}, {"title", ""}, {"strength", nullptr}, {"confirmed", false}};
        static const std::string kLetters = "abcdefghijklmnopqrstuvwxyz0123456789-";
        if (said("new.id").empty() || said("new.id").size() > 60 ||
            said("new.id").find_first_not_of(kLetters) != std::string::npos)
            problem("new.id", "Give a short id of small letters, digits and -.");
        setText(fresh, "title", "new.title", true);
        setText(fresh, "population", "new.population", false);
        setStrength(fresh, "new.strength");
        fresh["interventions"] = ordered_json::array();
        if (said("new.intervention").empty()) problem("new.intervention", "Choose what is recommended.");
        else fresh["interventions"].push_back(said("new.intervention"));
        fresh["standards"] = ordered_json::array();
        kept.push_back(std::move(fresh));
    }

    ordered_json guide_;
    const values::Fields& form_;
    std::vector<values::FieldProblem> problems_;
};

}  // namespace

std::string nextVersionOf(const std::string& catalogue, const std::string& guide) {
    const auto content = values::parseOrderedJson(catalogue.empty() ? "{}" : catalogue);
    const ordered_json* newest = nullptr;
    if (content.contains("guides"))
        for (const auto& one : content.at("guides"))
            if (one.at("id") == guide &&
                (newest == nullptr || textAt(one, "effective_from") >= textAt(*newest, "effective_from")))
                newest = &one;
    if (newest == nullptr) throw values::NotFound("no such guide");
    auto next = *newest;
    next["version"] = "";
    next["changes"] = "";
    next.erase("published");
    next.erase("effective_from");
    next.erase("withdrawn_on");
    return next.dump();
}

GuideForm formOf(const std::string& content) {
    const auto guide = values::parseOrderedJson(content);
    GuideForm form{textAt(guide, "id"),
                   textAt(guide, "version"),
                   textAt(guide, "title"),
                   textAt(guide, "published"),
                   textAt(guide, "effective_from"),
                   textAt(guide, "changes"),
                   {}};
    for (const auto& one : guide.at("recommendations")) {
        RecommendationForm recommendation{textAt(one, "id"),         textAt(one, "title"),
                                          textAt(one, "population"), textAt(one, "strength"),
                                          one.at("interventions"),   {}};
        for (const auto& standard : one.at("standards"))
            recommendation.standards.push_back(
                {standard.at("measure"), shortest(standard.at("at_least").get<double>() * 100),
                 standard.at("min_n").dump(), standard.at("required"), textAt(standard, "reason")});
        form.recommendations.push_back(std::move(recommendation));
    }
    return form;
}

std::string withForm(const std::string& content, const values::Fields& form) {
    return FormReader(values::parseOrderedJson(content), form).run();
}

std::string imported(const std::string& text, const std::string& guide) {
    const auto refuse = [](const std::string& got, const char* rule) {
        throw values::Invalid({{{"", 0, "file"}, got, rule}});
    };
    auto content = values::tryParseOrderedJson(text);
    if (content.is_object() && content.contains("guides")) {
        if (!content.at("guides").is_array() || content.at("guides").size() != 1)
            refuse("", "Send a file with this one guide.");
        content = ordered_json(content.at("guides").at(0));
    }
    if (!content.is_object()) refuse(text.substr(0, 40), "Send JSON: one guide, as a catalogue file has it.");
    if (textAt(content, "id") != guide) refuse(textAt(content, "id"), "The file is of another guide.");
    const bool isShaped = content.contains("recommendations") && content.at("recommendations").is_array();
    if (!isShaped) refuse("", "The guide has a list of recommendations.");
    for (const auto& one : content.at("recommendations")) {
        const bool isRight = one.is_object() && one.contains("interventions") &&
                             one.at("interventions").is_array() && one.contains("standards") &&
                             one.at("standards").is_array() &&
                             std::ranges::all_of(one.at("standards"), [](const auto& standard) {
                                 return standard.is_object() && standard.contains("measure") &&
                                        standard.at("measure").is_string() && standard.contains("at_least") &&
                                        standard.at("at_least").is_number() && standard.contains("min_n") &&
                                        standard.at("min_n").is_number_integer() &&
                                        standard.contains("required") && standard.at("required").is_boolean();
                             });
        if (!isRight)
            refuse(textAt(one, "id"),
                   "Each recommendation has interventions, and standards with their numbers.");
    }
    return content.dump();
}

std::string exported(const std::string& content) {
    return ordered_json{{"guides", {values::parseOrderedJson(content)}}}.dump(2) + "\n";
}

}  // namespace authoring
