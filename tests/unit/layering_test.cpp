// Which room may include which: the floors of the house, as a table. CMake keeps rooms apart by their include
// paths; this closes what is left, system headers and paths that climb out of the folder.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>

namespace {

namespace fs = std::filesystem;

const std::map<std::string, std::set<std::string>> kMayUse{
    {"values", {}},
    {"statistics", {"values"}},
    {"guidance", {"statistics", "values"}},
    {"measures", {"guidance", "statistics", "values"}},
    {"platform", {"values"}},
    {"identity", {"platform", "values"}},
    {"delivery", {"identity", "measures", "guidance", "platform", "values"}},
    {"intake", {"delivery", "identity", "guidance", "platform", "values"}},
    {"results", {"delivery", "identity", "measures", "guidance", "statistics", "platform", "values"}},
    {"returns", {"results", "delivery", "identity", "measures", "guidance", "platform", "values"}},
    {"adherence",
     {"context", "results", "delivery", "identity", "measures", "guidance", "statistics", "platform",
      "values"}},
    {"context", {"identity", "platform", "values"}},
    {"england", {"guidance", "statistics", "identity", "platform", "values"}},
    {"evidence", {"england", "guidance", "statistics", "identity", "platform", "values"}},
    {"releases", {"england", "delivery", "identity", "guidance", "statistics", "platform", "values"}},
    {"authoring", {"results", "delivery", "identity", "measures", "guidance", "platform", "values"}},
    {"inspections", {"adherence", "identity", "platform", "values"}},
    {"entrance", {"delivery", "identity", "platform", "values"}},
    {"presentation", {"entrance", "adherence", "measures", "statistics", "platform", "values"}},
    {"inspection",
     {"presentation", "entrance", "inspections", "adherence", "delivery", "identity", "guidance",
      "statistics", "platform", "values"}},
    {"authority",
     {"presentation", "inspections", "adherence", "entrance", "intake", "returns", "results", "delivery",
      "identity", "measures", "guidance", "statistics", "platform", "values"}},
    {"national",
     {"presentation", "entrance", "authoring", "evidence", "releases", "adherence", "england", "context",
      "returns", "results", "delivery", "identity", "measures", "guidance", "statistics", "platform",
      "values"}},
    {"plumbline", {"national", "inspection", "authority", "presentation", "inspections", "authoring",
                   "evidence", "releases",   "adherence", "england",      "context",     "entrance",
                   "intake",   "returns",    "results",   "delivery",     "identity",    "measures",
                   "guidance", "statistics", "platform",  "values"}},
};
const std::set<std::string> kPure{"values", "statistics", "guidance", "measures"};

struct Include {
    fs::path file;
    std::string room;
    std::string target;
    bool isQuoted;
};

std::vector<Include> includes() {
    static const std::regex line(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
    std::vector<Include> found;
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(PLUMBLINE_SOURCE) / "services")) {
        if (entry.path().extension() != ".h" && entry.path().extension() != ".cpp") continue;
        std::ifstream file(entry.path());
        std::smatch match;
        for (std::string text; std::getline(file, text);)
            if (std::regex_search(text, match, line))
                found.push_back(
                    {entry.path(), entry.path().parent_path().filename(), match[2], match[1] == "\""});
    }
    return found;
}

}  // namespace

TEST(Layering, EveryRoomIsInTheTable) {
    for (const auto& entry : fs::directory_iterator(fs::path(PLUMBLINE_SOURCE) / "services"))
        EXPECT_TRUE(!entry.is_directory() || kMayUse.contains(entry.path().filename())) << entry.path();
}

TEST(Layering, RoomsUseOnlyRoomsBelowThem) {
    for (const auto& include : includes()) {
        if (!include.isQuoted) continue;
        EXPECT_EQ(include.target.find(".."), std::string::npos)
            << include.file << " climbs out of its folder";
        const auto room = include.target.substr(0, include.target.find('/'));
        EXPECT_TRUE(room == include.room || kMayUse.at(include.room).contains(room))
            << include.file << " includes " << include.target;
    }
}

TEST(Layering, PureRoomsTouchNeitherNetworkNorDatabaseNorClock) {
    static const std::regex impure(
        R"(^(Poco/|cppconn/|mysql|sodium|sys/|unistd|fstream|filesystem|thread|iostream))");
    for (const auto& include : includes())
        EXPECT_FALSE(kPure.contains(include.room) && std::regex_search(include.target, impure))
            << include.file << " includes " << include.target;
}

/// So each header is compiled once with nothing before it: it stands alone. CMake compiles those without a
/// .cpp.
TEST(Layering, EachHeaderStandsFirstInItsOwnFile) {
    std::set<fs::path> seen;
    for (const auto& include : includes()) {
        if (include.file.extension() != ".cpp" || !seen.insert(include.file).second) continue;
        if (fs::exists(fs::path(include.file).replace_extension(".h"))) {
            EXPECT_EQ(include.target, include.room + "/" + include.file.stem().string() + ".h")
                << include.file;
        }
    }
    EXPECT_GT(seen.size(), 100U);
}

/// The library of JSON is compiled in one file; whoever includes it past our header compiles it again.
TEST(Layering, JsonIsIncludedThroughOurHeader) {
    for (const auto& include : includes())
        if (include.file.filename() != "json.h") {
            EXPECT_NE(include.target, "nlohmann/json.hpp") << include.file;
        }
}

TEST(Layering, PagesShowViewsNotJson) {
    const std::set<std::string> interfaces{"api.cpp", "openapi.cpp"};  // what machines read
    for (const auto& include : includes())
        if (std::set<std::string>{"entrance", "presentation", "authority", "inspection", "national"}.contains(
                include.room) &&
            !interfaces.contains(include.file.filename())) {
            EXPECT_NE(include.target, "values/json.h") << include.file;
        }
}

TEST(Layering, HeavyHeadersStayOutOfHeaders) {
    for (const auto& include : includes())
        if (include.file.extension() == ".h" && include.file.filename() != "program.h") {
            EXPECT_NE(include.target, "values/json.h") << include.file;
            EXPECT_NE(include.target.rfind("Poco/", 0), 0U) << include.file;
            EXPECT_NE(include.target.rfind("cppconn/", 0), 0U) << include.file;
        }
}

TEST(Layering, OnlyPlatformSpeaksToTheDatabaseConnector) {
    for (const auto& include : includes())
        EXPECT_TRUE(include.target.rfind("cppconn/", 0) != 0 || include.room == "platform") << include.file;
}
