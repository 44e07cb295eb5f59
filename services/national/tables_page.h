#pragma once

#include <string>
#include <vector>

#include "national/parts.h"
#include "platform/http.h"
#include "releases/releases.h"

namespace national {

// What pages of a release in the making and of one that is published share.

/// `2025-26-Q3-v1`: as a publication stands in addresses.
std::string publicationOf(const releases::Release& release);
/// Where the public finds it.
std::string publicAddressOf(const releases::Release& release);

/// One table of a release: what its filters choose, by place, and what its symbols mean.
struct TablePage {
    std::string release;  ///< its title, and its state where it is not published
    std::string title;
    std::string about;
    std::string path;
    std::vector<entrance::Field> choices;
    entrance::Table figures;
    std::vector<std::string> footnotes;
    entrance::Link back;
    platform::View view() const;
};
/// Without what only its release knows: `release`, `footnotes` and `back`.
TablePage tablePage(const releases::ReleaseTable& table, const platform::Request& request);

/// A file to download.
struct FileLink {
    std::string href;
    std::string name;
    std::string size;  ///< in words
    platform::View view() const;
};
/// Below an address.
std::vector<FileLink> fileLinks(const std::vector<releases::StoredFile>& files, const std::string& path);

/// By quarter and version, `2025-26-Q3-v1`; by quarter alone the newest that stands. Throws NotFound; the
/// second also HttpProblem (410, with its notice) where its figures were withdrawn.
releases::Release releaseNamed(platform::Transaction& tx, const std::string& name);
releases::Release publishedRelease(platform::Transaction& tx, const std::string& name);

/// A file, whole, to be kept.
platform::Response fileAnswer(const releases::StoredFile& file);

}  // namespace national
