#include "values/text.h"

#include <gtest/gtest.h>

TEST(TextTest, GivesANounTheArticleThatItTakes) {
    EXPECT_EQ(values::withArticle("episode"), "an episode");
    EXPECT_EQ(values::withArticle("outcome score"), "an outcome score");
    EXPECT_EQ(values::withArticle("session"), "a session");
    EXPECT_EQ(values::withArticle("user"), "a user");
}
