#include "plumbline/worker.h"

#include <algorithm>

#include "adherence/reports.h"
#include "authoring/drafts.h"
#include "delivery/retention.h"
#include "identity/audit.h"
#include "inspections/samples.h"
#include "platform/log.h"
#include "platform/temporary_files.h"
#include "releases/releases.h"
#include "results/recompute.h"
#include "returns/returns.h"
#include "values/errors.h"

namespace plumbline {
namespace {

using platform::Account;
using platform::Statement;
using platform::Transaction;

constexpr auto kIdle = std::chrono::milliseconds(50);
/// So many services in one transaction: few, so that who writes their records waits little.
constexpr int kTogether = 4;
constexpr auto kAway = std::chrono::seconds(2);
constexpr auto kTidyEvery = std::chrono::minutes(10);
constexpr auto kBeatEvery = std::chrono::seconds(5);

const Statement kBeat("note that a worker lives", Account::work, R"(
    INSERT INTO worker_beat (id, began_at, seen_at) VALUES (?, NOW(3), NOW(3)) ON DUPLICATE KEY UPDATE seen_at = NOW(3))",
                      platform::Meanwhile::expected);
const Statement kForgetBeats("forget workers that end or died", Account::work,
                             "DELETE FROM worker_beat WHERE id = ? OR seen_at < NOW(3) - INTERVAL 1 DAY");
const Statement kSelectAlive("count workers that live", Account::work,
                             "SELECT COUNT(*) FROM worker_beat WHERE seen_at > NOW(3) - INTERVAL 30 SECOND");
}  // namespace

Worker::Worker(House& house) : house_(house), id_(house.ids().next<Worker>()) {
    platform::removeTemporaryFilesOfTheDead(house_.temporaryFiles());
    house_.importer();  // made here, as are the databases, so that the threads find everything ready
    house_.database(Account::work);
    beat();
    thread_ = std::thread([this] { run(); });
    beating_ = std::thread([this] {
        while (!pause(kBeatEvery)) beat();
    });
}

Worker::~Worker() {
    {
        const std::lock_guard lock(mutex_);
        isEnding_ = true;
    }
    changed_.notify_all();
    thread_.join();
    beating_.join();
    try {
        house_.database(Account::work).derive([&](Transaction& tx) { tx.run(kForgetBeats, id_); });
    } catch (const values::Unavailable&) {
        // The database is away: it is forgotten later.
    }
}

/// On a thread of its own, so that long work does not look like death.
void Worker::beat() {
    try {
        house_.database(Account::work).derive([&](Transaction& tx) { tx.run(kBeat, id_); });
    } catch (const std::exception& fault) {
        platform::logEvent(platform::LogLevel::warning, "plumbline.beat_missed", {{"what", fault.what()}});
    }
}

int Worker::alive(platform::Database& database) {
    int count = 0;
    database.read([&](Transaction& tx) {
        auto rows = tx.query(kSelectAlive);
        rows.next();
        count = static_cast<int>(rows.number(0));
    });
    return count;
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
    if (adherence::Reports::work(database, house_.catalogues())) return true;
    if (inspections::Samples::work(database)) return true;
    if (authoring::Drafts::work(database, house_.catalogues(), house_.ids())) return true;
    if (releases::Releases::work(database, house_.catalogues(), returns::kDueDays)) return true;
    return results::Recompute(database, house_.catalogues()).next(kTogether) > 0;
}

void Worker::tidy() {
    const auto& settings = house_.settings();
    noteAuditEnds();
    applyRetention();
    house_.uploads().removeAbandoned(house_.database(platform::Account::work),
                                     std::chrono::hours(settings.number("upload.keep_hours", 1, 8760)));
}

/// Once a night: it looks at whole tables, while few people work.
void Worker::applyRetention() {
    const auto now = house_.clock().now();
    const auto today = std::chrono::floor<std::chrono::days>(now);
    const auto hour = std::chrono::floor<std::chrono::hours>(now - today).count();
    if (hour < 2 || hour >= 5 || retainedOn_ == today) return;
    const auto results = delivery::applyRetention(
        house_.database(platform::Account::retention),
        delivery::readRetentionRules(house_.settings().homePath("schema/retention.json")), now,
        delivery::RetentionMode::careful);
    if (delivery::isWaiting(results))
        platform::logEvent(platform::LogLevel::warning, "plumbline.retention_waits",
                           {{"much", delivery::whatIsMuch(results)}});
    retainedOn_ = today;
}

/// The ends of the audit's chains, outside the database: what is cut off from an end later shows. An end
/// stays noted where the chain has lost it.
void Worker::noteAuditEnds() {
    auto anchors = identity::readAnchors(house_.auditAnchors());
    house_.database(platform::Account::work).read([&](platform::Transaction& tx) {
        for (const auto& end : identity::Audit::ends(tx)) {
            const auto known = std::ranges::find(anchors, end.chain, &identity::AuditAnchor::chain);
            if (known == anchors.end()) anchors.push_back(end);
            else if (identity::Audit::holds(tx, *known)) *known = end;
        }
    });
    identity::writeAnchors(house_.auditAnchors(), anchors);
}

}  // namespace plumbline
