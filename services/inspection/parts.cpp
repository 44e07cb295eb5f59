#include "inspection/parts.h"

#include "adherence/reports.h"

namespace inspection {

using platform::View;

View InspectionLine::view() const {
    return {{"title", title}, {"href", href}, {"scope", scope}, {"period", period}, {"access", access}};
}

View InspectionsPage::view() const {
    return {{"title", "Inspections"}, {"isOfAdministrator", isOfAdministrator}, {"inspections", inspections}};
}

std::string reportTitle(const adherence::KeptReport& report) {
    return report.period.name() + ", " + report.known.text();
}

std::vector<entrance::Option> quartersUpTo(values::Quarter last) {
    std::vector<entrance::Option> options;
    auto quarter = last;
    for (int i = 0; i < adherence::kMostQuarters; ++i, quarter = quarter.previous())
        options.push_back({quarter.name(), quarter.name()});
    return options;
}

}  // namespace inspection
