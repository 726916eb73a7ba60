// What the command line does, one function a subcommand. Each returns an exit status.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/checkpoint.hpp"

namespace noisetrap {

struct SimulateOptions {
    std::string file;
    std::vector<std::string> settings;
    std::string out;   // folder, or empty
    std::string json;  // "-" or empty
    bool fresh = false, page = true, dry_run = false;
    CheckpointOptions checkpoint = {};
};

struct CompareOptions {
    std::string file;
    std::vector<std::string> settings;
    std::string out;   // folder, or empty
    std::string json;  // "-" or empty
    bool fresh = false, dry_run = false;
    CheckpointOptions checkpoint = {};
};

/// A file, or one that the program holds.
struct FileOptions {
    std::string file, preset;  // one of them
    bool list = false, print = false;
};

struct SweepOptions : FileOptions {
    std::vector<std::string> settings;
    std::string out;   // folder, or empty: named after the file or the preset
    std::string json;  // "-" or empty
    bool fresh = false, dry_run = false;
};

struct ValidateOptions {
    std::string only;  // part of a group's name or subject; empty: all
    bool quick = false, self_test = false;
    double paths_factor = 1;
    std::uint64_t seed = 1;
    std::string out = "validation-report";  // folder
    std::optional<std::uint64_t> coverage;  // runs of each kind of estimate, instead of claims
};

struct ReproduceOptions {
    std::string only;  // part of the name of what is told; empty: all
    double paths_factor = 1;
    std::string out = "report";  // folder
};

struct InitOptions {
    std::string model;     // its name; empty: the first model, or the equation's
    std::string equation;  // an SDE of the user's own, or empty
    std::string file;      // to be written; empty: named after the model
};

struct TheoryOptions {
    std::string model;
    std::vector<std::string> settings;
    std::string json;  // "-" or empty
};

struct MeasureOptions : FileOptions {
    std::vector<std::string> settings;
    std::string json;  // "-" or empty
};

struct EscapeOptions : FileOptions {
    std::vector<std::string> settings;
    std::string out;   // folder, or empty
    std::string json;  // "-" or empty
    bool fresh = false;
};

struct LandscapeOptions : FileOptions {
    std::vector<std::string> settings;
    std::string out;   // folder, or empty
    std::string json;  // "-" or empty
    bool fresh = false;
};

struct KernelOptions {
    std::string file;  // the kernel of this run; empty: as the flags say
    std::vector<std::string> settings;
    bool core = false;                 // those that are built in; the default
    bool all = false;                  // every process in every precision; else those that are built in
    std::vector<std::string> targets;  // instruction sets and GPU architectures; empty: this machine's
    std::string out;                   // folder; empty: the user's cache
};

/// What a run would cost, where this process is the one that talks; returns 0.
int print_dry(const std::string& cost);

/// Throws InputError, which says what `command` wants, where there is no such model.
void require_model(const std::string& name, const char* command);

int simulate(const SimulateOptions&);
int compare(const CompareOptions&);
int sweep(const SweepOptions&);
/// 0 where all claims hold (in a self-test: where all fail once their exact answers are moved), else 1.
int validate(const ValidateOptions&);
int theory(const TheoryOptions&);
int measure(const MeasureOptions&);
int advise(const MeasureOptions&);
int escape(const EscapeOptions&);
int landscape(const LandscapeOptions&);
int spectrum(const LandscapeOptions&);
int analyse(const LandscapeOptions&);
int reproduce(const ReproduceOptions&);
int list();
int list_schemes();
int list_landscapes();
int show(const std::string& name);
bool is_landscape(const std::string& name);
int show_landscape(const std::string& name);
/// Prints them, or writes them to a file that is not there yet.
int defaults(const std::string& name, const std::string& file);
/// Writes a commented configuration to begin with into a file that is not there yet.
int init(const InitOptions&);
/// Draws the page of a folder of results anew.
int report(const std::string& folder);
int print_schema(const std::string& kind);
int info();
int list_kernels();
int clean_kernels();
int build_kernels(const KernelOptions&);
/// On a terminal one line says what is being compiled; warnings go to standard error.
void show_engine_events();
/// What compiles kernels, and where they are kept.
void print_compilers();

}  // namespace noisetrap
