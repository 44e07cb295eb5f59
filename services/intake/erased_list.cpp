#include "intake/erased_list.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "platform/digest.h"
#include "platform/file_writer.h"
#include "platform/secret_file.h"

namespace intake {
namespace {
constexpr const char* kBack = "back";
}

/// A line an entry: `ID`, `ID AUTHORITY MARK`, or `back AUTHORITY MARK` where the child may come again.
void ErasedList::read() const {
    if (isRead_) return;
    std::ifstream file(path_);
    for (std::string line; std::getline(file, line);) {
        std::istringstream parts(line);
        std::string first;
        Entry entry{values::Id<delivery::Child>({}), 0, ""};
        parts >> first >> entry.authority >> entry.mark;
        if (first == kBack) {
            for (auto& earlier : entries_)
                if (earlier.authority == entry.authority && earlier.mark == entry.mark) earlier.mark.clear();
        } else if (const auto id = values::Id<delivery::Child>::parse(first)) {
            entry.child = *id;
            entries_.push_back(std::move(entry));
        }
    }
    const bool hasMarks =
        std::ranges::any_of(entries_, [](const Entry& entry) { return !entry.mark.empty(); });
    if (hasMarks) key_ = platform::secretKey(keyPath_);
    isRead_ = true;
}

std::string ErasedList::markOf(int authority, const std::string& normalised) const {
    return platform::toHex(platform::hmacSha256(key_, std::to_string(authority) + "|" + normalised));
}

std::string ErasedList::key() const {
    read();
    return key_;
}

std::vector<ErasedList::Entry> ErasedList::entries() const {
    read();
    return entries_;
}

bool ErasedList::holds(int authority, std::string_view reference) const {
    read();
    if (key_.empty()) return false;
    const auto mark = markOf(authority, delivery::normalisedReference(reference));
    return std::ranges::any_of(
        entries_, [&](const Entry& entry) { return entry.authority == authority && entry.mark == mark; });
}

void ErasedList::note(const delivery::Child& child, std::string_view reference) {
    read();
    if (key_.empty()) {
        platform::makeSecretKey(keyPath_);
        key_ = platform::secretKey(keyPath_);
    }
    Entry entry{child.id, child.authority.code(),
                markOf(child.authority.code(), delivery::normalisedReference(reference))};
    platform::appendToFile(
        path_, entry.child.text() + " " + std::to_string(entry.authority) + " " + entry.mark + "\n");
    entries_.push_back(std::move(entry));
}

bool ErasedList::readmit(int authority, std::string_view reference) {
    if (!holds(authority, reference)) return false;
    const auto mark = markOf(authority, delivery::normalisedReference(reference));
    platform::appendToFile(path_, std::string(kBack) + " " + std::to_string(authority) + " " + mark + "\n");
    for (auto& entry : entries_)
        if (entry.authority == authority && entry.mark == mark) entry.mark.clear();
    return true;
}

delivery::Names ErasedList::namesOf(const Entry& entry) const {
    if (entry.mark.empty()) return [](std::string_view) { return false; };
    return delivery::namesWhere(
        [this, entry](const std::string& word) { return markOf(entry.authority, word) == entry.mark; });
}

}  // namespace intake
