#include "platform/text_file.h"

#include <fstream>
#include <sstream>

#include "values/errors.h"

namespace platform {

std::string fileText(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    if (!file) throw values::NotFound("cannot read " + path);
    return text.str();
}

}  // namespace platform
