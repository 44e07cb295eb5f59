#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "values/errors.h"
#include "values/reader.h"

namespace platform {

/// A file that came with a form; it stands at `path` until the request is answered, unless someone takes it.
struct UploadedFile {
    std::string field;
    std::string name;  ///< as the sender called it, without folders
    std::string path;
    std::uint64_t size = 0;
};

/// A request, whole: limits are kept and its body is read before a handler sees it.
struct Request {
    std::string id;       ///< names this request in answers and logs
    std::string method;   ///< upper case
    std::string path;     ///< decoded, without query
    std::string from;     ///< the client's address
    std::string browser;  ///< as it calls itself
    values::Fields query;
    values::Fields form;
    values::Fields path_parts;  ///< what a route's `{name}` matched
    std::string route;          ///< its pattern, like /invitations/{token}: what a log may say of the path
    values::Fields cookies;
    values::Fields headers;  ///< those that handlers ask for, names in lower case: authorization, if-match, …
    std::string body;        ///< of JSON; larger ones come as a file
    std::vector<UploadedFile> files;
    bool wantsJson = false;

    /// Whether it changes something: what browsers send as a form, and machines as JSON.
    bool isWriting() const { return method != "GET" && method != "HEAD"; }
    /// Empty where there is none.
    std::string cookie(const std::string& name) const;
    std::string header(const std::string& name) const;
    std::string part(const std::string& name) const;
    /// The id that the part of this name is. Throws NotFound for anything else.
    template <class Kind>
    values::Id<Kind> partId(const std::string& name) const {
        const auto found = values::Id<Kind>::parse(part(name));
        if (!found) throw values::NotFound("no such " + name);
        return *found;
    }
};

struct Response {
    int status = 200;
    std::string type = "text/html; charset=utf-8";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
};

Response htmlPage(std::string body, int status = 200);
Response jsonAnswer(std::string body, int status = 200);
/// 303: the browser fetches `place` next, so that reloading sends nothing twice.
Response seeOther(std::string place);

/// A request that HTTP itself forbids: 400, 405, 413, 415, 429 and so on.
class HttpProblem : public std::runtime_error {
public:
    HttpProblem(int status, const std::string& what) : std::runtime_error(what), status_(status) {}
    int status() const { return status_; }

private:
    int status_;
};

/// What went wrong, in the words that a page, a problem document and a log need.
struct Problem {
    int status = 500;
    std::string type;    ///< stable: `/problems/invalid`
    std::string title;   ///< `There is a problem with what you sent`
    std::string detail;  ///< empty for faults of ours: nothing about them leaves the house
    std::vector<values::FieldProblem> fields;
};

using Handler = std::function<Response(Request&)>;
using ProblemPage = std::function<Response(const Request&, const Problem&)>;

/// Calls the handler. The only place that catches: every kind of error becomes its answer, as a page or, for
/// those who want JSON, a problem document (RFC 9457). Faults of ours are logged with the request's id.
Response answer(Request& request, const Handler& handler, const ProblemPage& problemPage);

/// As it stands within a query.
std::string urlEncoded(const std::string& text);
/// A path as it stands within an address: its slashes stay, nothing else can end it or begin a header.
std::string pathEncoded(const std::string& path);

/// A segment of an address that holds any text: the inverse of what a route's `{name}` gives.
std::string segmentEncoded(const std::string& text);

/// `/services/{service}` against `/services/01ab…`: the parts by name, or nothing.
std::optional<values::Fields> matchPath(std::string_view pattern, std::string_view path);

/// The headers that every answer carries: content policy, no sniffing, no framing, no caching, no referrer.
const std::vector<std::pair<std::string, std::string>>& securityHeaders();

}  // namespace platform
