#include "intake/record_reader.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "intake/pseudonyms.h"
#include "intake/rejected_rows.h"
#include "intake/repeats.h"
#include "platform/digest.h"

using intake::ColumnRule;
using intake::ColumnType;
using intake::FileType;
using intake::Problems;
using intake::RecordReader;

namespace {

FileType typeWith(std::vector<ColumnRule> columns) {
    FileType type;
    type.name = "things";
    type.columns = std::move(columns);
    type.key = {0};
    return type;
}

ColumnRule rule(const std::string& name, ColumnType type, bool isRequired = false) {
    ColumnRule column;
    column.name = name;
    column.type = type;
    column.isRequired = isRequired;
    column.most = 1000;
    column.values = {"in place", "Not known"};
    return column;
}

struct Read {
    std::vector<std::vector<std::optional<std::string>>> rows;
    std::vector<values::FieldProblem> problems;
    std::vector<std::string> ignored;
};

Read read(const FileType& type, const std::string& bytes) {
    static int count = 0;
    static const guidance::Catalogue catalogue;
    const auto path = std::filesystem::temp_directory_path() /
                      ("plumbline-reader-" + std::to_string(::getpid()) + "-" + std::to_string(++count));
    std::ofstream(path, std::ios::binary) << bytes;
    Problems problems;
    Read result;
    {
        RecordReader reader(path, "things.csv", type, catalogue, problems);
        while (reader.next()) result.rows.push_back(reader.values());
        result.ignored = reader.ignoredColumns();
    }
    std::filesystem::remove(path);
    try {
        problems.refuse({"things.csv"});
    } catch (const values::Invalid& refusal) {
        result.problems = refusal.problems();
    }
    return result;
}

const auto kDates = typeWith({rule("day", ColumnType::date)});

/// The rule that a lone date breaks; empty where it is read.
std::string faultOf(const std::string& date) {
    const auto result = read(kDates, "day\n" + date + "\n");
    return result.problems.empty() ? "" : result.problems[0].wanted;
}

}  // namespace

TEST(Dates, AreReadInEitherStyleWithATimeLeftOut) {
    for (const auto* text :
         {"2025-04-03", "03/04/2025", "3/4/2025", "2025-04-03T00:00:00", "03/04/2025 09:30"}) {
        const auto result = read(kDates, std::string("day\n") + text + "\n");
        ASSERT_TRUE(result.problems.empty()) << text;
        EXPECT_EQ(result.rows[0][0], "2025-04-03") << text;
    }
}

TEST(Dates, AreNeverGuessed) {
    EXPECT_NE(faultOf("31/02/2025").find("real date"), std::string::npos);
    EXPECT_NE(faultOf("2025-02-30").find("real date"), std::string::npos);
    EXPECT_NE(faultOf("06/30/2025").find("American"), std::string::npos);
    EXPECT_NE(faultOf("03/04/25").find("four digits"), std::string::npos);
    EXPECT_NE(faultOf("45750").find("spreadsheet"), std::string::npos);
    EXPECT_NE(faultOf("yesterday").find("real date"), std::string::npos);
}

TEST(Dates, KeepOneStyleThroughAFile) {
    const auto result = read(kDates, "day\n2025-04-03\n04/04/2025\n2025-04-05\n");
    ASSERT_EQ(result.problems.size(), 1U);
    EXPECT_EQ(result.problems[0].where.row, 3);
    EXPECT_EQ(result.problems[0].got, "04/04/2025");
}

TEST(Headers, AreMatchedWithoutCaseSpacesAndUnderscores) {
    const auto type = typeWith({rule("first_day", ColumnType::date, true), rule("name", ColumnType::text)});
    const auto result = read(type, " FIRST DAY ,Name,,\n2025-04-03,x,,\n");
    EXPECT_TRUE(result.problems.empty());
    EXPECT_EQ(result.rows[0][1], "x");
}

TEST(Headers, MayBeSeparatedBySemicolonOrTab) {
    const auto type = typeWith({rule("a", ColumnType::text, true), rule("b", ColumnType::text, true)});
    for (const auto* file : {"a;b\n1;2\n", "a\tb\n1\t2\n"}) EXPECT_EQ(read(type, file).rows[0][1], "2");
}

