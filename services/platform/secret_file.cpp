#include "platform/secret_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <tuple>

#include "platform/digest.h"
#include "values/errors.h"

namespace platform {
namespace {
constexpr std::size_t kKeyBytes = 32;
}

void makeSecretFile(const std::string& path, const std::string& text) {
    const auto folder = std::filesystem::path(path).parent_path();
    if (!std::filesystem::exists(folder)) {
        std::filesystem::create_directories(folder);
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    }
    const auto draft = path + "." + randomHex(4);
    const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const bool isWritten = file >= 0 &&
                           ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                           ::fsync(file) == 0;
    if (file >= 0) ::close(file);
    if (isWritten) std::ignore = ::link(draft.c_str(), path.c_str());
    ::unlink(draft.c_str());
}

void makeSecretKey(const std::string& path) {
    if (!std::filesystem::exists(path)) makeSecretFile(path, randomHex(kKeyBytes) + "\n");
}

std::string secretKey(const std::string& path) {
    if (!std::filesystem::exists(path))
        throw values::Unavailable(
            "the key " + path +
            " is missing: put back the one that this data was written with. None is made "
            "in its place");
    std::ifstream file(path);
    std::string hex;
    file >> hex;
    auto key = fromHex(hex);
    if (!key || key->size() != kKeyBytes) throw values::Unavailable("the key " + path + " cannot be read");
    return std::move(*key);
}

}  // namespace platform
