#include "platform/file_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "platform/log.h"

namespace platform {
namespace {
constexpr std::size_t kAtOnce = 1 << 16;
constexpr int kOursAlone = 0600;
}  // namespace

NoRoom::NoRoom(const std::string& place)
    : Unavailable(
          "There is no room on the disk of the service, or it cannot be written; nothing was stored. "
          "Ask whoever runs the service to make room, then send it again.") {
    logEvent(LogLevel::error, "platform.no_room", {{"place", place}});
}

FileWriter::FileWriter(std::string path, How how)
    : path_(std::move(path)),
      how_(how),
      file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | (how == How::append ? O_APPEND : O_TRUNC),
                   kOursAlone)) {
    if (file_ < 0) throw NoRoom(path_);
}

FileWriter::~FileWriter() {
    if (file_ < 0) return;
    ::close(file_);
    std::error_code ignored;
    if (how_ == How::anew && std::filesystem::is_regular_file(path_, ignored))
        std::filesystem::remove(path_, ignored);
}

void FileWriter::write(std::string_view text) {
    pending_ += text;
    if (pending_.size() >= kAtOnce) flush();
}

void FileWriter::flush() {
    for (std::size_t done = 0; done < pending_.size();) {
        const auto written = ::write(file_, pending_.data() + done, pending_.size() - done);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) throw NoRoom(path_);
        done += static_cast<std::size_t>(written);
    }
    pending_.clear();
}

void FileWriter::close(bool isLasting) {
    flush();
    if (isLasting && ::fsync(file_) != 0) throw NoRoom(path_);
    const int file = std::exchange(file_, -1);
    if (::close(file) == 0) return;
    std::error_code ignored;
    if (how_ == How::anew) std::filesystem::remove(path_, ignored);
    throw NoRoom(path_);
}

void writeFile(const std::string& path, std::string_view text) {
    FileWriter file(path);
    file.write(text);
    file.close();
}

void appendToFile(const std::string& path, std::string_view text) {
    FileWriter file(path, FileWriter::How::append);
    file.write(text);
    file.close(true);
}

void makePrivateFolder(const std::string& path) {
    std::error_code fault;
    std::filesystem::create_directories(path, fault);
    if (!fault) std::filesystem::permissions(path, std::filesystem::perms::owner_all, fault);
    if (fault) throw NoRoom(path);
}

}  // namespace platform