TEST(Headers, SayWhichColumnIsMissingOrTwice) {
    const auto type = typeWith({rule("a", ColumnType::text, true), rule("b", ColumnType::text, true)});
    const auto missing = read(type, "a\n1\n");
    ASSERT_EQ(missing.problems.size(), 1U);
    EXPECT_EQ(missing.problems[0].where.column, "b");
    EXPECT_EQ(read(type, "a,b,A\n1,2,3\n").problems.size(), 1U);
    EXPECT_EQ(read(type, "").problems.size(), 1U);
}

TEST(Columns, ThatAreNotKeptAreLeftOutAndNamed) {
    const auto result =
        read(typeWith({rule("a", ColumnType::text, true)}), "a,DOB,HOME_POST\n1,2010-01-01,LS1 4AP\n");
    EXPECT_TRUE(result.problems.empty());
    EXPECT_EQ(result.ignored, (std::vector<std::string>{"DOB", "HOME_POST"}));
    EXPECT_EQ(result.rows[0], (std::vector<std::optional<std::string>>{"1"}));
}

TEST(Rows, ThatAreRaggedAreRefusedAndBlankOnesPassedOver) {
    const auto type = typeWith({rule("a", ColumnType::text), rule("b", ColumnType::text)});
    const auto result = read(type, "a,b\n1,2\n\n,\n1\n1,2,3\n1,2,,\n");
    EXPECT_EQ(result.rows.size(), 4U);
    ASSERT_EQ(result.problems.size(), 2U);
    EXPECT_EQ(result.problems[0].where.row, 5);
    EXPECT_EQ(result.problems[1].where.row, 6);
}

TEST(References, ThatASpreadsheetChangedAreRefusedNotRepaired) {
    const auto type = typeWith({rule("ref", ColumnType::reference, true)});
    EXPECT_EQ(read(type, "ref\n1.23E+12\n").problems.size(), 1U);
    EXPECT_EQ(read(type, "ref\n'00123\n").rows[0][0], "00123");
    EXPECT_EQ(read(type, "ref\nE-12\n").problems.size(), 0U);
}

TEST(References, AreNeitherPupilNumbersNorPostcodes) {
    const auto type = typeWith({rule("ref", ColumnType::reference, true)});
    EXPECT_EQ(read(type, "ref\nH801200001001\n").problems.size(), 1U);
    EXPECT_EQ(read(type, "ref\nA801200001001\n").problems.size(), 0U)
        << "its check letter is wrong: not a pupil number";
    EXPECT_EQ(read(type, "ref\nLS1 4AP\n").problems.size(), 1U);
}

TEST(Numbers, MayHaveThousandsOnlyWithinQuotes) {
    const auto type = typeWith({rule("n", ColumnType::whole), rule("x", ColumnType::text)});
    auto wide = type;
    wide.columns[0].most = 1000000;
    EXPECT_EQ(read(wide, "n,x\n\"1,234\",y\n").rows[0][0], "1234");
    EXPECT_EQ(read(wide, "n;x\n1,234;y\n").problems.size(), 1U);
    for (const auto* wrong : {"-5", "1.5", "many", "1000001"})
        EXPECT_EQ(read(wide, std::string("n,x\n") + wrong + ",y\n").problems.size(), 1U) << wrong;
}

TEST(Codes, AreReadAsTheRuleSpellsThem) {
    const auto type = typeWith({rule("c", ColumnType::code)});
    EXPECT_EQ(read(type, "c\nIN  PLACE\n").rows[0][0], "in place");
    EXPECT_EQ(read(type, "c\nnot known\n").rows[0][0], "Not known");
    EXPECT_EQ(read(type, "c\nelsewhere\n").problems[0].wanted, "Use one of: in place, Not known.");
}

TEST(Texts, HaveRunsOfWhiteSpaceMadeOne) {
    EXPECT_EQ(read(typeWith({rule("t", ColumnType::text)}), "t\n\"a \n\xE2\x80\x93 b\"\n").rows[0][0],
              "a \u2013 b");
}

