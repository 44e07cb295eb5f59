#include "support/doors.h"

#include <filesystem>
#include <fstream>
#include <regex>

namespace support {
namespace {

using identity::Door;
using platform::Account;
using platform::Request;
using platform::Response;
using platform::Transaction;

std::map<std::string, platform::View>& views() {
    static std::map<std::string, platform::View> byPage;
    return byPage;
}

const platform::Pages& pages() {
    static platform::Pages one(source("reports"));
    one.watch([](const std::string& page, const platform::View& view) { views()[page] = view; });
    return one;
}

std::string assets() {
    const auto folder = temporaryFolder() + "/assets";
    std::filesystem::create_directories(folder);
    std::ofstream(folder + "/plumbline.css") << "body{}";
    return folder;
}

std::string codeKey() { return std::string(32, 'c'); }

Account accountOf(Door door) {
    return door == Door::authority    ? Account::authority
           : door == Door::inspection ? Account::inspection
                                      : Account::national;
}

}  // namespace

entrance::Rooms Doors::rooms(TestHouse& house, Door door) {
    return {house.as(accountOf(door)),
            house.clock,
            house.ids,
            pages(),
            identity::People({5, std::chrono::minutes(15)}),
            identity::Passwords(source("schema/reference/breached-passwords.txt")),
            identity::Sessions(door, {}),
            identity::OneTimeCodes(codeKey()),
            identity::Invitations(std::chrono::hours(168)),
            {},
            assets()};
}

Doors::Doors(TestHouse& house) : house_(house) {
    authority_ = std::make_unique<authority::Door>(
        authority::Rooms{rooms(house, Door::authority), house.catalogues,
                         intake::Uploads(temporaryFolder() + "/door-uploads"), house.keeper()});
    authority_->entrance().setAddress("https://authority.test");
    national_ = std::make_unique<national::Door>(
        national::Rooms{rooms(house, Door::national), house.catalogues,
                        releases::readRulePacks(source("schema/disclosure"))});
    national_->entrance().setAddress("https://national.test");
    inspection_ = std::make_unique<inspection::Door>(
        inspection::Rooms{rooms(house, Door::inspection), std::chrono::milliseconds(0)});
    inspection_->entrance().setAddress("https://inspection.test");
}

entrance::Entrance& Doors::entrance(Door door) {
    if (door == Door::authority) return authority_->entrance();
    return door == Door::national ? national_->entrance() : inspection_->entrance();
}

identity::Person Doors::add(const std::string& email, int authority, identity::Role role,
                            const std::optional<std::string>& password) {
    std::optional<identity::AuthorityId> id;
    if (authority != 0) id = house_.authorityId(authority);
    identity::Person person{house_.ids.next<identity::Person>(), email, "Sam", id, role};
    auto actor = tester();
    actor.authority = id ? std::optional(authority) : std::nullopt;
    house_.as(Account::admin).inTransaction(actor, [&](Transaction& tx) {
        identity::People({}).add(tx, {person.id, email, "Sam", id, role, password});
        if (!identity::needsCode(role)) return;
        identity::OneTimeCodes(codeKey()).begin(
            tx, person, kCodeSecret,
            identity::OneTimeCodes::codeOf(kCodeSecret, tx.now() - std::chrono::seconds(30)));
    });
    person.hasCodes = identity::needsCode(role);
    return person;
}

Response Doors::ask(Door door, const std::string& method, const std::string& path, const std::string& token,
                    const values::Fields& form, const values::Fields& query) {
    Request request;
    request.id = "test";
    request.method = method;
    request.path = path;
    request.from = "192.0.2.1";
    request.form = form;
    request.query = query;
    if (!token.empty()) request.cookies["plumbline_session"] = token;
    if (method == "POST" && !form.contains("form_token"))
        request.form["form_token"] = identity::Sessions::formToken(token);
    return entrance(door).answer(request);
}

Response Doors::askMachine(const std::string& method, const std::string& path, const std::string& token,
                           const std::string& body, const values::Fields& headers,
                           const values::Fields& query) {
    Request request;
    request.id = "test";
    request.method = method;
    request.path = path;
    request.from = "192.0.2.2";
    request.headers = headers;
    request.query = query;
    request.body = body;
    if (!token.empty()) request.headers["authorization"] = "Bearer " + token;
    if (method == "POST" && !body.empty()) {
        const auto file = temporaryFolder() + "/body-" + house_.ids.next<Request>().text();
        std::ofstream(file, std::ios::binary) << body;
        request.files.push_back({"body", "body", file, body.size()});
    }
    return authority_->entrance().answer(request);
}

Response Doors::askOpen(const std::string& path, const values::Fields& headers, const values::Fields& query) {
    Request request;
    request.id = "test";
    request.method = "GET";
    request.path = path;
    request.from = "192.0.2.3";
    request.headers = headers;
    request.query = query;
    return national_->entrance().answer(request);
}

platform::View Doors::lastView(const std::string& page) {
    auto view = views().at(page);
    for (const auto* common : {"formToken", "submission", "keptForm", "formTitle", "navigation", "person",
                               "doorTitle", "isOpenToAnyone"})
        view.take(common);
    return view;
}

std::string Doors::nextCode() {
    house_.clock.advance(std::chrono::seconds(30));
    return identity::OneTimeCodes::codeOf(kCodeSecret, house_.clock.now());
}

std::string Doors::signIn(Door door, const std::string& email, const std::string& password) {
    const auto visitor = tokenOf(ask(door, "GET", "/sign-in"));
    const auto first = ask(door, "POST", "/sign-in", visitor, {{"email", email}, {"password", password}});
    const auto token = tokenOf(first);
    if (header(first, "Location").rfind("/sign-in/code", 0) != 0) return token;
    return tokenOf(ask(door, "POST", "/sign-in/code", token, {{"code", nextCode()}}));
}

std::string header(const Response& response, const std::string& name) {
    for (const auto& [known, value] : response.headers)
        if (known == name) return value;
    return "";
}

std::string tokenOf(const Response& response) {
    std::smatch found;
    const auto cookie = header(response, "Set-Cookie");
    return std::regex_search(cookie, found, std::regex("plumbline_session=([0-9a-f]{64})")) ? found[1].str()
                                                                                            : "";
}

}  // namespace support
