// Every input of the kept corpora through the same functions as the fuzzers', without libFuzzer: any compiler
// builds it, and a commit is checked against all that fuzzing ever found.
//   replay FOLDER    a folder with a folder of inputs for each fuzzer
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

// CMake says which fuzzers there are: PLUMBLINE_FUZZERS is FUZZER(csv) FUZZER(head) …
#define FUZZER(name) extern "C" int fuzz_##name(const std::uint8_t* data, std::size_t size);
PLUMBLINE_FUZZERS
#undef FUZZER

int main(int count, char** words) {
    struct Fuzzer {
        const char* name;
        int (*run)(const std::uint8_t* data, std::size_t size);
    };
    if (count != 2) {
        std::cerr << "usage: replay FOLDER\n";
        return 2;
    }
#define FUZZER(name) Fuzzer{#name, fuzz_##name},
    for (const auto& fuzzer : std::vector<Fuzzer>{PLUMBLINE_FUZZERS}) {
        std::size_t inputs = 0;
        for (const auto& entry :
             std::filesystem::directory_iterator(std::filesystem::path(words[1]) / fuzzer.name)) {
            std::ifstream file(entry.path(), std::ios::binary);
            const std::vector<char> input(std::istreambuf_iterator<char>(file), {});
            fuzzer.run(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
            ++inputs;
        }
        if (inputs == 0) {
            std::cerr << fuzzer.name << " has no inputs\n";
            return 1;
        }
        std::cout << fuzzer.name << "\ncount: " << inputs << "\n";
    }
}
