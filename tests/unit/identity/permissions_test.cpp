#include "identity/permissions.h"

#include <gtest/gtest.h>

#include "identity/people.h"
#include "identity/sessions.h"
#include "platform/digest.h"

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

TEST(Passwords, AreJudgedByLengthAlone) {
    EXPECT_TRUE(identity::passwordFault("short"));
    EXPECT_TRUE(identity::passwordFault(std::string(201, 'a')));
    EXPECT_FALSE(identity::passwordFault("three plain words"));
}

TEST(FormToken, FollowsFromTheSessionAndTellsNothingOfIt) {
    platform::prepareCryptography();
    const auto token = identity::Sessions::newToken();
    EXPECT_EQ(token.size(), 64U);
    EXPECT_NE(identity::Sessions::newToken(), token);
    EXPECT_EQ(identity::Sessions::formToken(token), identity::Sessions::formToken(token));
    EXPECT_NE(identity::Sessions::formToken(token), token);
}
