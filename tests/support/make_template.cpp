// Makes the data folder that the server of every test house begins with: make_template FOLDER
#include <exception>
#include <iostream>

#include "platform/digest.h"
#include "platform/log.h"
#include "support/test_database.h"

int main(int count, char** words) try {
    if (count != 2) {
        std::cerr << "usage: make_template FOLDER\n";
        return 2;
    }
    platform::prepareCryptography();
    platform::setLogLevel("error");
    const platform::EmbeddedServer server(words[1], support::kBufferMegabytes, platform::Durability::none,
                                          platform::Opening::creating);
    support::makeDatabase(server, support::kDatabaseName);
    return 0;
} catch (const std::exception& failure) {
    std::cerr << failure.what() << "\n";
    return 1;
}
