#include "engine/runs/memory.hpp"

#include <fmt/core.h>

#include <fstream>
#include <limits>

#include "engine/error.hpp"

namespace noisetrap {

static std::uint64_t available_memory() {
    std::ifstream info("/proc/meminfo");
    for (std::string key, unit; info >> key;) {
        std::uint64_t kilobytes = 0;
        info >> kilobytes;
        std::getline(info, unit);
        if (key == "MemAvailable:") return kilobytes * 1024;
    }
    return std::numeric_limits<std::uint64_t>::max();
}

static void require(std::uint64_t bytes, std::uint64_t available, const char* of,
                    const std::string& purpose) {
    if (bytes > available)
        throw InputError(fmt::format("{:.3g} GB of {} are needed and {:.3g} GB are free: for {}",
                                     static_cast<double>(bytes) / 1e9, of,
                                     static_cast<double>(available) / 1e9, purpose));
}

void require_memory(std::uint64_t bytes, const std::string& purpose) {
    require(bytes, available_memory(), "memory", purpose);
}

void require_device_memory(std::uint64_t bytes, std::uint64_t available, const std::string& purpose) {
    require(bytes, available, "the GPU's memory", purpose);
}

}  // namespace noisetrap
