#include <algorithm>
#include <iostream>

#include "authority/door.h"
#include "delivery/authorities.h"
#include "identity/provider.h"
#include "inspection/door.h"
#include "national/door.h"
#include "platform/http_server.h"
#include "platform/log.h"
#include "platform/temporary_files.h"
#include "plumbline/commands.h"
#include "plumbline/worker.h"

namespace plumbline {
namespace {

using identity::Door;
using platform::Account;
using platform::Request;

constexpr Door kDoors[] = {Door::authority, Door::inspection, Door::national};

Account accountOf(Door door) {
    return door == Door::authority    ? Account::authority
           : door == Door::inspection ? Account::inspection
                                      : Account::national;
}

/// Whether people come by HTTPS: spoken here, or by a proxy before the door.
bool isHttps(const platform::Settings& settings, const std::string& door) {
    return settings.isOn(door + ".https") || !settings.text(door + ".certificate").empty();
}

/// The providers of one door, each with the authority whose people it knows.
std::vector<std::shared_ptr<identity::Provider>> providersOf(House& house, Door door) {
    std::vector<std::shared_ptr<identity::Provider>> providers;
    const auto& path = house.settings().text("sign_in.providers");
    if (path.empty()) return providers;
    for (auto& rule : identity::readProviders(path)) {
        if (rule.door != door) continue;
        if (!rule.authorityCode.empty())
            rule.authority = authorityNamed(house, Account::work, rule.authorityCode).id;
        providers.push_back(
            std::make_shared<identity::Provider>(rule, platform::HttpClient(), house.clock()));
    }
    return providers;
}

entrance::Rooms entranceRooms(House& house, const platform::Pages& pages, Door door) {
    const auto& settings = house.settings();
    const auto& assets = settings.text("assets");
    const auto minutes = [&](const char* key) {
        return std::chrono::minutes(settings.number(key, 1, 100000));
    };
    return {house.database(accountOf(door)),
            house.clock(),
            house.ids(),
            pages,
            house.people(),
            house.passwords(),
            identity::Sessions(door, {minutes("session.idle_minutes"),
                                      std::chrono::hours(settings.number("session.absolute_hours", 1, 10000)),
                                      minutes("session.confirm_minutes")}),
            house.codes(),
            house.invitations(),
            providersOf(house, door),
            assets.empty() ? settings.homePath("reports/assets/built") : assets,
            isHttps(settings, identity::doorName(door)),
            settings.number("http.requests_per_minute", 1, 100000000),
            settings.number("sign_in.attempts_per_minute", 1, 1000000),
            settings.number("api.requests_per_minute", 1, 1000000)};
}

platform::HttpLimits limitsOf(const platform::Settings& settings, const std::string& door) {
    return {settings.number("http.threads", 1, 10000),
            settings.number("http.queue", 1, 100000),
            settings.number("http.timeout_seconds", 1, 3600),
            static_cast<std::uint64_t>(settings.number("http.form_kilobytes", 1, 1 << 20)) * 1024,
            static_cast<std::uint64_t>(settings.number("upload.megabytes", 1, 1 << 20)) * 1024 * 1024,
            platform::temporaryFolder() + "/received",
            settings.number("http.head_seconds", 1, 3600),
            isHttps(settings, door),
            settings.text("http.trusted_proxy"),
            settings.text(door + ".certificate"),
            settings.text(door + ".key")};
}

/// A door that is open: its pages and its port.
class OpenDoor {
public:
    OpenDoor(House& house, const platform::Pages& pages, Door door) : door_(door) {
        auto rooms = entranceRooms(house, pages, door);
        if (door == Door::authority)
            authority_ = std::make_unique<authority::Door>(
                authority::Rooms{std::move(rooms), house.catalogues(), house.uploads(), house.keeper()});
        else if (door == Door::national)
            national_ = std::make_unique<national::Door>(
                national::Rooms{std::move(rooms), house.catalogues(),
                                releases::readRulePacks(house.settings().homePath("schema/disclosure"))});
        else inspection_ = std::make_unique<inspection::Door>(inspection::Rooms{std::move(rooms)});
        const auto& settings = house.settings();
        const auto name = identity::doorName(door);
        server_ = std::make_unique<platform::HttpServer>(
            settings.text(name + ".address"), settings.number(name + ".port", 0, 65535),
            limitsOf(settings, name), [this](Request& request) { return entrance().answer(request); },
            [this](const Request& request, const platform::Problem& problem) {
                return entrance().problemPage(request, problem);
            },
            [this](Request& request) { entrance().admitFiles(request); });
        place_ = (settings.text(name + ".certificate").empty() ? "http://" : "https://") +
                 settings.text(name + ".address") + ":" + std::to_string(server_->port());
        const auto& url = settings.text(name + ".url");
        entrance().setAddress(url.empty() ? place_ : url);
        platform::logEvent(platform::LogLevel::information, "plumbline.serving",
                           {{"door", name}, {"at", place_}});
    }
    Door door() const { return door_; }
    const std::string& place() const { return place_; }

private:
    entrance::Entrance& entrance() {
        return authority_  ? authority_->entrance()
               : national_ ? national_->entrance()
                           : inspection_->entrance();
    }

    Door door_;
    std::unique_ptr<authority::Door> authority_;
    std::unique_ptr<national::Door> national_;
    std::unique_ptr<inspection::Door> inspection_;
    std::unique_ptr<platform::HttpServer> server_;
    std::string place_;
};

}  // namespace

int serveCommand(House& house, const CommandLine& line, const std::function<void()>& wait) {
    const auto isAsked = [&](Door door) {
        return line.names.empty() ||
               std::ranges::find(line.names, identity::doorName(door)) != line.names.end();
    };
    std::vector<Door> asked;
    for (const auto door : kDoors)
        if (isAsked(door)) asked.push_back(door);
    house.openDatabase(House::Need::migrated, accountOf(asked.front()));
    const platform::Pages pages(house.settings().homePath("reports"));
    std::vector<std::unique_ptr<OpenDoor>> doors;
    for (const auto door : asked) doors.push_back(std::make_unique<OpenDoor>(house, pages, door));
    std::unique_ptr<Worker> worker;
    if (line.names.empty()) worker = std::make_unique<Worker>(house);
    std::cerr << "Plumbline is at " << doors.front()->place() << " (Ctrl-C stops it)\n";
    for (const auto& open : doors)
        std::cerr << "The " << identity::doorName(open->door()) << " door is at " << open->place() << "\n";
    wait();
    platform::logEvent(platform::LogLevel::information, "plumbline.stopping");
    return 0;
}

int workCommand(House& house, const CommandLine& /*line*/, const std::function<void()>& wait) {
    house.openDatabase(House::Need::migrated);
    const Worker worker(house);
    platform::logEvent(platform::LogLevel::information, "plumbline.working");
    wait();
    platform::logEvent(platform::LogLevel::information, "plumbline.stopping");
    return 0;
}

}  // namespace plumbline
