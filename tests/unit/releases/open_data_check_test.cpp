// The check of a pair of open-data files: each of its rules, broken once.

#include "releases/open_data_check.h"

#include <gtest/gtest.h>

#include <algorithm>

using releases::checkPair;
using releases::OpenDataFault;
using releases::PlaceLookups;

namespace {

const std::string kData =
    "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_"
    "code,"
    "new_la_code,la_name,programme,pathway_step,family_count,family_percent\n"
    "202526,Financial year Q3,National,E92000001,England,,,,,,Total,Referred,400,100\n"
    "202526,Financial year Q3,National,E92000001,England,,,,,,Total,Started,k,u\n"
    "202526,Financial year Q3,Regional,E92000001,England,E12000001,North East,,,,\"One, two\",Referred,z,x\n"
    "202526,Financial year Q3,Local authority,E92000001,England,E12000001,North "
    "East,806,E06000002,Middlesbrough,Total,"
    "Started,c,c\n";
const std::string kMeta =
    "col_name,col_type,label,indicator_grouping,indicator_unit,indicator_dp,filter_hint,filter_grouping_"
    "column,"
    "filter_default\n"
    "programme,Filter,Programme,,,,Filter by programme,,Total\n"
    "pathway_step,Filter,Pathway step,,,,Filter by step,,Referred\n"
    "family_count,Indicator,Number of families,Families,,0,,,\n"
    "family_percent,Indicator,Share of families,Families,%,0,,,\n";

const PlaceLookups kPlaces{{"E12000001|North East"}, {"806|E06000002|Middlesbrough"}};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto place = text.find(from);
    EXPECT_NE(place, std::string::npos) << from;
    return text.replace(place, from.size(), to);
}

std::vector<OpenDataFault> faultsOf(const std::string& data, const std::string& meta,
                                    const std::string& name = "pathway") {
    return checkPair(name + ".csv", data, name + ".meta.csv", meta, kPlaces);
}

struct Broken {
    const char* check;
    const char* dataFrom;
    const char* dataTo;
    const char* metaFrom;
    const char* metaTo;
};

}  // namespace

TEST(CheckPair, TakesWhatIsRight) {
    for (const auto& fault : faultsOf(kData, kMeta)) ADD_FAILURE() << fault.check << " " << fault.where;
}

