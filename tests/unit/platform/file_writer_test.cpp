// Files are written whole, or whoever asked is told; what is needed for a moment does not outlive its
// process.
#include "platform/file_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "platform/request_reader.h"
#include "platform/temporary_files.h"
#include "platform/workbook.h"

using platform::NoRoom;
using ::testing::HasSubstr;

namespace {

namespace fs = std::filesystem;

class FileWriterTest : public testing::Test {
protected:
    void SetUp() override {
        fs::remove_all(folder);
        fs::create_directories(folder);
    }
    void TearDown() override {
        platform::keepTemporaryFilesIn("");
        fs::remove_all(folder);
    }
    /// A file in the folder on a disk that is full: it can be opened, and takes nothing.
    std::string fullFile(const std::string& name) const {
        const auto path = folder + "/" + name;
        fs::create_symlink("/dev/full", path);
        return path;
    }
    static std::size_t entriesOf(const std::string& path) {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), {}));
    }

    const std::string folder =
        (fs::temp_directory_path() / ("plumbline-writer-" + std::to_string(::getpid()))).string();
};

}  // namespace

TEST_F(FileWriterTest, SaysInWordsThatThereIsNoRoom) {
    for (const std::size_t length : {1U, 200000U}) {
        try {
            platform::writeFile(fullFile(std::to_string(length)), std::string(length, 'x'));
            FAIL() << length;
        } catch (const NoRoom& fault) {
            EXPECT_THAT(fault.what(), HasSubstr("There is no room"));
            EXPECT_THAT(fault.what(), HasSubstr("nothing was stored"));
        }
    }
    EXPECT_THROW(platform::appendToFile(fullFile("list"), "x"), NoRoom);
    EXPECT_THROW(platform::writeFile(folder + "/nowhere/file", "x"), NoRoom);
    EXPECT_THROW(platform::makePrivateFolder("/dev/full/folder"), NoRoom);
}

TEST_F(FileWriterTest, LeavesNoPartOfAFileBehind) {
    {
        platform::FileWriter file(folder + "/half");
        file.write(std::string(200000, 'x'));
    }
    EXPECT_FALSE(fs::exists(folder + "/half")) << "its writer was interrupted";
    platform::writeFile(folder + "/whole", "abc");
    platform::appendToFile(folder + "/whole", "def");
    std::ostringstream text;
    text << std::ifstream(folder + "/whole").rdbuf();
    EXPECT_EQ(text.str(), "abcdef");
    EXPECT_EQ(fs::status(folder + "/whole").permissions(), fs::perms(0600));
}

/// A body and the files of a form come to the disk the same way.
TEST_F(FileWriterTest, RefusesAFileFromANetworkThatFindsNoRoom) {
    platform::Request request;
    std::istringstream body("{}\n");
    EXPECT_THROW(platform::receiveBody(body, "/dev/full/received", 100, request), NoRoom);
    std::istringstream form(
        "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.csv\"\r\n\r\nx\r\n--b--\r\n");
    EXPECT_THROW(
        platform::readFormBody("multipart/form-data; boundary=b", form, "/dev/full/received", 100, request),
        NoRoom);
    EXPECT_TRUE(request.files.empty());
    std::istringstream again("{}\n");
    platform::receiveBody(again, folder + "/received", 100, request);
    EXPECT_EQ(request.files.at(0).size, 3U);
}

/// A workbook whose sheets do not fit is no shorter workbook.
TEST_F(FileWriterTest, CutsNoSheetOfAWorkbookShort) {
    platform::WorkbookSheet sheet{"sites", {{"site_ref", "", 18, false, {}}}, {}, 0};
    for (int i = 0; i < 3; ++i) sheet.rows.push_back({{"A" + std::to_string(i)}});
    platform::keepTemporaryFilesIn(folder + "/temporary");
    platform::writeFile(folder + "/book.xlsx", platform::workbookOf({sheet}));
    fs::create_directories(folder + "/out");
    fullFile("out/sheet-0.csv");
    EXPECT_THROW(platform::sheetsOf(folder + "/book.xlsx", "book.xlsx", folder + "/out"), NoRoom);
    EXPECT_EQ(platform::sheetsOf(folder + "/book.xlsx", "book.xlsx", folder + "/well").size(), 1U);
    platform::keepTemporaryFilesIn("/dev/full");
    EXPECT_THROW(platform::workbookOf({sheet}), NoRoom);
}

TEST_F(FileWriterTest, RemovesWhatADeadProcessLeftAndNothingOfTheLiving) {
    const auto parent = folder + "/temporary";
    platform::keepTemporaryFilesIn(parent);
    {
        const platform::TemporaryPlace place;
        platform::writeFile(place.path(), "a child's reference");
        EXPECT_EQ(place.path().rfind(parent, 0), 0U);
        fs::create_directories(parent + "/dead/sheets");
        platform::writeFile(parent + "/dead/sheets/sheet-0.csv", "a child's reference");
        platform::removeTemporaryFilesOfTheDead(parent);
        EXPECT_FALSE(fs::exists(parent + "/dead"));
        EXPECT_TRUE(fs::exists(place.path())) << "this process lives";
    }
    EXPECT_EQ(entriesOf(platform::temporaryFolder()), 0U);
    platform::keepTemporaryFilesIn("");
    EXPECT_EQ(entriesOf(parent), 0U) << "it ended in order";
}
