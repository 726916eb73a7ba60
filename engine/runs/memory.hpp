#pragma once

#include <cstdint>
#include <string>

namespace noisetrap {

/// Throws InputError when the machine has not that much memory to give (as /proc/meminfo tells).
void require_memory(std::uint64_t bytes, const std::string& purpose);

}  // namespace noisetrap
