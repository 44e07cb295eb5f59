#include "results/recompute.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>

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
constexpr int kBatch = 40;

FiguresByQuarter figuresOf(const measures::Facts& facts, const Service& service,
                           const CatalogueInForce& guidance) {
    FiguresByQuarter figures;
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
        if (evaluator)
            if (auto found = evaluator->of(quarter); !found.empty())
                figures.emplace(quarter, std::move(found));
    }
    return figures;
}

TextByQuarter asText(const FiguresByQuarter& figures) {
    TextByQuarter text;
    for (const auto& [quarter, ofQuarter] : figures) text.emplace(quarter, measures::textOf(ofQuarter));
    return text;
}

}  // namespace

std::vector<FiguresByQuarter> computed(Transaction& tx, const CatalogueInForce& guidance,
                                       std::span<const Service> services) {
    const auto facts = delivery::FactsReader(guidance.latest).of(tx, services);
    std::vector<FiguresByQuarter> figures;
    figures.reserve(services.size());
    for (std::size_t i = 0; i < services.size(); ++i)
        figures.push_back(figuresOf(facts[i], services[i], guidance));
    return figures;
}

long Recompute::next(int most) {
    long done = 0;
    database_.derive([&](Transaction& tx) {
        const auto entries = Touched::take(tx, most);
        done = static_cast<long>(entries.size());
        if (entries.empty()) return;
        std::vector<values::Id<Service>> ids;
        ids.reserve(entries.size());
        for (const auto& entry : entries) ids.push_back(entry.service);
        const auto services = delivery::Services::forWork(tx, ids);
        const auto figures = computed(tx, *catalogues_.inForce(tx), services);
        std::vector<Cells::OfService> cells;
        for (std::size_t i = 0; i < services.size(); ++i) cells.push_back({&services[i], asText(figures[i])});
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

long Recompute::markAll() {
    long waiting = 0;
    database_.derive([&](Transaction& tx) {
        Touched::markAll(tx);
        waiting = static_cast<long>(Touched::count(tx));
    });
    return waiting;
}

std::vector<std::string> Recompute::verify() {
    std::vector<std::string> different;
    database_.read([&](Transaction& tx) {
        different.clear();
        const auto guidance = catalogues_.inForce(tx);
        const auto all = delivery::Services::allIds(tx);
        for (std::size_t start = 0; start < all.size(); start += kBatch) {
            const auto end = std::min(all.size(), start + kBatch);
            const auto services =
                delivery::Services::forWork(tx, {all.begin() + static_cast<std::ptrdiff_t>(start),
                                                 all.begin() + static_cast<std::ptrdiff_t>(end)});
            const auto fresh = computed(tx, *guidance, services);
            auto kept = Cells::kept(tx, services);
            for (std::size_t i = 0; i < services.size(); ++i)
                if (asText(fresh[i]) != kept[services[i].id]) different.push_back(services[i].reference);
        }
    });
    return different;
}

}  // namespace results
