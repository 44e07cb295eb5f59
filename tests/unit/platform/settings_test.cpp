#include "platform/settings.h"

#include <gtest/gtest.h>

#include <unistd.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

#include "values/errors.h"

using platform::Settings;

TEST(Settings, AreAllDocumentedWithTheirDefaults) {
    std::ifstream file(std::string(PLUMBLINE_SOURCE) + "/deploy/plumbline.properties");
    static const std::regex entry(R"(#([a-z_.]+) = ?(.*))");
    std::map<std::string, std::string> documented;
    std::smatch parts;
    for (std::string line; std::getline(file, line);)
        if (std::regex_match(line, parts, entry)) documented[parts[1]] = parts[2];
    std::map<std::string, std::string> known;
    for (const auto& setting : platform::allSettings()) known[setting.key] = setting.standard;
    EXPECT_EQ(documented, known);
}

TEST(Settings, LetTheEnvironmentComeBeforeTheFileAndOptionsBeforeBoth) {
    const auto path =
        std::filesystem::temp_directory_path() / ("plumbline-settings-" + std::to_string(::getpid()));
    std::ofstream(path) << "# a comment\nauthority.port = 9000\nhttp.threads = 5\ndatabase.name = other\n";
    ::setenv("PLUMBLINE_HTTP_THREADS", "7", 1);
    Settings settings;
    settings.readFile(path);
    settings.readEnvironment();
    settings.set("database.name", "third");
    ::unsetenv("PLUMBLINE_HTTP_THREADS");
    std::filesystem::remove(path);
    EXPECT_EQ(settings.number("authority.port", 0, 65535), 9000);
    EXPECT_EQ(settings.number("http.threads", 1, 100), 7);
    EXPECT_EQ(settings.text("database.name"), "third");
}

TEST(Settings, NameWhatIsWrong) {
    Settings settings;
    EXPECT_THROW(settings.set("databse.host", "x"), values::Invalid);
    settings.set("authority.port", "80a");
    EXPECT_THROW(settings.number("authority.port", 0, 65535), values::Invalid);
    settings.set("authority.https", "yes");
    EXPECT_THROW(settings.isOn("authority.https"), values::Invalid);
    EXPECT_THROW(settings.readFile("/nowhere/plumbline.properties"), values::NotFound);
}
