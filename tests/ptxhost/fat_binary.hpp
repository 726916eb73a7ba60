// What nvcc has put into a program or a library: the PTX of its kernels.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "program.hpp"

namespace ptxhost {

class FatBinary {
    const unsigned char* data_;
    std::unique_ptr<Module> module_;  // read when the first kernel runs
    std::map<std::string, std::unique_ptr<Program>> programs_;

    std::string ptx() const;

  public:
    explicit FatBinary(const unsigned char* data) : data_(data) {}
    /// A kernel, read when it first runs.
    const Program& load(const std::string& kernel, Module::Place place);
};

}  // namespace ptxhost
