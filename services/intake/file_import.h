#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "delivery/records.h"
#include "intake/import.h"
#include "intake/problems.h"
#include "intake/pseudonyms.h"
#include "intake/record_reader.h"
#include "intake/repeats.h"

namespace intake {

/// The files of one import, one after the other in one unit of work: what earlier ones brought, later ones
/// refer to.
class Batch {
public:
    Batch(platform::Transaction& tx, identity::AuthorityId authority, values::Ids& ids,
          const guidance::Catalogue& catalogue, const Pseudonyms& pseudonyms, Problems& problems);

    /// `checklist`: of a review file, else empty.
    FileReport importFile(const SourceFile& source, const FileType& type, const std::string& checklist,
                          const Progress& progress);

    /// Services whose figures the records so far may change.
    std::set<values::Id<delivery::Service>> touchedServices();

private:
    /// A record as read, with what the later steps need.
    struct Row {
        long number;
        std::vector<std::optional<std::string>> values;
        bool isFaulty;
    };
    using References = std::unordered_map<std::string, delivery::Records::Reference>;

    void storeRows(const FileType& type, const std::vector<Row>& rows, FileReport& report);
    void recogniseChildren(const FileType& type, const std::vector<Row>& rows);
    void touch(delivery::RecordKind kind, const delivery::Record& record,
               const std::optional<std::string>& previousOwner);
    void reportRepeats(const SourceFile& source, const FileType& type, Repeats& repeats);
    void checkDates(RecordReader& reader);
    void checkScore(RecordReader& reader);
    void resolve(const FileType& type, const std::vector<Row>& rows);
    const delivery::Records::Reference* reference(const FileType& type, const Row& row, std::size_t column);
    std::optional<delivery::Record> compose(const FileType& type, const Row& row);
    std::optional<delivery::Record> composeReview(const FileType& type, const Row& row);
    void noteMissing(const FileType& type, const Row& row, std::size_t column, const std::string& wanted);

    delivery::Records records_;
    const guidance::Catalogue& catalogue_;
    const Pseudonyms& pseudonyms_;
    Problems& problems_;
    std::string file_;
    std::string checklist_;
    std::map<delivery::RecordKind, References> known_;
    /// References of rows that had a problem: what depends on them is not at fault.
    std::map<delivery::RecordKind, std::set<std::string, std::less<>>> faulty_;
    std::set<values::Id<delivery::Service>> touched_;
    std::set<std::string> touchedPractitioners_;
    delivery::ChildNames children_;  ///< of the rows in hand, by what the file calls them
};

}  // namespace intake
