#include "platform/request_reader.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTMLForm.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/MessageHeader.h>
#include <Poco/Net/NameValueCollection.h>
#include <Poco/Net/PartHandler.h>
#include <Poco/URI.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>

#include "platform/csv.h"
#include "platform/digest.h"
#include "platform/file_writer.h"

namespace platform {
namespace {

constexpr int kMostFields = 500;
constexpr int kLongestField = 8 * 1024;

/// Fails as soon as more than `left` bytes were read: a body without a length cannot fill the disk.
void copyWithin(std::istream& from, const std::function<void(std::string_view)>& to, std::uint64_t& left) {
    std::array<char, 65536> buffer{};
    while (from) {
        from.read(buffer.data(), buffer.size());
        const auto got = static_cast<std::uint64_t>(from.gcount());
        if (got > left) throw HttpProblem(413, "The files are larger than the service accepts.");
        left -= got;
        to({buffer.data(), static_cast<std::size_t>(got)});
    }
}

/// Keeps what comes in a file of ours, whole or not at all.
std::uint64_t received(std::istream& from, const std::string& path, std::uint64_t& left) {
    const auto before = left;
    FileWriter file(path);
    copyWithin(
        from, [&](std::string_view part) { file.write(part); }, left);
    file.close();
    return before - left;
}

/// Keeps each file of a form in the upload folder, under a name of ours.
class FileReceiver : public Poco::Net::PartHandler {
public:
    FileReceiver(Request& request, std::string folder, std::uint64_t most)
        : request_(request), folder_(std::move(folder)), left_(most) {}

    void handlePart(const Poco::Net::MessageHeader& header, std::istream& stream) override {
        std::string disposition;
        Poco::Net::NameValueCollection parameters;
        Poco::Net::MessageHeader::splitParameters(header.get("Content-Disposition", ""), disposition,
                                                  parameters);
        UploadedFile file;
        file.field = parameters.get("name", "");
        // A sender may give folders, or worse; only the last part of the name is ever used.
        const auto given = parameters.get("filename", "");
        file.name = given.substr(given.find_last_of("/\\") + 1);
        if (file.name.empty()) {  // the field was left empty
            copyWithin(
                stream, [](std::string_view) {}, left_);
            return;
        }
        if (!isUtf8(file.name)) throw HttpProblem(400, "A file's name is not valid text.");
        makePrivateFolder(folder_);
        file.path = folder_ + "/" + randomHex(16);
        file.size = received(stream, file.path, left_);
        request_.files.push_back(file);
    }

private:
    Request& request_;
    std::string folder_;
    std::uint64_t left_;
};

}  // namespace

void receiveBody(std::istream& body, const std::string& folder, std::uint64_t mostBytes, Request& request) {
    makePrivateFolder(folder);
    UploadedFile file{"body", "body", folder + "/" + randomHex(16), 0};
    auto left = mostBytes;
    file.size = received(body, file.path, left);
    request.files.push_back(file);
}

void readFormBody(const std::string& contentType, std::istream& body, const std::string& folder,
                  std::uint64_t mostBytes, Request& request) {
    Poco::Net::HTTPRequest head(Poco::Net::HTTPRequest::HTTP_POST, "/");
    head.setContentType(contentType);
    FileReceiver files(request, folder, mostBytes);
    Poco::Net::HTMLForm form;
    form.setFieldLimit(kMostFields);
    form.setValueLengthLimit(kLongestField);
    try {
        form.load(head, body, files);
    } catch (const Poco::Exception& error) {
        throw HttpProblem(400, "The form cannot be read: " + error.displayText());
    }
    for (const auto& [name, value] : form) {
        if (!isUtf8(name) || !isUtf8(value))
            throw HttpProblem(400, "The form holds bytes that are not text.");
        request.form[name] = value;
    }
}

namespace {
/// A slash or per cent sign that someone encoded belongs to a segment: it stays encoded, apart from ours.
std::string keptApart(std::string path) {
    for (std::size_t i = 0; (i = path.find('%', i)) != std::string::npos;) {
        auto code = path.substr(i, 3);
        std::ranges::transform(code, code.begin(), [](unsigned char c) { return std::toupper(c); });
        const bool isKept = code == "%2F" || code == "%25";
        if (isKept) path.replace(i, 3, "%25" + code.substr(1));
        i += isKept ? 5 : 1;
    }
    return path;
}
}  // namespace

void readTarget(const std::string& target, Request& request) {
    try {
        const Poco::URI uri(target);
        Poco::URI::decode(keptApart(target.substr(0, target.find_first_of("?#"))), request.path);
        if (request.path.empty()) request.path = "/";
        for (const auto& [name, value] : uri.getQueryParameters()) request.query[name] = value;
    } catch (const Poco::Exception&) {
        throw HttpProblem(400, "The address cannot be read.");
    }
    if (!isUtf8(request.path) || request.path.find('\0') != std::string::npos)
        throw HttpProblem(400, "The address holds bytes that are not text.");
    for (const auto& [name, value] : request.query)
        if (!isUtf8(name) || !isUtf8(value))
            throw HttpProblem(400, "The address holds bytes that are not text.");
}

}  // namespace platform
