#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "entrance/entrance.h"
#include "inspections/inspections.h"

/// The door of inspectors: reports that a worker made, and no record of a child.
namespace inspection {

using entrance::Visit;

struct Rooms {
    entrance::Rooms entrance;  ///< its database under the account `inspection`
    /// How long an answer waits for a report that is being made, before it says that it is.
    std::chrono::milliseconds patience{2500};
};

class Door {
public:
    explicit Door(Rooms rooms);

    /// What everyone passes on the way in.
    entrance::Entrance& entrance() { return entrance_; }

    // inspectors
    platform::Response inspections(Visit& visit);
    platform::Response inspection(Visit& visit);
    platform::Response askReport(Visit& visit);
    platform::Response report(Visit& visit);
    platform::Response reportData(Visit& visit);
    platform::Response reportWorkbook(Visit& visit);
    platform::Response printSheet(Visit& visit);
    platform::Response service(Visit& visit);
    platform::Response measure(Visit& visit);
    platform::Response differences(Visit& visit);
    platform::Response notes(Visit& visit);
    platform::Response addNote(Visit& visit);
    platform::Response requests(Visit& visit);
    platform::Response askEvidence(Visit& visit);
    platform::Response closeRequest(Visit& visit);
    platform::Response selfEvaluation(Visit& visit);
    platform::Response samples(Visit& visit);
    platform::Response askSample(Visit& visit);

    // their administrator
    platform::Response administration(Visit& visit);
    platform::Response newInspection(Visit& visit);
    platform::Response openInspection(Visit& visit);
    platform::Response administered(Visit& visit);
    platform::Response addMember(Visit& visit);
    platform::Response removeMember(Visit& visit);
    platform::Response moveClosing(Visit& visit);
    platform::Response endInspection(Visit& visit);

private:
    platform::Response render(const Visit& visit, const std::string& page, platform::View view) const;
    std::string once(const Visit& visit, const std::function<std::string(platform::Transaction&)>& unit);
    /// The inspection that the address names, where the person takes part in it and it is open.
    inspections::Inspection inspectionOf(platform::Transaction& tx, const Visit& visit) const;
    /// Throws as inspectionOf does: whatever else is wrong with a form, an inspection of others is not there.
    void refuseOthers(const Visit& visit) const;
    /// Reads under the inspection that the address names, and notes in the authority's audit what was looked
    /// at.
    void look(const Visit& visit, const std::string& what,
              const std::function<void(platform::Transaction&, const inspections::Inspection&)>& reading);
    /// The report that the address names, once it is made; nothing where it still waits or failed, with what
    /// to answer then.
    std::optional<platform::Response> await(Visit& visit);
    adherence::KeptReport reportOf(platform::Transaction& tx, const inspections::Inspection& inspection,
                                   const Visit& visit) const;

    platform::Database& database_;
    const values::Clock& clock_;
    values::Ids& ids_;
    std::chrono::milliseconds patience_;
    entrance::Entrance entrance_;
};

}  // namespace inspection