TEST(Files, InUtf16AreAskedForAgain) {
    const auto result = read(typeWith({rule("t", ColumnType::text)}), std::string("\xFF\xFEt\0", 4));
    ASSERT_EQ(result.problems.size(), 1U);
    EXPECT_NE(result.problems[0].wanted.find("CSV UTF-8"), std::string::npos);
}

/// Days that follow one another may fall on one day; the latest of those before is named.
TEST(Together, DaysFollowTheLatestOfThoseBefore) {
    auto type = typeWith({rule("referred_on", ColumnType::date), rule("offered_on", ColumnType::date),
                          rule("started_on", ColumnType::date)});
    type.columns[2].notBefore = {0, 1};
    const auto faultOf = [&](const char* row) {
        const auto result = read(type, std::string("referred_on,offered_on,started_on\n") + row + "\n");
        return result.problems.empty() ? ""
                                       : result.problems[0].where.column + ": " + result.problems[0].wanted;
    };
    EXPECT_EQ(faultOf("2025-04-01,2025-04-03,2025-04-03"), "");
    EXPECT_EQ(faultOf("2025-04-01,2025-04-03,2025-04-02"),
              "started_on: Give a day on or after offered_on, 3 April 2025.");
    EXPECT_EQ(faultOf("2025-04-03,2025-04-01,2025-04-02"),
              "started_on: Give a day on or after referred_on, 3 April 2025.");
    EXPECT_EQ(faultOf("2025-04-01,,2025-04-02"), "");
    EXPECT_EQ(faultOf("2025-04-01,2025-04-03,"), "");
}

TEST(Together, OneAnswerAsksForAnother) {
    auto type = typeWith({rule("status", ColumnType::code), rule("reason", ColumnType::text),
                          rule("closed_on", ColumnType::date), rule("evidence", ColumnType::text)});
    type.columns[1].requiredWith = {{0, {"Not known"}}};
    type.columns[3].requiredWith = {{2, {}}};
    const auto faultsOf = [&](const char* row) {
        std::string faults;
        for (const auto& one :
             read(type, std::string("status,reason,closed_on,evidence\n") + row + "\n").problems)
            faults += one.wanted;
        return faults;
    };
    EXPECT_EQ(faultsOf("in place,,,"), "");
    EXPECT_EQ(faultsOf("not known,,,"), "Fill in reason, because status is “Not known”.");
    EXPECT_EQ(faultsOf("not known,why,,"), "");
    EXPECT_EQ(faultsOf("in place,,2025-04-01,"), "Fill in evidence, because closed_on is given.");
    EXPECT_EQ(faultsOf("in place,,2025-04-01,seen"), "");
}

TEST(Numbers, AreTakenUpToBothEnds) {
    auto type = typeWith({rule("n", ColumnType::whole), rule("t", ColumnType::text)});
    type.columns[0].least = 2;
    type.columns[0].most = 5;
    type.columns[1].most = 4;
    const auto isTaken = [&](const std::string& row) {
        return read(type, "n,t\n" + row + "\n").problems.empty();
    };
    EXPECT_TRUE(isTaken("2,x"));
    EXPECT_FALSE(isTaken("1,x"));
    EXPECT_TRUE(isTaken("5,x"));
    EXPECT_FALSE(isTaken("6,x"));
    EXPECT_TRUE(isTaken("3,çdéf")) << "characters, not bytes";
    EXPECT_FALSE(isTaken("3,abcde"));
}

/// What came back to be corrected: its own rows, with why, and nothing that a spreadsheet would run.
TEST(Corrections, HoldTheRowsThatWereRefusedWithTheirReasons) {
    const auto path =
        std::filesystem::temp_directory_path() / ("plumbline-correct-" + std::to_string(::getpid()));
    std::ofstream(path, std::ios::binary)
        << "ref,why_rejected,name\nA,old,\"x, y\"\nB,,fine\nC,old,=1+1\nD,,@SUM(A1)\n";
    EXPECT_EQ(intake::correctionFile(path, {2, 4, 5}, {{2, "Say \"why\"."}, {4, "No."}}),
              "\xEF\xBB\xBFref,name,why_rejected\r\n"
              "A,\"x, y\",\"Say \"\"why\"\".\"\r\n"
              "C,'=1+1,No.\r\n"
              "D,'@SUM(A1),\r\n");
    std::filesystem::remove(path);
}

