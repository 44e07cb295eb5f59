#pragma once

#include <string>
#include <vector>

#include "delivery/authorities.h"
#include "delivery/catalogues.h"
#include "entrance/entrance.h"
#include "inspections/self_evaluation.h"
#include "intake/file_type.h"
#include "intake/keeper.h"
#include "intake/uploads.h"

namespace authority {

using entrance::Visit;

/// What the door stands on; made in `plumbline` and outliving it.
struct Rooms {
    entrance::Rooms entrance;  ///< its database under the account `authority`
    delivery::Catalogues& catalogues;
    intake::Uploads uploads;
    intake::Keeper keeper;
};

/// The pages of an authority's people.
class Door {
public:
    explicit Door(Rooms rooms);

    /// What everyone passes on the way in.
    entrance::Entrance& entrance() { return entrance_; }

    platform::Response home(Visit& visit);
    platform::Response recommendation(Visit& visit);
    platform::Response services(Visit& visit);
    platform::Response service(Visit& visit);
    platform::Response figure(Visit& visit);
    platform::Response certificate(Visit& visit);
    platform::Response guide(Visit& visit);
    // the register and what is delivered, record by record
    platform::Response recordKinds(Visit& visit);
    platform::Response records(Visit& visit);
    platform::Response record(Visit& visit);
    platform::Response newRecord(Visit& visit);
    platform::Response addRecord(Visit& visit);
    platform::Response editRecord(Visit& visit);
    platform::Response changeRecord(Visit& visit);
    platform::Response archiveRecord(Visit& visit);
    platform::Response attendance(Visit& visit);
    platform::Response saveAttendance(Visit& visit);
    platform::Response reviewForm(Visit& visit);
    platform::Response addReview(Visit& visit);

    // what the authority says, and what it does
    platform::Response declarations(Visit& visit);
    platform::Response declarationForm(Visit& visit);
    platform::Response declare(Visit& visit);
    platform::Response confirmDeclaration(Visit& visit);
    platform::Response actions(Visit& visit);
    platform::Response action(Visit& visit);
    platform::Response changeAction(Visit& visit);
    platform::Response quality(Visit& visit);
    platform::Response returnList(Visit& visit);
    platform::Response quarterReturn(Visit& visit);
    platform::Response fillReturn(Visit& visit);
    platform::Response signReturn(Visit& visit);
    platform::Response correctReturn(Visit& visit);
    platform::Response signedReturn(Visit& visit);
    platform::Response countsForm(Visit& visit);
    platform::Response saveCounts(Visit& visit);

    // inspectors, and what the authority says of itself
    platform::Response inspectionList(Visit& visit);
    platform::Response newInspection(Visit& visit);
    platform::Response grantInspection(Visit& visit);
    platform::Response inspectionPage(Visit& visit);
    platform::Response endInspection(Visit& visit);
    platform::Response answerRequest(Visit& visit);
    platform::Response sampledRecords(Visit& visit);
    platform::Response inspectedReport(Visit& visit);
    platform::Response ownReport(Visit& visit);
    platform::Response ownReportData(Visit& visit);
    platform::Response ownReportWorkbook(Visit& visit);
    platform::Response ownPrintSheet(Visit& visit);
    platform::Response ownReportService(Visit& visit);
    platform::Response ownReportMeasure(Visit& visit);
    platform::Response selfEvaluation(Visit& visit);
    platform::Response askOwnReport(Visit& visit);
    platform::Response selfEvaluationForm(Visit& visit);
    platform::Response saveSelfEvaluation(Visit& visit);
    platform::Response giveSelfEvaluation(Visit& visit);

    // machines
    platform::Response systems(Visit& visit);
    platform::Response admitSystem(Visit& visit);
    platform::Response revokeSystem(Visit& visit);
    platform::Response apiDescription(Visit& visit);
    platform::Response apiList(Visit& visit);
    platform::Response apiRecord(Visit& visit);
    platform::Response apiPut(Visit& visit);
    platform::Response apiBulk(Visit& visit);
    platform::Response apiUpload(Visit& visit);
    platform::Response apiResults(Visit& visit);

    // files
    platform::Response uploadForm(Visit& visit);
    platform::Response sendFiles(Visit& visit);
    platform::Response upload(Visit& visit);
    platform::Response uploadProblems(Visit& visit);
    platform::Response confirmUpload(Visit& visit);
    platform::Response withdrawUpload(Visit& visit);
    platform::Response cancelUpload(Visit& visit);
    platform::Response dismissRejected(Visit& visit);
    platform::Response columnsForm(Visit& visit);
    platform::Response explainColumns(Visit& visit);
    platform::Response corrections(Visit& visit);
    platform::Response templateFile(Visit& visit);

private:
    /// A unit of work that is done once for the form that asked for it; gives where to go.
    std::string once(const Visit& visit, const std::function<std::string(platform::Transaction&)>& unit);
    /// A reference that no record has yet.
    std::string freshReference(const intake::FileType& type);
    std::vector<std::string> scoreChanges(platform::Transaction& tx, identity::AuthorityId authority,
                                          const std::string& episode,
                                          const guidance::Catalogue& catalogue) const;
    platform::Response chooseBetween(Visit& visit, const intake::FileType& type, const values::Fields& mine,
                                     const intake::RecordView& now);
    intake::FileType apiType(platform::Transaction& tx, const intake::FileType& type,
                             const std::string& checklist) const;
    std::string idempotent(const Visit& visit);
    std::string knownChecklist(platform::Transaction& tx, const Visit& visit, const intake::FileType& type,
                               const std::string& key) const;
    intake::FileType allItems(platform::Transaction& tx, const intake::FileType& type) const;
    static values::Fields keyColumns(const intake::FileType& type, const std::string& key);
    platform::Response render(const Visit& visit, const std::string& page, platform::View view) const;
    intake::Upload uploadOf(const Visit& visit, platform::Transaction& tx) const;
    intake::Upload uploadOf(const Visit& visit);
    /// The service that an address names; throws NotFound where the authority has no such one.
    delivery::Service serviceOf(const Visit& visit);
    /// The inspection, and the report, that an address names; each throws NotFound where it is not the
    /// authority's.
    inspections::Inspection inspectionOf(platform::Transaction& tx, const Visit& visit) const;
    adherence::KeptReport reportOf(const Visit& visit);
    platform::Response showReport(Visit& visit, const adherence::KeptReport& report, const std::string& back,
                                  const std::string& backText);

    platform::Database& database_;
    const values::Clock& clock_;
    values::Ids& ids_;
    delivery::Catalogues& catalogues_;
    intake::Uploads uploads_;
    intake::Keeper keeper_;
    entrance::Entrance entrance_;
};

}  // namespace authority
