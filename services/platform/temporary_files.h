#pragma once

#include <string>

namespace platform {

/// Where this process puts what it needs for a moment: a folder of its own below `parent`, which the data
/// folder holds. What a process that died left there is removed when the next one begins. Until this is said,
/// and in tests, it is below the system's temporary folder.
void keepTemporaryFilesIn(const std::string& parent);
/// Removes what processes that died left; those that live hold a lock.
void removeTemporaryFilesOfTheDead(const std::string& parent);
/// The folder of this process, made when first asked for and removed at its end. Throws NoRoom.
std::string temporaryFolder();

/// A path below that folder which nothing stands at; whatever is put there goes with this.
class TemporaryPlace {
public:
    explicit TemporaryPlace(const std::string& suffix = "");
    ~TemporaryPlace();
    TemporaryPlace(const TemporaryPlace&) = delete;
    TemporaryPlace& operator=(const TemporaryPlace&) = delete;
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

}  // namespace platform