/// Each rule finds what breaks it, and nothing else does.
TEST(CheckPair, FindsEachFault) {
    const std::vector<Broken> all{
        {"col_req_data", "country_name", "country", "", ""},
        {"col_req_meta", "", "", "filter_hint", "hint"},
        {"col_invalid_meta", "", "", "filter_default", "filter_preset"},
        {"duplicate_columns", "la_name,", "region_code,", "", ""},
        {"cross_meta_to_data", "", "", "pathway_step,Filter", "pathway_stage,Filter"},
        {"cross_data_to_meta", "", "", "pathway_step,Filter,Pathway step,,,,Filter by step,,Referred\n", ""},
        {"meta_col_type", "", "", "family_count,Indicator", "family_count,Number"},
        {"meta_dupe_label", "", "", "Share of families", "Number of families"},
        {"meta_label", "", "", "Share of families", ""},
        {"label_length", "", "", "Share of families",
         "Share of families of all those who were referred to any of the programmes by anybody"},
        {"meta_filter_hint", "", "", "Families,,0,,,", "Families,,0,Hint,,"},
        {"meta_fil_grp", "", "", "Families,,0,,,", "Families,,0,,programme,"},
        {"meta_indicator_dp", "", "", "Programme,,,,Filter", "Programme,,,0,Filter"},
        {"meta_ind_unit", "", "", "Programme,,,,Filter", "Programme,,%,,Filter"},
        {"meta_indicator_grouping", "", "", "Programme,,,,Filter", "Programme,Group,,,Filter"},
        {"meta_ind_dp_set", "", "", "Families,%,0", "Families,%,"},
        {"meta_ind_dp_values", "", "", "Families,%,0", "Families,%,one"},
        {"meta_ind_unit_validation", "", "", "Families,%,0", "Families,per cent,0"},
        {"meta_geog_catch", "programme", "provider_code", "programme,Filter", "provider_code,Filter"},
        {"col_names_spaces", "family_count", "family count", "family_count", "family count"},
        {"col_snake_case", "family_count", "family-count", "family_count", "family-count"},
        {"col_var_start", "family_count", "1family_count", "family_count", "1family_count"},
        {"col_ind_smushed", "family_count", "comparable_count", "family_count", "comparable_count"},
        {"harmonised_variables", "programme", "chosen_one", "programme,Filter", "chosen_one,Filter"},
        {"indicator_length", "family_count", "number_of_families_that_were_counted", "family_count",
         "number_of_families_that_were_counted"},
        {"time_period_num", "\n202526,",
         "\n2025,Calendar year,National,E92000001,England,,,,,,A,Referred,1,1\n20252,", "", ""},
        {"time_id_valid", "Financial year Q3", "Financial quarter 3", "", ""},
        {"time_id_mix", "Financial year Q3", "Financial year", "", ""},
        {"time_period", "\n202526,", "\n2025,", "", ""},
        {"time_period_six", "\n202526,", "\n202527,", "", ""},
        {"filter_defaults", "", "", "Filter by step,,Referred", "Filter by step,,Arrived"},
        {"filter_blanks", "Total,Started,k", "Total,,k", "", ""},
        {"filter_whitespace", "Total,Started,k", "Total,Started ,k", "", ""},
        {"geog_level", "Financial year Q3,National", "Financial year Q3,Country", "", ""},
        {"geog_country_combos", "England,,,,,,Total,Referred", "Wales,,,,,,Total,Referred", "", ""},
        {"geog_region_combos", "North East,,,", "North west,,,", "", ""},
        {"geog_la_combos", "Middlesbrough", "Middlesborough", "", ""},
        {"geog_level_completed", "E12000001,North East,,,", ",,,,", "", ""},
        {"geog_region_for_la", "E12000001,North East,806", ",,806", "", ""},
        {"geog_overcompleted_cols", "England,,,,,,Total,Referred",
         "England,E12000001,North East,,,,Total,Referred", "", ""},
        {"general_dupes", "Total,Started,k", "Total,Referred,k", "", ""},
        {"general_null", "Total,Started,k,u", "Total,Started,NA,u", "", ""},
        {"ind_invalid_entry", "400,100", ",100", "", ""},
        {"ind_invalid_entry", "400,100", "\"1,234\",100", "", ""},
        {"ind_invalid_entry", "400,100", "[c],100", "", ""},
        {"ind_invalid_entry", "400,100", "~,100", "", ""},
        {"byte_order_mark", "time_period", "\xEF\xBB\xBFtime_period", "", ""},
        {"line_ends", "family_percent\n", "family_percent\r\n", "", ""},
        {"file_read", "400,100", "400,100,7", "", ""},
        {"file_read", "England", "Engl\xE4nd", "", ""},
    };
    for (const auto& one : all) {
        const auto data = *one.dataFrom == '\0' ? kData : replaced(kData, one.dataFrom, one.dataTo);
        const auto meta = *one.metaFrom == '\0' ? kMeta : replaced(kMeta, one.metaFrom, one.metaTo);
        const auto faults = faultsOf(data, meta);
        EXPECT_NE(std::ranges::find(faults, one.check, &OpenDataFault::check), faults.end())
            << one.check << " was not found; first found: " << (faults.empty() ? "nothing" : faults[0].check);
    }
}

TEST(CheckPair, NamesFileRowAndColumn) {
    const auto faults = faultsOf(replaced(kData, "400,100", "many,100"), kMeta);
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults[0].where, "pathway.csv:2:family_count");
    EXPECT_EQ(faults[0].got, "many");
}

TEST(CheckPair, LooksAtNamesOfFiles) {
    const auto checkOf = [](const std::string& data, const std::string& meta) {
        const auto faults = checkPair(data, kData, meta, kMeta, kPlaces);
        return faults.empty() ? std::string() : faults[0].check;
    };
    EXPECT_EQ(checkOf("path way.csv", "path way.meta.csv"), "filename_spaces");
    EXPECT_EQ(checkOf("path.way.csv", "path.way.meta.csv"), "filename_special");
    EXPECT_EQ(checkOf("pathway.csv", "path.meta.csv"), "filenames_match");
    EXPECT_EQ(checkOf("Pathway.csv", "Pathway.meta.csv"), "filename_case");
}
