#include "platform/workbook.h"

#include <Poco/Zip/Compress.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "values/errors.h"

namespace {

namespace fs = std::filesystem;

class WorkbookTest : public testing::Test {
protected:
    void SetUp() override {
        folder = (fs::temp_directory_path() / ("plumbline-workbook-" + std::to_string(::getpid()))).string();
        fs::remove_all(folder);
        fs::create_directories(folder);
    }
    void TearDown() override { fs::remove_all(folder); }
    static std::string textOf(const std::string& path) {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    /// A workbook of these documents.
    std::string archive(const std::string& name,
                        const std::vector<std::pair<std::string, std::string>>& entries) const {
        const auto path = folder + "/" + name;
        std::ofstream out(path, std::ios::binary);
        Poco::Zip::Compress zip(out, true);
        for (const auto& [entry, text] : entries) {
            std::istringstream in(text);
            zip.addFile(in, Poco::DateTime(), Poco::Path(entry, Poco::Path::PATH_UNIX));
        }
        zip.close();
        return path;
    }
    std::vector<std::pair<std::string, std::string>> sheets(const std::string& path,
                                                            std::uint64_t most = 1 << 20) const {
        std::vector<std::pair<std::string, std::string>> found;
        for (const auto& sheet :
             platform::sheetsOf(path, fs::path(path).filename().string(), folder + "/out", most))
            found.emplace_back(sheet.name, textOf(sheet.path).substr(3));
        return found;
    }
    std::string refusal(const std::string& path, std::uint64_t most = 1 << 20) const {
        try {
            sheets(path, most);
        } catch (const values::Invalid& refused) {
            return refused.problems().front().wanted;
        }
        return "";
    }
    /// An XLSX workbook with one sheet, written as some programs do: targets from the archive's root, texts
    /// in the cells.
    std::string xlsx(const std::string& rows, const std::string& formats = "") const {
        return archive(
            "book.xlsx",
            {{"xl/workbook.xml",
              R"(<workbook xmlns="m" xmlns:r="r"><sheets><sheet name="episodes" sheetId="1" r:id="rId1"/></sheets></workbook>)"},
             {"xl/_rels/workbook.xml.rels",
              R"(<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="/xl/worksheets/sheet1.xml"/><Relationship Id="rId2" Type="x/styles" Target="styles.xml"/></Relationships>)"},
             {"xl/styles.xml", "<styleSheet>" + formats + "</styleSheet>"},
             {"xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"}});
    }
    std::string ods(const std::string& rows) const {
        return archive("book.ods", {{"content.xml",
                                     "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" "
                                     "xmlns:text=\"x\"><table:table table:name=\"sessions\">" +
                                         rows + "</table:table></office:document-content>"}});
    }

    std::string folder;
};

}  // namespace

TEST_F(WorkbookTest, ComesBackAsItWasWritten) {
    const auto path = folder + "/t.xlsx";
    std::ofstream(path, std::ios::binary) << platform::workbookOf(
        {{"episodes",
          {{"ref", "a note", 20, false, {}}, {"sex", "", 10, false, {"female", "male"}}},
          {{{"00012"}, {"female"}}, {{"a, \"b\"\né"}, {"7.5", true}}},
          10}});
    const auto found = sheets(path);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].first, "episodes");
    EXPECT_EQ(found[0].second, "ref,sex\r\n00012,female\r\n\"a, \"\"b\"\"\né\",7.5\r\n");
    EXPECT_EQ(found[1].second, "sex\r\nfemale\r\nmale\r\n");
}

TEST_F(WorkbookTest, GivesDaysTextsAndNumbersAsPeopleSeeThem) {
    const auto path = xlsx(
        R"(<row r="1"><c r="A1" t="inlineStr"><is><t>day</t></is></c><c r="C1" t="str"><v>gap</v></c></row>)"
        R"(<row r="3"><c r="A3" s="1"><v>45748</v></c><c r="B3" s="2"><v>45748.5</v></c><c r="C3"><v>45748</v></c><c r="D3" t="b"><v>1</v></c><c r="E3"><v>0.1</v></c></row>)",
        R"(<numFmts><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs>)");
    EXPECT_EQ(sheets(path)[0].second, "day,,gap\r\n\r\n2025-04-01,2025-04-01,45748,yes,0.1\r\n")
        << "rows keep their numbers";
}

