#include <iostream>
#include "plumbline/commands.h"
namespace plumbline {
int demoCommand(House& house, const CommandLine& line) { (void)house; (void)line; return 0; }
}
