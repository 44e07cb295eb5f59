#include <Poco/Util/ServerApplication.h>

#include <algorithm>
#include <iostream>

#include "authority/door.h"
#include "platform/http_server.h"
#include "platform/log.h"
#include "plumbline/commands.h"
#include "plumbline/worker.h"

namespace plumbline {
namespace {

using platform::Account;

authority::Rooms authorityRooms(House& house, const platform::Pages& pages) {
    const auto& settings = house.settings();
    const auto& assets = settings.text("assets");
    return {house.database(Account::authority),
            house.catalogues(),
            house.clock(),
            house.ids(),
            pages,
            identity::People({settings.number("sign_in.failures", 1, 1000),
                              std::chrono::minutes(settings.number("sign_in.lock_minutes", 1, 100000))}),
            identity::Sessions({std::chrono::minutes(settings.number("session.idle_minutes", 1, 100000)),
                                std::chrono::hours(settings.number("session.absolute_hours", 1, 10000))}),
            house.uploads(),
            intake::readFileTypes(settings.homePath("schema/intake")),
            assets.empty() ? settings.homePath("reports/assets/built") : assets,
            settings.isOn("authority.https")};
}

platform::HttpLimits limitsOf(const platform::Settings& settings) {
    return {settings.number("http.threads", 1, 10000),
            settings.number("http.queue", 1, 100000),
            settings.number("http.timeout_seconds", 1, 3600),
            static_cast<std::uint64_t>(settings.number("http.form_kilobytes", 1, 1 << 20)) * 1024,
            static_cast<std::uint64_t>(settings.number("upload.megabytes", 1, 1 << 20)) * 1024 * 1024,
            settings.dataPath("uploads/receiving")};
}

}  // namespace

int serveCommand(House& house, const CommandLine& line, const std::function<void()>& wait) {
    house.openDatabase(House::Need::migrated);
    const auto& settings = house.settings();
    const platform::Pages pages(settings.homePath("reports"));
    authority::Door door(authorityRooms(house, pages));
    const platform::HttpServer server(
        settings.text("authority.address"), settings.number("authority.port", 0, 65535), limitsOf(settings),
        [&](platform::Request& request) { return door.answer(request); },
        [&](const platform::Request& request, const platform::Problem& problem) {
            return door.problemPage(request, problem);
        });
    std::unique_ptr<Worker> worker;
    if (line.names.empty()) worker = std::make_unique<Worker>(house);
    const auto place = "http://" + settings.text("authority.address") + ":" + std::to_string(server.port());
    platform::logEvent(platform::LogLevel::information, "plumbline.serving",
                       {{"door", "authority"}, {"at", place}});
    std::cerr << "Plumbline is at " << place << " (Ctrl-C stops it)\n";
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
