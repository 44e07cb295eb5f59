#include "identity/permissions.h"

#include <gtest/gtest.h>

#include <unistd.h>
#include "identity/people.h"
#include "identity/sessions.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "identity/passwords.h"
#include "platform/digest.h"
#include "values/errors.h"

using identity::Permission;
using identity::Role;

TEST(Permissions, LetDirectorsSeeAndManagersUpload) {
    EXPECT_TRUE(identity::may(Role::serviceManager, Permission::uploadRecords));
    EXPECT_FALSE(identity::may(Role::director, Permission::uploadRecords));
    EXPECT_TRUE(identity::may(Role::director, Permission::viewDelivery));
}

TEST(Roles, AreReadAsTheyAreWritten) {
    for (const auto role : identity::allRoles())
        EXPECT_EQ(identity::roleNamed(identity::roleName(role)), role);
    EXPECT_FALSE(identity::roleNamed("king"));
}

TEST(Roles, KnowTheirDoorAndWhoGivesThem) {
    for (const auto role : identity::allRoles()) {
        int givers = 0;
        for (const auto giver : identity::allRoles())
            for (const auto given : identity::rolesManagedBy(giver)) givers += given == role ? 1 : 0;
        EXPECT_GT(givers, 0) << identity::roleName(role) << " is given by nobody";
        EXPECT_EQ(identity::rolesManagedBy(role).empty(), !identity::may(role, Permission::managePeople));
        EXPECT_FALSE(identity::rolePurpose(role).empty());
    }
}

TEST(Roles, ThatReachFarNeedASecondProof) {
    for (const auto role : identity::allRoles()) {
        const bool reachesFar = !identity::isOfAuthority(role) || identity::may(role, Permission::signOff) ||
                                identity::may(role, Permission::managePeople);
        EXPECT_EQ(identity::needsCode(role), reachesFar) << identity::roleName(role);
    }
}

TEST(Roles, OfAdministratorsSeeNoRecords) {
    for (const auto role : identity::allRoles())
        if (identity::may(role, Permission::managePeople)) {
            EXPECT_FALSE(identity::may(role, Permission::viewDelivery));
            EXPECT_FALSE(identity::may(role, Permission::viewRecords));
        }
}

TEST(Passwords, AreJudgedByLengthAndWhetherTheyWereStolen) {
    const identity::Passwords passwords(std::string(PLUMBLINE_SOURCE) +
                                        "/schema/reference/breached-passwords.txt");
    const auto isGood = [&](const std::string& password) {
        return !passwords.fault(password, "sam.reed@x.example");
    };
    EXPECT_FALSE(isGood("short"));
    EXPECT_FALSE(isGood(std::string(201, 'a')));
    EXPECT_FALSE(isGood("I am Sam.Reed today"));
    EXPECT_TRUE(isGood("three plain words"));
    for (const auto* stolen :
         {"password1234", "qwertyuiop123", "correct horse battery staple", "zxcvbnm12345"})
        EXPECT_FALSE(isGood(stolen)) << stolen;
}

TEST(Passwords, AreFoundWhereverTheyStandInAList) {
    const auto path =
        std::filesystem::temp_directory_path() / ("plumbline-breached-" + std::to_string(::getpid()));
    std::vector<std::string> words;
    std::vector<std::string> lines;
    for (int i = 0; i < 500; ++i) {
        words.push_back("a stolen password " + std::to_string(i));
        lines.push_back(platform::sha1Hex(words.back()) + ":" + std::to_string(i * i));
    }
    std::sort(lines.begin(), lines.end());
    std::ofstream file(path);
    for (const auto& line : lines) file << line << "\r\n";
    file.close();
    const identity::Passwords passwords(path.string());
    for (const auto& word : words) EXPECT_TRUE(passwords.fault(word, "")) << word;
    for (int i = 0; i < 500; ++i) EXPECT_FALSE(passwords.fault("another password " + std::to_string(i), ""));
    std::filesystem::remove(path);
    EXPECT_THROW(passwords.fault("three plain words", ""), values::Unavailable);
}

TEST(FormToken, FollowsFromTheSessionAndTellsNothingOfIt) {
    platform::prepareCryptography();
    const auto token = identity::Sessions::newToken();
    EXPECT_EQ(token.size(), 64U);
    EXPECT_NE(identity::Sessions::newToken(), token);
    EXPECT_EQ(identity::Sessions::formToken(token), identity::Sessions::formToken(token));
    EXPECT_NE(identity::Sessions::formToken(token), token);
}
