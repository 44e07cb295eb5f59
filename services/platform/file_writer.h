#pragma once

#include <string>
#include <string_view>

#include "values/errors.h"

namespace platform {

/// There is no room on a disk, or it cannot be written. Its words are for the person who asked.
class NoRoom : public values::Unavailable {
public:
    explicit NoRoom(const std::string& place);
};

/// Writes a file so that nobody takes a part of it for the whole: each step that fails throws NoRoom, and a
/// file that was not closed is removed. Readable by us alone.
class FileWriter {
public:
    enum class How { anew, append };
    explicit FileWriter(std::string path, How how = How::anew);
    ~FileWriter();
    FileWriter(const FileWriter&) = delete;
    FileWriter& operator=(const FileWriter&) = delete;

    void write(std::string_view text);
    /// Everything is handed to the disk; `isLasting` waits until it is there. Nothing is written afterwards.
    void close(bool isLasting = false);

private:
    void flush();

    std::string path_;
    How how_;
    int file_;
    std::string pending_;
};

/// The whole of a file, in place of what stood there.
void writeFile(const std::string& path, std::string_view text);
/// Behind what stands in a file already, and lasting when this returns.
void appendToFile(const std::string& path, std::string_view text);
/// A folder that we alone may read, with those above it. Throws NoRoom.
void makePrivateFolder(const std::string& path);

}  // namespace platform
