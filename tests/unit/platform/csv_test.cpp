#include "platform/csv.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

using platform::CsvReader;
using platform::Encoding;

namespace {

/// A file of these bytes, removed with its object.
class TemporaryFile {
public:
    explicit TemporaryFile(const std::string& bytes)
        : path_(std::filesystem::temp_directory_path() /
                ("plumbline-csv-" + std::to_string(::getpid()) + "-" + std::to_string(++count))) {
        std::ofstream(path_, std::ios::binary) << bytes;
    }
    ~TemporaryFile() { std::filesystem::remove(path_); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    std::string path() const { return path_.string(); }

private:
    static inline int count = 0;
    std::filesystem::path path_;
};

using Records = std::vector<std::vector<std::string>>;

Records read(const std::string& bytes, char delimiter = ',') {
    const TemporaryFile file(bytes);
    CsvReader reader(file.path(), platform::encodingOf(file.path()), delimiter);
    Records records;
    while (reader.next()) {
        records.emplace_back();
        for (std::size_t i = 0; i < reader.size(); ++i) records.back().emplace_back(reader.cell(i));
    }
    return records;
}

}  // namespace

TEST(Encoding, IsDecidedOnTheWholeFile) {
    EXPECT_EQ(platform::encodingOf(TemporaryFile("a,b\n").path()), Encoding::utf8);
    EXPECT_EQ(platform::encodingOf(TemporaryFile("\xEF\xBB\xBF"
                                                 "a")
                                       .path()),
              Encoding::utf8);
    EXPECT_EQ(platform::encodingOf(TemporaryFile("caf\xC3\xA9").path()), Encoding::utf8);
    EXPECT_EQ(platform::encodingOf(TemporaryFile("caf\xE9").path()), Encoding::windows1252);
    EXPECT_EQ(platform::encodingOf(TemporaryFile(std::string(300000, 'a') + "\xE9").path()),
              Encoding::windows1252);
    EXPECT_EQ(platform::encodingOf(TemporaryFile(std::string("\xFF\xFE"
                                                             "a\0",
                                                             4))
                                       .path()),
              Encoding::utf16);
}

TEST(Encoding, KnowsUtf8HoweverThePiecesFall) {
    for (std::size_t pad = (1 << 18) - 4; pad < (1 << 18) + 1; ++pad)
        EXPECT_EQ(platform::encodingOf(TemporaryFile(std::string(pad, 'a') + "\xE2\x80\x93"
                                                                             "b")
                                           .path()),
                  Encoding::utf8)
            << pad;
}

TEST(Encoding, RefusesOverlongAndSurrogateSequences) {
    EXPECT_TRUE(platform::isUtf8("\xF0\x9F\x98\x80"));
    for (const auto* wrong : {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC3", "\x80",
                              "\xF8\x88\x80\x80\x80"})
        EXPECT_FALSE(platform::isUtf8(wrong));
}

TEST(Csv, DecodesWindows1252AsTheVectorSays) {
    const auto records = read(
        "\x93"
        "A\x94\x92\x96\x97\x80\xA3\xA0\xE9\n");
    EXPECT_EQ(records[0][0], "\u201CA\u201D\u2019\u2013\u2014\u20AC\u00A3\u00A0\u00E9");
}

TEST(Csv, PointsAtBytesThatWindows1252DoesNotDefine) {
    const TemporaryFile file("ok,\x81 bad,\xE9\n");
    CsvReader reader(file.path(), Encoding::windows1252, ',');
    ASSERT_TRUE(reader.next());
    EXPECT_FALSE(reader.hasUndefinedByte(0));
    EXPECT_TRUE(reader.hasUndefinedByte(1));
    EXPECT_FALSE(reader.hasUndefinedByte(2));
}

/// Found by fuzzing: a mark that promises UTF-8 let any bytes through, as far as the database.
TEST(Csv, PointsAtBytesThatAreNotTheUtf8ThatWasPromised) {
    const TemporaryFile file("\xEF\xBB\xBFok,b\xE3 d,\xC3\xA9\n");
    ASSERT_EQ(platform::encodingOf(file.path()), Encoding::utf8);
    CsvReader reader(file.path(), Encoding::utf8, ',');
    ASSERT_TRUE(reader.next());
    EXPECT_FALSE(reader.hasUndefinedByte(0));
    EXPECT_TRUE(reader.hasUndefinedByte(1));
    EXPECT_EQ(reader.cell(1), "b\uFFFD d");
    EXPECT_EQ(reader.cell(2), "\u00E9");
}

TEST(Csv, ReadsEveryLineEndAndQuotedBreaks) {
    for (const auto* end : {"\n", "\r\n", "\r"})
        EXPECT_EQ(read(std::string("a,b") + end + "\"x\ny\",\"say \"\"hi\"\"\"" + end),
                  (Records{{"a", "b"}, {"x\ny", "say \"hi\""}}));
    EXPECT_EQ(read("a,b"), (Records{{"a", "b"}}));
    EXPECT_EQ(read(""), Records{});
}

TEST(Csv, CountsBlankRecordsAsASpreadsheetDoes) {
    const TemporaryFile file("h\n\n,\nx\n");
    CsvReader reader(file.path(), Encoding::utf8, ',');
    std::vector<bool> blanks;
    while (reader.next()) blanks.push_back(reader.isBlank());
    EXPECT_EQ(blanks, (std::vector<bool>{false, true, true, false}));
    EXPECT_EQ(reader.record(), 4);
}

TEST(Csv, TrimsSpacesOfEveryKind) {
    EXPECT_EQ(read("\xEF\xBB\xBF"
                   " a ,\xC2\xA0"
                   "b\xC2\xA0,\t\"  c  \" \n"),
              (Records{{"a", "b", "c"}}));
}

TEST(Csv, SaysWhatIsWrongWithARecord) {
    const TemporaryFile open("a\n\"never closed\nb\n");
    CsvReader reader(open.path(), Encoding::utf8, ',');
    EXPECT_TRUE(reader.next());
    EXPECT_FALSE(reader.fault());
    EXPECT_TRUE(reader.next());
    EXPECT_TRUE(reader.fault());
    const TemporaryFile behind("\"a\"b,c\n");
    CsvReader second(behind.path(), Encoding::utf8, ',');
    EXPECT_TRUE(second.next());
    EXPECT_TRUE(second.fault());
}

TEST(Csv, ReadsCellsAcrossItsBuffer) {
    std::string bytes;
    for (int i = 0; i < 60000; ++i)
        bytes += "r" + std::to_string(i) + ",\"q\"\"" + std::to_string(i) + "\"\r\n";
    const auto records = read(bytes);
    ASSERT_EQ(records.size(), 60000U);
    for (std::size_t i = 0; i < records.size(); i += 997)
        EXPECT_EQ(records[i], (std::vector<std::string>{"r" + std::to_string(i), "q\"" + std::to_string(i)}));
}
