#include "plumbline/worker.h"

#include "platform/log.h"
#include "results/recompute.h"

namespace plumbline {
namespace {
constexpr auto kIdle = std::chrono::milliseconds(50);
/// So many services in one transaction: few, so that who writes their records waits little.
constexpr int kTogether = 4;
constexpr auto kAway = std::chrono::seconds(2);
constexpr auto kTidyEvery = std::chrono::minutes(10);
}  // namespace

Worker::Worker(House& house) : house_(house) {
    house_.importer();  // made here, so that the thread finds everything ready
    thread_ = std::thread([this] { run(); });
}

Worker::~Worker() {
    {
        const std::lock_guard lock(mutex_);
        isEnding_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

bool Worker::pause(std::chrono::milliseconds length) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, length, [&] { return isEnding_; });
}

void Worker::run() {
    auto tidied = std::chrono::steady_clock::time_point{};
    for (;;) {
        auto length = std::chrono::milliseconds(0);
        try {
            if (std::chrono::steady_clock::now() - tidied > kTidyEvery) {
                tidy();
                tidied = std::chrono::steady_clock::now();
            }
            if (!step()) length = kIdle;
        } catch (const std::exception& fault) {
            platform::logEvent(platform::LogLevel::warning, "plumbline.work_interrupted",
                               {{"what", fault.what()}});
            length = kAway;
        }
        if (pause(length)) return;
    }
}

bool Worker::step() {
    auto& database = house_.database(platform::Account::work);
    if (house_.uploads().work(database, house_.importer(), house_.clock())) return true;
    return results::Recompute(database, house_.catalogues()).next(kTogether) > 0;
}

void Worker::tidy() {
    const auto& settings = house_.settings();
    house_.uploads().removeAbandoned(house_.database(platform::Account::work),
                                     std::chrono::hours(settings.number("upload.keep_hours", 1, 8760)));
}

}  // namespace plumbline
