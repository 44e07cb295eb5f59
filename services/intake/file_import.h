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

/// A file with what it holds.
struct PlannedFile {
    SourceFile source;
    FileType type;
    std::string checklist;           ///< of a review file, else empty
    std::optional<Mapping> mapping;  ///< what its headers mean, where they are not ours
    bool isReferredTo = false;       ///< a later file of the same import refers to its records
    std::set<long> leftOut;          ///< rows that were refused before, and are not to be stored now
};

/// A row that cannot be stored.
struct RejectedRow {
    long number;
    std::string key;     ///< of the record; empty where the row does not say
    std::string reason;  ///< its problems, or what it waits for
    /// What the file calls a child of the row that was erased, or the record of one that the row belongs to:
    /// nothing of such a row is kept, not even to be corrected.
    std::string erased = {};
};

/// Records of one unit of work, from files or one by one: what earlier ones brought, later ones refer to.
class Batch {
public:
    /// With `isDry` nothing is written but what later files refer to; the unit must be taken back.
    Batch(platform::Transaction& tx, identity::AuthorityId authority, values::Ids& ids,
          const guidance::Catalogue& catalogue, const Pseudonyms& pseudonyms, Problems& problems, bool isDry);

    FileReport importFile(const PlannedFile& file, const Progress& progress);
    /// One record that is at hand: says what became of it; nothing where there were problems.
    std::optional<delivery::PutOutcome> keep(RecordReader& reader, const std::string& checklist);

    /// The end of the unit: marks the services whose figures the records may change, and settles what was
    /// rejected before and is now stored.
    void finish();
    /// How many children the rows named that were erased.
    std::size_t erasedChildren() const { return erasedChildren_.size(); }
    /// The rows of a file that cannot be stored, with their reasons; after importFile.
    std::vector<RejectedRow> rejectedRows(const PlannedFile& file) const;

private:
    /// A record as read, with what the later steps need.
    struct Row {
        long number;
        std::vector<std::optional<std::string>> values;
        bool isFaulty;
    };
    /// Rows that say something about the same columns.
    struct Rows {
        std::vector<Row> rows;
        std::vector<bool> given;
    };
    using References = std::unordered_map<std::string, delivery::Records::Reference>;
    /// Where one column of what is kept comes from.
    struct Part;

    static const std::vector<Part>& partsOf(delivery::RecordKind kind);
    void storeRows(const FileType& type, const Rows& rows, FileReport& report);
    bool refuseErased(const FileType& type, const Row& row);
    void recogniseChildren(const FileType& type, const std::vector<Row>& rows);
    void touch(delivery::RecordKind kind, const delivery::Record& record,
               const std::optional<std::string>& previousOwner);
    void afterwards(delivery::RecordKind kind, const std::set<std::string>& written,
                    const std::set<values::Id<delivery::Service>>& services);
    void reportRepeats(const PlannedFile& file, Repeats& repeats);
    void checkScore(RecordReader& reader);
    void resolve(const FileType& type, const std::vector<Row>& rows);
    const delivery::Records::Reference* reference(const FileType& type, const Row& row, std::size_t column);
    std::optional<delivery::Record> compose(const FileType& type, const Row& row);
    std::optional<std::string> scoresOf(const FileType& type, const Row& row);
    void checkReview(const FileType& type, const Row& row);
    void noteMissing(const FileType& type, const Row& row, std::size_t column, const std::string& wanted);
    void reject(const FileType& type, const Row& row, const std::string& reason);

    platform::Transaction& tx_;
    identity::AuthorityId authority_;
    delivery::Records records_;
    const guidance::Catalogue& catalogue_;
    const Pseudonyms& pseudonyms_;
    Problems& problems_;
    bool isDry_;
    bool isWriting_ = true;
    std::string file_;
    std::string checklist_;
    std::map<delivery::RecordKind, References> known_;
    /// References of rows that had a problem: what depends on them is not at fault.
    std::map<delivery::RecordKind, std::set<std::string, std::less<>>> faulty_;
    std::set<values::Id<delivery::Service>> touched_;
    std::set<std::string> touchedPractitioners_;
    std::set<std::string> erasedChildren_;  ///< as the file calls them
    std::map<delivery::RecordKind, std::set<std::string>> erasedRecords_;
    delivery::ChildNames children_;  ///< of the rows in hand, by what the file calls them
    std::map<std::string, std::map<long, RejectedRow>> rejected_;  ///< by file
    std::map<std::string, std::set<std::string>> waiting_;  ///< keys that were rejected before, by kind
    std::map<std::string, std::set<std::string>> settled_;
};

/// The values that together name a record, as one text; nothing where one of them is missing.
std::optional<std::string> keyOf(const FileType& type, const std::vector<std::optional<std::string>>& values);

}  // namespace intake
