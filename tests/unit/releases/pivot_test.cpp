// The workbench's pivot: it arranges what is published, and adds nothing up.

#include "releases/pivot.h"

#include <gtest/gtest.h>

#include "values/errors.h"

using releases::pivotOf;
using releases::PivotQuestion;
using releases::ReleaseTable;

namespace {

ReleaseTable aTable() {
    ReleaseTable table{"pathway", "Pathway", "", {}, {}, {}};
    table.filters = {{"programme", "Programme", "", "", {"Total", "Group"}},
                     {"step", "Step", "", "Referred", {"Referred", "Started"}}};
    table.indicators = {{"count", "Families", "", "", 0}, {"percent", "Share", "", "%", 0}};
    const auto add = [&](const char* level, const char* place, std::size_t programme, std::size_t step,
                         const char* count) {
        table.rows.push_back({level, "code", place, "", {programme, step}, {count, "u"}});
    };
    for (std::size_t programme = 0; programme < 2; ++programme)
        for (std::size_t step = 0; step < 2; ++step) {
            add("National", "England", programme, step, programme == 0 ? "400" : "c");
            add("Regional", "North East", programme, step, "60");
            add("Local authority", "Hartlepool", programme, step, step == 0 ? "15" : "k");
        }
    return table;
}

std::vector<std::string> faultsOf(const PivotQuestion& question) {
    std::vector<std::string> columns;
    try {
        pivotOf(aTable(), question);
    } catch (const values::Invalid& invalid) {
        for (const auto& one : invalid.problems()) columns.push_back(one.where.column);
    }
    return columns;
}

}  // namespace

TEST(Pivot, ShowsPlacesByTheLastFilterWhereNothingElseIsAskedFor) {
    const auto pivot = pivotOf(aTable(), {});
    EXPECT_EQ(pivot.rows, (std::vector<std::string>{"England", "North East"}));
    EXPECT_EQ(pivot.columns, (std::vector<std::string>{"Referred", "Started"}));
    EXPECT_EQ(pivot.question.items.at("programme"), "Total");
    EXPECT_EQ(pivot.cells[0][0].value, "400");
    EXPECT_EQ(pivot.cells[0][0].status, "published");
}

TEST(Pivot, KeepsTheStatusOfEveryCell) {
    const auto pivot = pivotOf(aTable(), {"programme", "step", "count", "", "England", {}});
    EXPECT_EQ(pivot.cells[0][1].status, "published");
    EXPECT_EQ(pivot.cells[1][1].value, "c");
    EXPECT_EQ(pivot.cells[1][1].status, "hidden");
    const auto places =
        pivotOf(aTable(), {"step", "place", "count", "authority", "", {{"programme", "Group"}}});
    EXPECT_EQ(places.columns, std::vector<std::string>{"Hartlepool"});
    EXPECT_EQ(places.cells[1][0].status, "rounds to nought");
    EXPECT_EQ(pivotOf(aTable(), {"", "", "percent", "", "", {}}).cells[0][0].status, "not reliable");
}

TEST(Pivot, NamesEverythingThatTheTableDoesNotHave) {
    EXPECT_EQ(faultsOf({"colour", "step", "weight", "parish", "", {{"programme", "None"}, {"shape", "x"}}}),
              (std::vector<std::string>{"level", "rows", "indicator", "shape", "programme"}));
    EXPECT_EQ(faultsOf({"step", "step", "", "", "", {}}), std::vector<std::string>{"columns"});
}
