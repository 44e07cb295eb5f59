// Any JSON as the definition of a measure: refused with its places, or compiled and computed.
#include <cstdint>
#include <stdexcept>

#include "measures/evaluate.h"
#include "small_service.h"
#include "values/errors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto schema = small::textOf("schema/guidance/schema/catalogue.schema.json");
    const auto measure = nlohmann::json::parse(data, data + size, nullptr, false);
    if (!measure.is_object()) return 0;
    auto own = small::guidance();
    own["measures"] = nlohmann::json::array({measure});
    const std::vector<guidance::Document> documents{
        {"file.json", own.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), 0}};
    try {
        const auto loaded = guidance::load(documents, schema, {});
        const auto catalogue = loaded.guidance.latest();
        const measures::Plan plan(catalogue);
        static const auto facts = [] {
            std::mt19937 random(1);
            return small::randomService(random, 12).facts();
        }();
        const auto* intervention = catalogue.intervention("i");
        if (intervention != nullptr) measures::Evaluator(plan, facts, *intervention).of(small::kQuarter);
    } catch (const values::Invalid&) {
        // refused
    }
    return 0;
}
