// What the command line does, one function a subcommand. Each returns an exit status.
#pragma once

#include <string>
#include <vector>

namespace noisetrap {

struct SimulateOptions {
    std::string file;
    std::vector<std::string> settings;
    std::string out;   // folder, or empty
    std::string json;  // "-" or empty
};

int simulate(const SimulateOptions&);
int reproduce(const std::string& out);
int list();
int show(const std::string& name);
int defaults(const std::string& name);
int info();

}  // namespace noisetrap
