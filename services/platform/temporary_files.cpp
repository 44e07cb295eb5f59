#include "platform/temporary_files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <mutex>

#include "platform/digest.h"
#include "platform/file_writer.h"

namespace platform {
namespace {

namespace fs = std::filesystem;

/// A lock on a folder, for as long as this lives; whoever dies lets go of it.
class FolderLock {
public:
    FolderLock(const std::string& folder, int how)
        : file_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
        isHeld_ = file_ >= 0 && ::flock(file_, how) == 0;
    }
    ~FolderLock() {
        if (file_ >= 0) ::close(file_);
    }
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;
    bool isHeld() const { return isHeld_; }

private:
    int file_;
    bool isHeld_ = false;
};

void sweep(const std::string& parent) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(parent, ignored)) {
        const bool isDead =
            !entry.is_directory(ignored) || FolderLock(entry.path().string(), LOCK_EX | LOCK_NB).isHeld();
        if (isDead) fs::remove_all(entry.path(), ignored);
    }
}

/// The folder of this process.
struct OwnFolder {
    explicit OwnFolder(const std::string& parent) {
        makePrivateFolder(parent);
        const FolderLock alone(parent, LOCK_EX);  // nobody sweeps away what is made and not yet locked
        sweep(parent);
        path = parent + "/" + randomHex(12);
        makePrivateFolder(path);
        lock = std::make_unique<FolderLock>(path, LOCK_EX | LOCK_NB);
    }
    ~OwnFolder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
    OwnFolder(const OwnFolder&) = delete;
    OwnFolder& operator=(const OwnFolder&) = delete;

    std::string path;
    std::unique_ptr<FolderLock> lock;
};

struct Kept {
    std::mutex mutex;
    std::string parent;
    std::unique_ptr<OwnFolder> own;
};
Kept& kept() {
    static Kept one;
    return one;
}

}  // namespace

void keepTemporaryFilesIn(const std::string& parent) {
    const std::lock_guard lock(kept().mutex);
    kept().own.reset();
    kept().parent = parent;
}

void removeTemporaryFilesOfTheDead(const std::string& parent) {
    const FolderLock alone(parent, LOCK_EX);
    if (alone.isHeld()) sweep(parent);
}

std::string temporaryFolder() {
    const std::lock_guard lock(kept().mutex);
    auto& own = kept().own;
    if (!own)
        own = std::make_unique<OwnFolder>(
            kept().parent.empty() ? (fs::temp_directory_path() / "plumbline").string() : kept().parent);
    return own->path;
}

TemporaryPlace::TemporaryPlace(const std::string& suffix)
    : path_(temporaryFolder() + "/" + randomHex(12) + suffix) {}

TemporaryPlace::~TemporaryPlace() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

}  // namespace platform
