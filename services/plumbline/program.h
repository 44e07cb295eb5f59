#pragma once

#include <Poco/Util/ServerApplication.h>

#include <string>
#include <vector>

namespace plumbline {

/// The executable: reads the command line, makes the house, does one subcommand. Every error ends here and
/// becomes a message and an exit code (architecture, §10).
class Program : public Poco::Util::ServerApplication {
public:
    Program(int count, char** words) : words_(words, words + count) {}

protected:
    int main(const ArgVec& ignored) override;

private:
    std::vector<std::string> words_;
};

}  // namespace plumbline
