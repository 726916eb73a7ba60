// Faults on purpose, and what is said aloud.
#pragma once

#include <string>

namespace ptxhost {

/// The error that PTXHOST_FAIL plans for this call of `entry`, 0 where it plans none. "cudaMalloc:3:2,kernel:1:700":
/// the third call gives error 2, the first kernel that runs ends with 700. `3+` is every call from the third on, `any`
/// counts every call of the runtime.
int planned_fault(const std::string& entry);

/// A line of the file that PTXHOST_LOG names.
void log(const std::string& line);

/// Ends the program with a sentence and status 70: it asks for something that this stand-in does not have.
[[noreturn]] void give_up(const std::string& why);

}  // namespace ptxhost
