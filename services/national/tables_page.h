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

/// A file, whole, to be kept.
platform::Response fileAnswer(const releases::StoredFile& file);

}  // namespace national
