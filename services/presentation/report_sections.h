#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adherence/reports.h"
#include "entrance/view.h"
#include "presentation/report_page.h"

namespace presentation {

// The sections of a report's page, in their order. Each says what it takes from the kept report, and what it
// shows of that.

/// A kept report as its sections read it.
class Source {
public:
    Source(const adherence::KeptReport& report, const Place& place);
    const platform::View& at(const char* part) const { return content_.at(part); }
    /// By its reference; the reference itself where the report has no such service.
    std::string serviceName(const std::string& reference) const;
    std::string serviceAddress(const std::string& reference) const;

private:
    platform::View content_;
    std::string address_;
    std::map<std::string, std::string> serviceNames_;
};

/// 1. At a glance: every recommendation by its level.
struct Glance {
    struct Entry {
        std::string title;
        std::string href;
        entrance::Tag level;
        entrance::Tag grade;
        std::string why;  ///< the level in one line
        platform::View view() const;
    };
    std::string summary;
    std::string basis;
    std::vector<Entry> entries;  ///< those that are not told of below
    std::vector<Entry> notOffered;
    static Glance of(const Source& source);
    platform::View view() const;
};

/// 2 to 4. What stands out, what is not known, and the questions that follow.
struct Findings {
    struct Finding {
        long long number;
        std::string text;
        platform::View view() const;
    };
    /// An expectation that delivery says nothing to.
    struct Silent {
        std::string code;
        std::string statement;
        std::string why;
        platform::View view() const;
    };
    std::vector<Finding> contradictions;
    std::vector<Finding> gaps;
    std::vector<Finding> strengths;
    std::vector<Finding> unknowns;
    std::vector<Silent> silents;
    std::vector<Finding> enquiries;  ///< each with the number of the finding that it follows from
    static Findings of(const Source& source);
    platform::View view() const;
};

/// 5. Judgement areas, each with its expectations.
struct Areas {
    struct RecommendationLink {
        std::string href;
        std::string title;
        entrance::Tag level;
        platform::View view() const;
    };
    struct FindingNumber {
        long long number;
        platform::View view() const;
    };
    struct Expectation {
        std::string id;
        std::string code;
        std::string statement;
        std::string silent;  ///< why delivery has nothing to say; empty where it has
        entrance::Tag grade;
        std::vector<std::string> lines;
        std::optional<entrance::Table> measures;
        std::vector<RecommendationLink> recommendations;
        std::vector<std::string> criteria;
        std::vector<FindingNumber> findings;
        static Expectation of(const Source& source, const platform::View& one);
        platform::View view() const;
    };
    struct Area {
        std::string id;
        std::string name;
        entrance::Table overview;
        std::vector<Expectation> expectations;
        static Area of(const Source& source, const platform::View& area);
        platform::View view() const;
    };
    std::string framework;
    std::vector<Area> areas;
    static Areas of(const Source& source);
    platform::View view() const;
};

/// 6. The National Framework's outcomes and enablers.
struct Aims {
    std::string edition;
    entrance::Table aims;
    static Aims of(const Source& source);
    platform::View view() const;
};

/// 7. Recommendations one by one, and the services that serve them.
struct Recommendations {
    struct ServiceLink {
        std::string href;
        std::string name;
        std::string note;
        bool isRunning;
        platform::View view() const;
    };
    struct Recommendation {
        std::string id;
        std::string title;
        std::string guide;
        std::string version;
        std::string strength;
        bool isUnconfirmed;  ///< its wording is ours and was not checked against the guide
        entrance::Tag level;
        entrance::Tag grade;
        std::vector<std::string> reasons;
        std::optional<entrance::Table> standards;
        std::vector<ServiceLink> services;
        std::string declared;
        std::string levels;  ///< quarter by quarter
        std::vector<std::string> criteria;
        static Recommendation of(const Source& source, const platform::View& one);
        platform::View view() const;
    };
    /// A service of an approach that no guide recommends.
    struct Unevidenced {
        std::string name;
        std::string approach;
        std::string evidence;
        platform::View view() const;
    };
    std::vector<Recommendation> recommendations;
    entrance::Table services;
    std::vector<Unevidenced> unevidenced;
    static Recommendations of(const Source& source);
    platform::View view() const;
};

/// 8. Family group meetings, step by step; nothing where no family is on record.
struct Meetings {
    std::optional<entrance::Table> steps;
    std::optional<entrance::Table> models;
    static Meetings of(const Source& source);
    platform::View view() const;
};

/// 9. How figures are spread over services and practitioners.
struct Spread {
    entrance::Table spread;
    static Spread of(const Source& source);
    platform::View view() const;
};

/// 10. Beside the region, statistical neighbours and England.
struct Comparison {
    std::optional<entrance::Table> comparison;
    std::string neighbours;  ///< who they are
    static Comparison of(const Source& source);
    platform::View view() const;
};

/// 11. Figures by groups: a table for each measure and characteristic.
struct Equality {
    std::vector<entrance::Table> tables;
    static Equality of(const Source& source);
    platform::View view() const;
};

/// 12. Official figures, and where they are from.
struct OfficialContext {
    std::optional<entrance::Table> figures;
    std::vector<std::string> sources;
    static OfficialContext of(const Source& source);
    platform::View view() const;
};

/// 13. Actions, and what children and families say.
struct Statements {
    std::optional<entrance::Table> actions;
    std::optional<entrance::Table> feedback;
    static Statements of(const Source& source);
    platform::View view() const;
};

/// 14. Signed returns, and what their records say otherwise today.
struct SignedReturns {
    struct Change {
        std::string quarter;
        std::string text;
        platform::View view() const;
    };
    entrance::Table returns;
    std::vector<Change> changes;
    static SignedReturns of(const Source& source);
    platform::View view() const;
};

/// 15. What the report was made from.
struct Making {
    std::string fingerprint;
    std::string catalogueFingerprint;
    std::vector<std::string> guides;
    static Making of(const Source& source, const std::string& fingerprint);
    platform::View view() const;
};

}  // namespace presentation
