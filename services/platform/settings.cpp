#include "platform/settings.h"

#include <Poco/AutoPtr.h>
#include <Poco/Exception.h>
#include <Poco/Util/PropertyFileConfiguration.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>

#include "values/errors.h"

namespace platform {
namespace {

constexpr std::array kSettings{
    Setting{"data.dir", "var"},
    Setting{"home", ""},
    Setting{"assets", ""},
    Setting{"log.level", "information"},
    Setting{"database.host", ""},
    Setting{"database.port", "3306"},
    Setting{"database.socket", ""},
    Setting{"database.name", "plumbline"},
    Setting{"database.migrate.user", "plumbline_migrate"},
    Setting{"database.migrate.password", ""},
    Setting{"database.admin.user", "plumbline_admin"},
    Setting{"database.admin.password", ""},
    Setting{"database.authority.user", "plumbline_authority"},
    Setting{"database.authority.password", ""},
    Setting{"database.work.user", "plumbline_work"},
    Setting{"database.work.password", ""},
    Setting{"database.inspection.user", "plumbline_inspection"},
    Setting{"database.inspection.password", ""},
    Setting{"database.national.user", "plumbline_national"},
    Setting{"database.national.password", ""},
    Setting{"database.retention.user", "plumbline_retention"},
    Setting{"database.retention.password", ""},
    Setting{"database.backup.user", "plumbline_backup"},
    Setting{"database.backup.password", ""},
    Setting{"database.connections", "8"},
    Setting{"database.wait_milliseconds", "2000"},
    Setting{"database.read_timeout_seconds", "600"},
    Setting{"database.buffer_megabytes", "1024"},
    Setting{"authority.address", "127.0.0.1"},
    Setting{"authority.port", "8080"},
    Setting{"authority.https", "false"},
    Setting{"authority.url", ""},
    Setting{"authority.certificate", ""},
    Setting{"authority.key", ""},
    Setting{"inspection.address", "127.0.0.1"},
    Setting{"inspection.port", "8081"},
    Setting{"inspection.https", "false"},
    Setting{"inspection.url", ""},
    Setting{"inspection.certificate", ""},
    Setting{"inspection.key", ""},
    Setting{"national.address", "127.0.0.1"},
    Setting{"national.port", "8082"},
    Setting{"national.https", "false"},
    Setting{"national.url", ""},
    Setting{"national.certificate", ""},
    Setting{"national.key", ""},
    Setting{"http.threads", "64"},
    Setting{"http.queue", "256"},
    Setting{"http.timeout_seconds", "30"},
    Setting{"http.head_seconds", "10"},
    Setting{"http.trusted_proxy", ""},
    Setting{"http.form_kilobytes", "64"},
    Setting{"http.requests_per_minute", "60000"},
    Setting{"upload.megabytes", "200"},
    Setting{"upload.keep_hours", "24"},
    Setting{"session.idle_minutes", "60"},
    Setting{"session.absolute_hours", "12"},
    Setting{"session.confirm_minutes", "10"},
    Setting{"sign_in.failures", "5"},
    Setting{"sign_in.lock_minutes", "15"},
    Setting{"sign_in.attempts_per_minute", "60"},
    Setting{"api.requests_per_minute", "600"},
    Setting{"sign_in.invitation_hours", "168"},
    Setting{"sign_in.breached_passwords", ""},
    Setting{"sign_in.providers", ""},
    Setting{"sign_in.key", ""},
    Setting{"audit.key", ""},
    Setting{"pseudonym.keys", ""},
};

std::string environmentName(const std::string& key) {
    std::string name = "PLUMBLINE_" + key;
    std::ranges::transform(name, name.begin(), [](unsigned char c) {
        return c == '.' ? '_' : static_cast<char>(std::toupper(c));
    });
    return name;
}

values::Invalid refusal(const std::string& where, const std::string& key, const std::string& got,
                        const std::string& wanted) {
    return values::Invalid({{{where, 0, key}, got, wanted}});
}

}  // namespace

std::span<const Setting> allSettings() { return kSettings; }

Settings::Settings() {
    for (const auto& setting : kSettings) values_[setting.key] = setting.standard;
}

void Settings::readFile(const std::string& path) {
    Poco::AutoPtr<Poco::Util::PropertyFileConfiguration> file;
    try {
        file = new Poco::Util::PropertyFileConfiguration(path);
    } catch (const Poco::Exception&) {
        throw values::NotFound("cannot read the configuration file " + path);
    }
    const auto walk = [&](const auto& self, const std::string& prefix) -> void {
        Poco::Util::AbstractConfiguration::Keys keys;
        file->keys(prefix, keys);
        if (keys.empty() && !prefix.empty()) set(prefix, file->getString(prefix), path);
        for (const auto& key : keys) self(self, prefix.empty() ? key : prefix + "." + key);
        if (!keys.empty() && !prefix.empty() && file->hasProperty(prefix))
            set(prefix, file->getString(prefix), path);
    };
    walk(walk, "");
}

void Settings::readEnvironment() {
    for (auto& [key, value] : values_)
        if (const char* given = std::getenv(environmentName(key).c_str())) value = given;
}

void Settings::set(const std::string& key, const std::string& value, const std::string& where) {
    const auto found = values_.find(key);
    if (found == values_.end())
        throw refusal(where, key, value, "There is no such setting; see deploy/plumbline.properties.");
    found->second = value;
}

const std::string& Settings::text(const std::string& key) const { return values_.at(key); }

int Settings::number(const std::string& key, int least, int most) const {
    const auto& given = text(key);
    int value = 0;
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), value);
    if (error != std::errc() || end != given.data() + given.size() || value < least || value > most)
        throw refusal(
            "configuration", key, given,
            "Give a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ".");
    return value;
}

bool Settings::isOn(const std::string& key) const {
    const auto& given = text(key);
    if (given == "true") return true;
    if (given == "false") return false;
    throw refusal("configuration", key, given, "Give true or false.");
}

std::string Settings::dataPath(const std::string& name) const {
    return (std::filesystem::absolute(text("data.dir")) / name).lexically_normal().string();
}

std::string Settings::homePath(const std::string& name) const {
    return (std::filesystem::path(text("home")) / name).string();
}

}  // namespace platform
