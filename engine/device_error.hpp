// A device that fails while it works is nobody's input and refutes nothing.
#pragma once

#include <exception>
#include <string>

namespace noisetrap {

/// A GPU could not do what it was asked (exit status 3). It is no std::runtime_error, so that nobody takes it for the
/// failure of a computation.
class DeviceError : public std::exception {
    std::string sentence_;

  public:
    explicit DeviceError(std::string sentence) : sentence_(std::move(sentence)) {}
    const char* what() const noexcept override { return sentence_.c_str(); }
};

}  // namespace noisetrap
