#include "values/reader.h"

#include <gtest/gtest.h>

using values::Fields;
using values::Reader;

TEST(Reader, GathersEveryProblemBeforeItRefuses) {
    const Fields fields{{"quarter", "2025"}, {"name", ""}};
    Reader form(fields);
    form.text("name", "your name");
    form.text("email", "your e-mail address");
    EXPECT_FALSE(form.optionalQuarter("quarter"));
    try {
        form.refuseProblems();
        FAIL() << "nothing was refused";
    } catch (const values::Invalid& refusal) {
        ASSERT_EQ(refusal.problems().size(), 3U);
        EXPECT_EQ(refusal.problems()[0].where.column, "name");
        EXPECT_EQ(refusal.problems()[1].wanted, "Enter your e-mail address.");
        EXPECT_EQ(refusal.problems()[2].got, "2025");
    }
}

TEST(Reader, LetsGoodFormsThrough) {
    const Fields fields{{"name", "Sam"}};
    Reader form(fields);
    EXPECT_EQ(form.text("name", "your name"), "Sam");
    EXPECT_NO_THROW(form.refuseProblems());
}

TEST(FieldProblem, NamesFileRowColumnValueAndRule) {
    const values::FieldProblem problem{
        {"episodes.csv", 14, "offered_on"}, "31/06/2025", "Use a real date, like 30/06/2025."};
    EXPECT_EQ(problem.text(),
              "episodes.csv:14:offered_on: got \"31/06/2025\". Use a real date, like 30/06/2025.");
}

TEST(Id, ReadsOnlyWhatItWrites) {
    struct Thing;
    values::IdBytes bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 17);
    const values::Id<Thing> id(bytes);
    EXPECT_EQ(id.text(), "00112233445566778899aabbccddeeff");
    EXPECT_EQ(values::Id<Thing>::parse(id.text()), id);
    for (const auto* wrong : {"", "00112233445566778899AABBCCDDEEFF", "00112233445566778899aabbccddeef",
                              "zz112233445566778899aabbccddeeff"})
        EXPECT_FALSE(values::Id<Thing>::parse(wrong)) << wrong;
}
