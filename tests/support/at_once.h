#pragma once

#include <functional>
#include <future>
#include <latch>
#include <vector>

namespace support {

/// What so many get who do something at the same moment, each on a thread of its own: 0, 1, 2, …
template <class Result>
std::vector<Result> atOnce(int count, const std::function<Result(int)>& act) {
    std::latch ready(count);
    std::vector<std::future<Result>> doing;
    for (int i = 0; i < count; ++i)
        doing.push_back(std::async(std::launch::async, [&, i] {
            ready.arrive_and_wait();
            return act(i);
        }));
    std::vector<Result> results;
    for (auto& one : doing) results.push_back(one.get());
    return results;
}

}  // namespace support