TEST(Problems, AreAllCountedAndTheFirstKept) {
    std::string file = "day\n";
    for (int i = 0; i < 10500; ++i) file += "x\n";
    static const guidance::Catalogue catalogue;
    EXPECT_EQ(read(kDates, file).problems.size(), 10000U);
}

TEST(Pseudonyms, AgreeWithTheVectors) {
    platform::prepareCryptography();
    std::string key;
    for (int i = 0; i < 32; ++i) key += static_cast<char>(i);
    EXPECT_EQ(intake::pseudonym(key, 1, "E06000001", "A801200001001"), "7b0f9ab0930b3c149fac4bae1ad9cec2");
    EXPECT_EQ(intake::pseudonym(key, 1, "E06000001", " a801200001001 "), "7b0f9ab0930b3c149fac4bae1ad9cec2");
    EXPECT_EQ(intake::pseudonym(key, 1, "E06000002", "A801200001001"), "a9bf993c867eb4657346bff151b6ad04");
    EXPECT_EQ(intake::pseudonym(key, 1, "E06000001", "00123"), "4225be76a528d6be03a00c52c38da22f");
    EXPECT_EQ(intake::pseudonym(key, 1, "E06000001", "123"), "b48cb0192980983a56c6f962fb1c3c7d");
}

TEST(Pseudonyms, KeepTheirKeyAndTheCodeItWasMadeWith) {
    platform::prepareCryptography();
    const auto folder =
        std::filesystem::temp_directory_path() / ("plumbline-keys-" + std::to_string(::getpid()));
    const auto of = [&](int authority, const char* code) {
        intake::Pseudonyms::make(folder, authority, code);
        return intake::Pseudonyms(folder, authority).of("x").pseudonym;
    };
    const auto first = of(370, "E08000016");
    EXPECT_EQ(of(370, "E08000038"), first) << "a new code breaks no link";
    EXPECT_NE(of(373, "E08000016"), first);
    EXPECT_EQ(std::filesystem::status(folder / "370.key").permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    std::filesystem::remove_all(folder);
}

TEST(Pseudonyms, RememberTheKeysBeforeUntilTheyAreForgotten) {
    platform::prepareCryptography();
    const auto folder =
        std::filesystem::temp_directory_path() / ("plumbline-rotated-" + std::to_string(::getpid()));
    intake::Pseudonyms::make(folder, 370, "E08000016");
    const auto first = intake::Pseudonyms(folder, 370).of("x");
    intake::Pseudonyms::rotate(folder, 370);
    const auto second = intake::Pseudonyms(folder, 370).of("x");
    EXPECT_EQ(second.keyVersion, 2);
    EXPECT_NE(second.pseudonym, first.pseudonym);
    EXPECT_EQ(second.older, std::vector<std::string>{first.pseudonym});
    intake::Pseudonyms::forgetOlder(folder, 370);
    const auto third = intake::Pseudonyms(folder, 370).of("x");
    EXPECT_EQ(third.pseudonym, second.pseudonym);
    EXPECT_TRUE(third.older.empty());
    std::filesystem::remove_all(folder);
}

TEST(Repeats, AreFoundAmongMoreKeysThanFitInMemory) {
    platform::prepareCryptography();
    intake::Repeats repeats;
    constexpr long kKeys = 2'200'000;
    for (long i = 0; i < kKeys; ++i) repeats.add(std::to_string(i), i);
    repeats.add("0", kKeys);
    repeats.add("1234567", kKeys + 1);
    repeats.add("0", kKeys + 2);
    std::vector<long> rows;
    repeats.report([&](long row) { rows.push_back(row); });
    std::ranges::sort(rows);
    EXPECT_EQ(rows, (std::vector<long>{kKeys, kKeys + 1, kKeys + 2}));
}
