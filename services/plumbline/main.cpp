#include "plumbline/program.h"

int main(int count, char** words) {
    plumbline::Program program(count, words);
    // The framework is given only the program's name: subcommands and their options are read by Program.
    return program.run(1, words);
}
