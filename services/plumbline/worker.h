#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "plumbline/house.h"

namespace plumbline {

/// Checks and stores uploads and computes touched services, in a thread of its own until it ends. A database
/// that is away for a while stops nothing: it tries again.
class Worker {
public:
    explicit Worker(House& house);
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;
    ~Worker();

    /// How many are at work on a database, in whatever process: seen within half a minute.
    static int alive(platform::Database& database);

private:
    void beat();
    void run();
    bool step();
    void tidy();
    void noteAuditEnds();
    void applyRetention();
    /// Waits; true where the worker is to end.
    bool pause(std::chrono::milliseconds length);

    House& house_;
    const values::Id<Worker> id_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool isEnding_ = false;
    std::chrono::sys_days retainedOn_{};
    std::thread thread_;
    std::thread beating_;
};

}  // namespace plumbline
