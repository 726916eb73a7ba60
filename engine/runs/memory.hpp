#pragma once

#include <cstdint>
#include <string>

namespace noisetrap {

/// Throws InputError when the machine has not that much memory to give (as /proc/meminfo tells).
void require_memory(std::uint64_t bytes, const std::string& purpose);

/// The same of a GPU that has so many bytes to give.
void require_device_memory(std::uint64_t bytes, std::uint64_t available, const std::string& purpose);

}  // namespace noisetrap
