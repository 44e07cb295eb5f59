#include "support/database_template.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <stdexcept>

#include "platform/digest.h"
#include "platform/text_file.h"
#include "support/test_database.h"

namespace support {
namespace {

namespace fs = std::filesystem;

/// A lock on a file or folder, given back at the end of its life or of the process.
class Lock {
public:
    Lock(const fs::path& path, int how)
        : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), isHeld_(::flock(file_, how) == 0) {}
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    ~Lock() { ::close(file_); }
    bool isHeld() const { return isHeld_; }

private:
    int file_;
    bool isHeld_;
};

/// A program as it was built or installed.
std::string stampOf(const fs::path& program) {
    return program.string() + " " + std::to_string(fs::file_size(program)) + " " +
           std::to_string(fs::last_write_time(program).time_since_epoch().count()) + "\n";
}

fs::path installed(const std::string& program) {
    const auto* known = std::getenv("PATH");
    std::istringstream folders(known == nullptr ? "" : known);
    for (std::string folder; std::getline(folders, folder, ':');)
        if (fs::exists(fs::path(folder) / program)) return fs::path(folder) / program;
    throw std::runtime_error(program + " is not installed: deploy/install test");
}

void addFiles(std::set<fs::path>& files, const std::string& folder) {
    for (const auto& entry : fs::recursive_directory_iterator(source(folder)))
        if (entry.is_regular_file()) files.insert(entry.path());
}

std::string digestOf(const std::string& programs, const std::set<fs::path>& files) {
    auto text = programs;
    for (const auto& file : files)
        text += file.string() + " " + platform::sha256Hex(platform::fileText(file)) + "\n";
    return platform::sha256Hex(text).substr(0, 16);
}

/// Of all that the template is made from.
std::string templateDigest() {
    std::set<fs::path> files;
    for (const auto* folder : {"schema/migrations", "schema/grants", "schema/reference"})
        addFiles(files, folder);
    return digestOf(stampOf(PLUMBLINE_TEMPLATE_MAKER) + stampOf(installed("mariadbd")), files);
}

std::string preparedDigest() {
    std::set<fs::path> files;
    for (const auto* folder : {"schema", "tests/data"}) addFiles(files, folder);
    return digestOf(stampOf(fs::read_symlink("/proc/self/exe")) + stampOf(installed("mariadbd")), files);
}

/// A folder found or made, and kept from being removed while this process lives.
class Kept {
public:
    /// `place` holds this one alone, once nobody uses an older one.
    Kept(const fs::path& place, const std::string& digest,
         const std::function<void(const std::string& unfinished)>& make)
        : folder_(place / digest) {
        fs::create_directories(place);
        const Lock alone(place, LOCK_EX);
        if (!fs::exists(folder_)) {
            // Beside its place, and there only when it is whole.
            const auto unfinished = folder_.string() + ".unfinished-" + std::to_string(::getpid());
            fs::remove_all(unfinished);
            make(unfinished);
            fs::rename(unfinished, folder_);
        }
        use_ = std::make_unique<Lock>(folder_, LOCK_SH);
        for (const auto& entry : fs::directory_iterator(place))
            if (entry.path() != folder_ && Lock(entry.path(), LOCK_EX | LOCK_NB).isHeld())
                fs::remove_all(entry.path());
    }
    const fs::path& folder() const { return folder_; }

private:
    fs::path folder_;
    std::unique_ptr<Lock> use_;
};

void makeTemplate(const std::string& folder) {
    const auto log = std::string(PLUMBLINE_TEMPLATES) + ".log";
    const auto command = "'" PLUMBLINE_TEMPLATE_MAKER "' '" + folder + "' >'" + log + "' 2>&1";
    if (std::system(command.c_str()) != 0)
        throw std::runtime_error("the template of test databases could not be made; see " + log);
}

}  // namespace

void copyDatabase(const std::string& from, const std::string& folder) {
    fs::create_directories(folder);
    for (const auto* part : {"files", "passwords", "installed"})
        fs::copy(fs::path(from) / part, fs::path(folder) / part, fs::copy_options::recursive);
}

void copyTemplate(const std::string& folder) {
    static const Kept one(PLUMBLINE_TEMPLATES, templateDigest(), makeTemplate);
    copyDatabase(one.folder(), folder);
}

void copyPrepared(const std::string& name, const std::string& folder,
                  const std::function<void(const std::string& folder)>& make) {
    static std::map<std::string, Kept> all;
    const auto place = std::string(PLUMBLINE_TEMPLATES) + "-" + name;
    const auto& one = all.try_emplace(name, place, preparedDigest(), make).first->second;
    fs::copy(one.folder(), folder, fs::copy_options::recursive);
}

}  // namespace support
