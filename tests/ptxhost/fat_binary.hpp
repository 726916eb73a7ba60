// What nvcc has put into a program or a library: the PTX of its kernels.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "program.hpp"

namespace ptxhost {

class FatBinary {
    const unsigned char* data_;
    struct Loaded {
        std::unique_ptr<Module> module;  // read when the first kernel runs
        std::map<std::string, std::unique_ptr<Program>> programs;
    };
    std::map<int, Loaded> on_;  // by device, whose memory holds the variables

    std::string ptx() const;

  public:
    explicit FatBinary(const unsigned char* data) : data_(data) {}
    /// A kernel on a device, read when it first runs there.
    const Program& load(const std::string& kernel, int device, Module::Place place);
};

}  // namespace ptxhost
