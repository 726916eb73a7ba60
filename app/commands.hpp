// What the command line does, one function a subcommand. Each returns an exit status.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace noisetrap {

struct SimulateOptions {
    std::string file;
    std::vector<std::string> settings;
    std::string out;   // folder, or empty
    std::string json;  // "-" or empty
};

struct CompareOptions {
    std::string file;
    std::vector<std::string> settings;
    std::string out;   // folder, or empty
    std::string json;  // "-" or empty
};

struct SweepOptions {
    std::string file, preset;  // one of them
    std::vector<std::string> settings;
    std::string out;   // folder, or empty: named after the file or the preset
    std::string json;  // "-" or empty
    bool fresh = false, list = false, print = false;
};

struct ValidateOptions {
    std::string only;  // part of a group's name or subject; empty: all
    bool quick = false, self_test = false;
    double paths_factor = 1;
    std::uint64_t seed = 1;
    std::string out = "validation-report";  // folder
};

struct TheoryOptions {
    std::string model;
    std::vector<std::string> settings;
    std::string json;  // "-" or empty
};

/// Throws InputError with the nearest name where there is no such model.
void require_model(const std::string& name);

int simulate(const SimulateOptions&);
int compare(const CompareOptions&);
int sweep(const SweepOptions&);
/// 0 where all claims hold (in a self-test: where all fail once their exact answers are moved), else 1.
int validate(const ValidateOptions&);
int theory(const TheoryOptions&);
int reproduce(const std::string& out);
int list();
int show(const std::string& name);
int defaults(const std::string& name);
int info();

}  // namespace noisetrap
