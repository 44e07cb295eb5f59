#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "platform/http.h"
#include "releases/releases.h"

namespace national {

// What pages of a release in the making and of one that is published share.

/// `2025-26-Q3-v1`: as a publication stands in addresses.
std::string publicationOf(const releases::Release& release);

/// One table of a release: what its filters choose, by place, and what its symbols mean.
nlohmann::json tableView(const releases::ReleaseTable& table, const platform::Request& request);

/// Names, sizes and digests, to download below an address.
nlohmann::json filesView(const std::vector<releases::StoredFile>& files, const std::string& path);

/// By quarter and version, `2025-26-Q3-v1`; by quarter alone the newest that stands. Throws NotFound; the
/// second also HttpProblem (410, with its notice) where its figures were withdrawn.
releases::Release releaseNamed(platform::Transaction& tx, const std::string& name);
releases::Release publishedRelease(platform::Transaction& tx, const std::string& name);

/// For machines of anyone: with a tag of what was asked for, so that the same is not sent again. `tagged`:
/// what the content follows from, besides the address.
platform::Response openAnswer(const platform::Request& request, const nlohmann::ordered_json& content,
                              const std::string& tagged);

/// A file, whole, to be kept.
platform::Response fileAnswer(const releases::StoredFile& file);

}  // namespace national
