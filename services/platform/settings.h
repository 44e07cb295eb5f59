#pragma once

#include <map>
#include <span>
#include <string>

namespace platform {

/// A key of the configuration file, its default and what it means. deploy/plumbline.properties documents
/// each; a test keeps the two the same.
struct Setting {
    const char* key;
    const char* standard;
};
std::span<const Setting> allSettings();

/// The values of one run: defaults, then the configuration file, then the environment, then the command line.
class Settings {
public:
    /// Only defaults.
    Settings();
    /// Reads a file of `key = value` lines; every key must be known. Throws Invalid otherwise, NotFound where
    /// the file cannot be read.
    void readFile(const std::string& path);
    /// `PLUMBLINE_DATABASE_HOST` sets `database.host`; names that match no key are left alone.
    void readEnvironment();
    /// Throws Invalid where there is no such key.
    void set(const std::string& key, const std::string& value, const std::string& where = "option");

    const std::string& text(const std::string& key) const;
    /// Throws Invalid where the value is not a whole number within the limits.
    int number(const std::string& key, int least, int most) const;
    bool isOn(const std::string& key) const;

    /// A path below the data folder.
    std::string dataPath(const std::string& name) const;
    /// A path below the folder that holds schema/ and reports/.
    std::string homePath(const std::string& name) const;

private:
    std::map<std::string, std::string> values_;
};

}  // namespace platform
