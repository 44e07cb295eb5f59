#include "results/recompute.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <set>
#include <thread>

#include "delivery/entered_counts.h"
#include "delivery/facts_reader.h"
#include "delivery/touched.h"
#include "measures/evaluate.h"

namespace results {
namespace {

using delivery::CatalogueInForce;
using delivery::Service;
using delivery::Touched;
using platform::Transaction;

/// So many services are read together: enough to ask few questions, few enough to hold little.
constexpr int kBatch = 80;

/// A service's figures in every quarter in which it has records, each under the guidance in force on the
/// quarter's first day; nothing for an approach, which counts towards nothing.
TextByQuarter figuresOf(const measures::Facts& facts, const Service& service,
                        const CatalogueInForce& guidance) {
    TextByQuarter figures;
    const auto span = measures::quarterSpan(facts);
    if (!span) return figures;
    const delivery::Edition* edition = nullptr;
    std::optional<measures::Evaluator> evaluator;
    for (auto quarter = span->first; quarter <= span->last; quarter = quarter.next()) {
        const auto& inForce = guidance.on(quarter);
        if (edition != &inForce) {
            edition = &inForce;
            const auto* intervention = inForce.catalogue.intervention(service.intervention);
            evaluator.reset();
            if (intervention != nullptr) evaluator.emplace(inForce.plan, facts, *intervention);
        }
        if (!evaluator) continue;
        const auto found = evaluator->of(quarter);
        if (!found.empty()) figures.emplace(quarter, measures::textOf(found));
    }
    return figures;
}

/// Of a service that keeps no records: the counts that its authority entered, as figures.
TextByQuarter enteredFigures(Transaction& tx, const Service& service) {
    TextByQuarter figures;
    for (const auto& [quarter, counts] : delivery::EnteredCounts::forWork(tx, service)) {
        measures::Figures found;
        for (const auto& [measure, count] : counts)
            if (count > 0) found[measure].parts.proportion.numerator = count;
        if (!found.empty()) figures.emplace(quarter, measures::textOf(found));
    }
    return figures;
}

TextByQuarter figuresOf(Transaction& tx, const measures::Facts& facts, const Service& service,
                        const CatalogueInForce& guidance) {
    return service.countsOnly ? enteredFigures(tx, service) : figuresOf(facts, service, guidance);
}

/// What `take` gives of each part of a list that a test chooses, in the list's order.
template <class Take>
void inParts(const std::vector<Service>& services, const std::vector<bool>& isChosen, Take take) {
    for (const bool isWanted : {true, false}) {
        std::vector<Service> part;
        for (std::size_t i = 0; i < services.size(); ++i)
            if (isChosen[i] == isWanted) part.push_back(services[i]);
        if (!part.empty()) take(part, isWanted);
    }
}

}  // namespace

long Recompute::next(int most) {
    long done = 0;
    database_.derive([&](Transaction& tx) {
        const auto entries = Touched::take(tx, most);
        done = static_cast<long>(entries.size());
        if (entries.empty()) return;
        const auto guidance = catalogues_.inForce(tx);
        const delivery::FactsReader reader(guidance->latest);
        std::vector<values::Id<Service>> ids;
        std::set<values::Id<Service>> changed;
        for (const auto& entry : entries) {
            ids.push_back(entry.service);
            if (entry.hasNewRecords) changed.insert(entry.service);
        }
        const auto services = delivery::Services::forWork(tx, ids);
        std::vector<bool> isChanged;
        for (const auto& service : services) isChanged.push_back(changed.contains(service.id));
        std::vector<Cells::OfService> cells;
        inParts(services, isChanged, [&](const std::vector<Service>& part, bool hasNewRecords) {
            const auto facts = hasNewRecords ? reader.of(tx, part) : reader.kept(tx, part);
            if (hasNewRecords) delivery::FactsReader::keep(tx, part, facts);
            for (std::size_t i = 0; i < part.size(); ++i)
                cells.push_back({part[i], figuresOf(tx, facts[i], part[i], *guidance)});
        });
        Cells::replace(tx, cells);
        Touched::remove(tx, entries);
    });
    return done;
}

long Recompute::drain(int workers, const std::function<void(long)>& progress,
                      const std::atomic<bool>* isCancelled) {
    std::mutex mutex;
    long total = 0;
    std::exception_ptr fault;
    const auto work = [&] {
        try {
            while (isCancelled == nullptr || !*isCancelled) {
                const auto done = next(kBatch);
                const std::lock_guard lock(mutex);
                if (done == 0 || fault) return;
                total += done;
                if (progress) progress(total);
            }
        } catch (...) {
            const std::lock_guard lock(mutex);
            fault = std::current_exception();
        }
    };
    std::vector<std::thread> threads;
    for (int i = 1; i < workers; ++i) threads.emplace_back(work);
    work();
    for (auto& thread : threads) thread.join();
    if (fault) std::rethrow_exception(fault);
    return total;
}

long Recompute::markAll(bool isFromRecords) {
    long waiting = 0;
    database_.derive([&](Transaction& tx) {
        Touched::markAll(tx, isFromRecords);
        waiting = static_cast<long>(Touched::count(tx));
    });
    return waiting;
}

std::vector<std::string> Recompute::verify() {
    std::vector<std::string> different;
    database_.derive([&](Transaction& tx) {
        different.clear();
        const auto guidance = catalogues_.inForce(tx);
        const delivery::FactsReader reader(guidance->latest);
        const auto all = delivery::Services::allIds(tx);
        for (std::size_t start = 0; start < all.size(); start += kBatch) {
            const auto end = std::min(all.size(), start + kBatch);
            const auto services =
                delivery::Services::forWork(tx, {all.begin() + static_cast<std::ptrdiff_t>(start),
                                                 all.begin() + static_cast<std::ptrdiff_t>(end)});
            const auto fresh = reader.of(tx, services);
            const auto packed = reader.kept(tx, services);
            auto kept = Cells::kept(tx, services);
            for (std::size_t i = 0; i < services.size(); ++i) {
                const auto right = figuresOf(tx, fresh[i], services[i], *guidance);
                if (kept[services[i].id] != right ||
                    figuresOf(tx, packed[i], services[i], *guidance) != right)
                    different.push_back(services[i].reference);
            }
        }
    });
    return different;
}

}  // namespace results
