#pragma once

#include <cstdint>
#include <istream>
#include <string>

#include "platform/http.h"

namespace platform {

/// Reads what stands behind the method: path and query, decoded. Throws HttpProblem (400) for what is no
/// address of ours or no text.
void readTarget(const std::string& target, Request& request);

/// Reads a form: its fields to `request.form`, each of its files to a file of ours in `folder`, together at
/// most `mostBytes`. Throws HttpProblem: 400 for what cannot be read, 413 for too much.
void readFormBody(const std::string& contentType, std::istream& body, const std::string& folder,
                  std::uint64_t mostBytes, Request& request);

/// Reads a whole body to a file of ours in `folder`. Throws HttpProblem (413) beyond `mostBytes`.
void receiveBody(std::istream& body, const std::string& folder, std::uint64_t mostBytes, Request& request);

}  // namespace platform
