#pragma once

#include <optional>
#include <string>

#include "adherence/reports.h"
#include "entrance/view.h"
#include "platform/view.h"

/// Adherence reports as pages, print and files: the same for every door that shows them.
namespace presentation {

/// Where a report stands, for the links within it: `/inspections/…/reports/…`.
struct Place {
    std::string address;
    /// Where its way back leads.
    std::optional<entrance::Link> back = std::nullopt;
    /// The address of the inspection whose team reads it, for their notes and requests; empty for others.
    std::string inspection = {};  // NOLINT
};

/// The whole report: what page `adherence/report` shows.
platform::View reportView(const adherence::KeptReport& report, const Place& place);

/// In place of a report that is still being made, or could not be: what page `adherence/waiting` shows, which
/// looks again at `address` by itself. `back`: where its way back leads.
platform::View waitingView(const adherence::KeptReport& report, const std::string& address,
                           const std::string& back, const std::string& backText);

/// What a page prints around the report: running header, page numbers, day and fingerprint. As a style sheet.
std::string printSheet(const adherence::KeptReport& report);

/// One service behind a report: every figure, the way from referral to completion, the dimensions of
/// fidelity. Throws NotFound where the report has none of this reference.
platform::View serviceView(platform::Transaction& tx, const adherence::KeptReport& report,
                           const std::string& service, const Place& place);

/// One measure of a service: its counts by condition, its course with limits, and other authorities beside
/// it. Throws NotFound where the report has no such service, or the service no such measure.
platform::View measureView(platform::Transaction& tx, const adherence::KeptReport& report,
                           const std::string& service, const std::string& measure, const Place& place);

}  // namespace presentation
