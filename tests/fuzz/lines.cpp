// Any bytes as the lines of JSON that a case system sends: each a row, blank, or a problem.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

#include "intake/rows.h"
#include "platform/csv.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const int file = ::memfd_create("lines", 0);
    static const auto path = "/proc/self/fd/" + std::to_string(file);
    if (::ftruncate(file, 0) != 0 || ::pwrite(file, data, size, 0) < 0) std::abort();
    intake::JsonRows rows(path, {"site_ref", "service_ref", "name"});
    while (rows.next())
        for (std::size_t i = 0; i < 3; ++i)
            if (!platform::isUtf8(rows.cell(i))) std::abort();
    return 0;
}
