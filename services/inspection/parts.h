#pragma once

#include <string>
#include <vector>

#include "adherence/reports.h"
#include "entrance/view.h"
#include "values/quarter.h"

namespace inspection {

// What several pages of this door show.

/// An inspection of a list, and where it is looked at; an empty address where it may not be.
struct InspectionLine {
    std::string title;
    std::string href;
    std::string scope;
    std::string period;
    std::string access;
    platform::View view() const;
};

/// The inspections of who asks: to open and look after, or to take part in.
struct InspectionsPage {
    bool isOfAdministrator;
    std::vector<InspectionLine> inspections;
    platform::View view() const;
};

/// A report among others: its period, and as known when.
std::string reportTitle(const adherence::KeptReport& report);

/// Quarters to choose from: as many as a report may span, the newest first.
std::vector<entrance::Option> quartersUpTo(values::Quarter last);

}  // namespace inspection
