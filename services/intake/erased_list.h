#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "delivery/subjects.h"

namespace intake {

/// Whom authorities have erased, in a file beside the keys and apart from the data: a backup that is put back
/// forgets them again, and who comes again is recognised. It holds no reference, only our random id and a
/// keyed hash of the authority's reference, under a key of its own that never changes.
class ErasedList {
public:
    explicit ErasedList(const std::string& keyFolder)
        : path_(keyFolder + "/erased"), keyPath_(keyFolder + "/erased.key") {}

    struct Entry {
        values::Id<delivery::Child> child;
        int authority = 0;  ///< 0 where an earlier version noted nothing but the child
        std::string mark;   ///< empty there, and where the child may come again
    };
    std::vector<Entry> entries() const;
    /// 32 bytes; empty where nobody was erased yet. Throws Unavailable where it is missing.
    std::string key() const;

    /// Whether a reference is of somebody that its authority has erased, and not let come again since.
    bool holds(int authority, std::string_view reference) const;
    /// Throws NoRoom where it cannot be noted; it is lasting when this returns.
    void note(const delivery::Child& child, std::string_view reference);
    /// From now on records of this child may come again. False where it is not on the list.
    bool readmit(int authority, std::string_view reference);
    /// Whether a text names the child of an entry.
    delivery::Names namesOf(const Entry& entry) const;

private:
    void read() const;
    std::string markOf(int authority, const std::string& normalised) const;

    std::string path_;
    std::string keyPath_;
    mutable bool isRead_ = false;
    mutable std::vector<Entry> entries_;
    mutable std::string key_;
};

}  // namespace intake
