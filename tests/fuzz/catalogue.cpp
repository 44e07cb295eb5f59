// Any text as a catalogue file.
#include <cstdint>
#include <stdexcept>

#include "measures/plan.h"
#include "small_service.h"
#include "values/errors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto schema = small::textOf("schema/guidance/schema/catalogue.schema.json");
    const std::vector<guidance::Document> documents{
        {"file.json", {reinterpret_cast<const char*>(data), size}, 0}};
    try {
        const auto loaded = guidance::load(documents, schema, {{"safe"}, {"leaders"}});
        const measures::Plan plan(loaded.guidance.latest());
    } catch (const values::Invalid&) {
        // refused, with its places
    }
    return 0;
}
