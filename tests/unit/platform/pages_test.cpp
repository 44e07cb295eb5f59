// Our partials against their own examples, and against what the Design System itself ships: the HTML of every
// component's fixtures, an oracle that we did not write.
#include "platform/pages.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

using nlohmann::json;

namespace {

namespace fs = std::filesystem;
const fs::path kReports = fs::path(PLUMBLINE_SOURCE) / "reports";

json jsonOf(const fs::path& path) {
    std::ifstream file(path);
    return json::parse(file);
}

platform::View viewOf(const json& example) { return platform::View::fromJson(example.dump()); }

/// Without differences of white space between and within tags.
std::string normalised(std::string html) {
    html = std::regex_replace(html, std::regex(R"(\s+)"), " ");
    html = std::regex_replace(html, std::regex(R"( ?(<|>) ?)"), "$1");
    const auto replaceAll = [&](const std::string& from, const std::string& to) {
        for (auto at = html.find(from); at != std::string::npos; at = html.find(from, at + to.size()))
            html.replace(at, from.size(), to);
    };
    replaceAll("&#39;", "'");
    replaceAll("&#x2F;", "/");
    return html;
}

std::vector<fs::path> partials() {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(kReports / "partials"))
        if (entry.path().extension() == ".mustache") found.push_back(entry.path());
    return found;
}

fs::path examplesOf(const fs::path& partial) { return fs::path(partial).replace_extension(".examples.json"); }

}  // namespace

TEST(Partials, AllHaveExamplesThatRender) {
    const platform::Pages pages(kReports);
    for (const auto& partial : partials()) {
        ASSERT_TRUE(fs::exists(examplesOf(partial))) << partial;
        for (const auto& example : jsonOf(examplesOf(partial)))
            EXPECT_FALSE(pages.renderPartial(partial.stem(), viewOf(example["view"])).empty()) << partial;
    }
}

/// The template library looks for what is shown before it looks for a partial, so one hides the other.
TEST(Partials, ShareTheirNamesWithNothingThatPagesShow) {
    std::set<std::string> names;
    for (const auto& partial : partials()) names.insert(partial.stem());
    const std::regex tag(R"(\{\{[#^&]?([\w-]+)\}\})");
    for (const auto& entry : fs::recursive_directory_iterator(kReports / "pages")) {
        if (entry.path().extension() != ".mustache") continue;
        std::ostringstream text;
        text << std::ifstream(entry.path()).rdbuf();
        const auto page = text.str();
        for (std::sregex_iterator i(page.begin(), page.end(), tag), end; i != end; ++i)
            EXPECT_FALSE(names.contains((*i)[1])) << entry.path() << ": " << (*i)[1];
    }
}

TEST(Partials, GiveTheHtmlOfTheDesignSystemsFixtures) {
    const auto components = kReports / "node_modules/govuk-frontend/dist/govuk/components";
    ASSERT_TRUE(fs::exists(components)) << "npm ci in reports/ brings the fixtures";
    const platform::Pages pages(kReports);
    int compared = 0;
    for (const auto& partial : partials()) {
        for (const auto& example : jsonOf(examplesOf(partial))) {
            if (!example.contains("fixture")) continue;
            const auto fixtures =
                jsonOf(components / example["component"].get<std::string>() / "fixtures.json");
            bool isFound = false;
            for (const auto& fixture : fixtures["fixtures"]) {
                if (fixture["name"] != example["fixture"]) continue;
                isFound = true;
                ++compared;
                EXPECT_EQ(normalised(pages.renderPartial(partial.stem(), viewOf(example["view"]))),
                          normalised(fixture["html"]))
                    << partial.stem() << ": " << fixture["name"];
            }
            EXPECT_TRUE(isFound) << partial.stem() << " has no fixture " << example["fixture"];
        }
    }
    EXPECT_GE(compared, 15);
}

TEST(Pages, EscapeWhatTheyAreGiven) {
    const platform::Pages pages(kReports);
    const auto html = pages.renderPartial("inset-text", {{"text", "<script>alert('x')</script>&\""}});
    EXPECT_EQ(html.find("<script>"), std::string::npos);
    EXPECT_NE(html.find("&lt;script&gt;"), std::string::npos);
}

TEST(Pages, LeaveOutSectionsOfEmptyTexts) {
    const platform::Pages pages(kReports);
    EXPECT_EQ(pages.renderPartial("tag", {{"text", "New"}, {"classes", ""}}),
              pages.renderPartial("tag", {{"text", "New"}}));
}

TEST(Pages, SayWhichTemplateIsMissing) {
    const platform::Pages pages(kReports);
    EXPECT_THROW(pages.render("authority/nowhere", platform::View::object()), std::runtime_error);
}

TEST(Pages, KnowOfEachListWhetherItHasAny) {
    const auto folder = fs::temp_directory_path() / ("plumbline-pages-" + std::to_string(::getpid()));
    fs::create_directories(folder / "partials");
    fs::create_directories(folder / "pages");
    fs::create_directories(folder / "layout");
    std::ofstream(folder / "layout/page.mustache") << "{{{content}}}";
    std::ofstream(folder / "pages/list.mustache") << "{{#hasItems}}<ul>{{#items}}<li>{{.}}</li>{{/items}}</"
                                                     "ul>{{/hasItems}}{{^hasItems}}none{{/hasItems}}";
    const platform::Pages pages(folder);
    EXPECT_EQ(pages.render("list", {{"items", std::vector<std::string>{"a", "b"}}}),
              "<ul><li>a</li><li>b</li></ul>");
    EXPECT_EQ(pages.render("list", {{"items", platform::View::list()}}), "none");
    fs::remove_all(folder);
}