TEST_F(WorkbookTest, ReadsOdsWithItsRepetitions) {
    const auto path =
        ods("<table:table-row><table:table-cell "
            "office:value-type=\"string\"><text:p>ref</text:p></table:table-cell><table:table-cell "
            "table:number-columns-repeated=\"2\" office:value-type=\"date\" "
            "office:date-value=\"2025-04-01T00:00:00\"><text:p>01/04/25</text:p></table:table-cell></"
            "table:table-row>"
            "<table:table-row table:number-rows-repeated=\"2\"><table:table-cell/></table:table-row>"
            "<table:table-row table:number-rows-repeated=\"2\"><table:table-cell office:value-type=\"float\" "
            "office:value=\"12\"><text:p>12.00</text:p></table:table-cell></table:table-row>"
            "<table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell "
            "table:number-columns-repeated=\"16000\"/></table:table-row>");
    EXPECT_EQ(sheets(path)[0].second, "ref,2025-04-01,2025-04-01\r\n\r\n\r\n12,,\r\n12,,\r\n");
}

TEST_F(WorkbookTest, RefusesWhatIsDamagedOrNoWorkbook) {
    const auto whole = textOf(xlsx("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>"));
    for (std::size_t length = 0; length < whole.size(); length += 97) {
        std::ofstream(folder + "/cut.xlsx", std::ios::binary) << whole.substr(0, length);
        EXPECT_NE(refusal(folder + "/cut.xlsx"), "") << length;
    }
    std::ofstream(folder + "/text.ods") << "a,b\n1,2\n";
    EXPECT_NE(refusal(folder + "/text.ods"), "");
    EXPECT_NE(refusal(archive("other.xlsx", {{"readme.txt", "hello"}})), "");
    EXPECT_NE(refusal(xlsx(
                  "<row r=\"2\"><c r=\"A2\"><v>1</v></c></row><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>")),
              "")
        << "rows out of order";
}

TEST_F(WorkbookTest, RefusesWhatUnpacksToFarMoreThanItIs) {
    const auto path = ods("<table:table-row><table:table-cell office:value-type=\"string\"><text:p>" +
                          std::string(8 << 20, 'a') + "</text:p></table:table-cell></table:table-row>");
    EXPECT_LT(fs::file_size(path), 100000U);
    EXPECT_NE(refusal(path).find("larger than the service reads"), std::string::npos);
}

TEST_F(WorkbookTest, ExpandsNoEntities) {
    std::string bomb =
        "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\">";
    for (char c = 'b'; c < 'k'; ++c) {
        bomb += std::string("<!ENTITY ") + c + " \"";
        for (int i = 0; i < 10; ++i) bomb += std::string("&") + static_cast<char>(c - 1) + ";";
        bomb += "\">";
    }
    bomb +=
        "<!ENTITY file SYSTEM \"file:///etc/passwd\">]><office:document-content xmlns:office=\"o\" "
        "xmlns:table=\"t\" xmlns:text=\"x\"><table:table "
        "table:name=\"s\"><table:table-row><table:table-cell><text:p>";
    const std::string end =
        "</text:p></table:table-cell></table:table-row></table:table></office:document-content>";
    const auto bombed = archive("bomb.ods", {{"content.xml", bomb + "&j;" + end}});
    try {
        for (const auto& [name, text] : sheets(bombed)) EXPECT_LT(text.size(), 100000U);
    } catch (const values::Invalid&) {
    }
    const auto reaching = archive("file.ods", {{"content.xml", bomb + "x&file;y" + end}});
    try {
        for (const auto& [name, text] : sheets(reaching)) EXPECT_EQ(text.find("root:"), std::string::npos);
    } catch (const values::Invalid&) {
    }
}
