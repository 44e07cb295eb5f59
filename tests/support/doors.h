#pragma once

#include <memory>
#include <string>

#include "authority/door.h"
#include "inspection/door.h"
#include "national/door.h"
#include "support/test_house.h"

namespace support {

/// Every door of a test house, asked in process.
class Doors {
public:
    explicit Doors(TestHouse& house);

    /// What an entrance stands on here.
    static entrance::Rooms rooms(TestHouse& house, identity::Door door);

    /// Adds someone, with one-time codes where their role needs them. `authority`: three digits, 0 for none.
    identity::Person add(const std::string& email, int authority, identity::Role role,
                         const std::optional<std::string>& password = kPassword);

    platform::Response ask(identity::Door door, const std::string& method, const std::string& path,
                           const std::string& token = "", const values::Fields& form = {},
                           const values::Fields& query = {});
    /// As a case system asks, with a token and a body of JSON.
    platform::Response askMachine(const std::string& method, const std::string& path,
                                  const std::string& token, const std::string& body = "",
                                  const values::Fields& headers = {}, const values::Fields& query = {});
    /// As a machine of anyone asks the national door.
    platform::Response askOpen(const std::string& path, const values::Fields& headers,
                               const values::Fields& query = {});
    /// The session's token; empty where it did not work.
    std::string signIn(identity::Door door, const std::string& email,
                       const std::string& password = kPassword);
    /// A code that was not used before: time goes on by half a minute.
    std::string nextCode();

    /// What the page of this name showed when it was drawn last, without what every page carries: tokens and
    /// navigation. Throws where it was not drawn yet.
    static platform::View lastView(const std::string& page);

    entrance::Entrance& entrance(identity::Door door);
    authority::Door& authority() { return *authority_; }

    static constexpr const char* kPassword = "three plain words";
    static constexpr const char* kCodeSecret = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

private:
    TestHouse& house_;
    std::unique_ptr<authority::Door> authority_;
    std::unique_ptr<national::Door> national_;
    std::unique_ptr<inspection::Door> inspection_;
};

std::string header(const platform::Response& response, const std::string& name);
/// The token that an answer gives the browser; empty where it gives none.
std::string tokenOf(const platform::Response& response);

}  // namespace support
