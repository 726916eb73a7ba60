#include "fat_binary.hpp"

#include <zstd.h>

#include <cstring>
#include <mutex>

#include "planned_faults.hpp"

namespace ptxhost {
namespace {

/// A little-endian number of a header.
std::uint64_t read(const unsigned char* from, std::size_t bytes) {
    std::uint64_t x = 0;
    std::memcpy(&x, from, bytes);
    return x;
}

std::string decompressed(const unsigned char* packed, std::size_t packed_size, std::size_t size) {
    std::string text(size, '\0');
    if (ZSTD_isError(ZSTD_decompress(text.data(), text.size(), packed, packed_size)))
        give_up("PTX cannot be decompressed");
    return text;
}

constexpr std::uint64_t magic = 0xba55ed50, kind_ptx = 1, is_packed = 0xa000, is_zstd = 0x8000;

}  // namespace

/// The whole has a header of 16 bytes. That of each part holds at 0 its kind, at 4 its own size, at 8 the size of
/// what follows, at 16 the compressed size, at 40 flags and at 56 the size once decompressed.
std::string FatBinary::ptx() const {
    if (read(data_, 4) != magic) give_up("this is no fat binary");
    const unsigned char *part = data_ + read(data_ + 6, 2), *const end = part + read(data_ + 8, 8);
    for (; part < end; part += read(part + 4, 4) + read(part + 8, 8)) {
        if (read(part, 2) != kind_ptx) continue;
        const unsigned char* const text = part + read(part + 4, 4);
        const auto packed_size = read(part + 16, 4), flags = read(part + 40, 8), size = read(part + 56, 8);
        if (packed_size == 0 && !(flags & is_packed))
            return std::string(reinterpret_cast<const char*>(text), read(part + 8, 8));
        if (!(flags & is_zstd))
            give_up("PTX that is not compressed with zstd: build without --compress-mode");
        return decompressed(text, packed_size, size);
    }
    give_up("a fat binary without PTX: build for a virtual architecture, or with CUDA_FORCE_PTX_JIT=1");
}

const Program& FatBinary::load(const std::string& kernel, int device, Module::Place place) {
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    auto& loaded = on_[device];
    if (!loaded.module) loaded.module = std::make_unique<Module>(ptx(), place);
    auto& program = loaded.programs[kernel];
    if (!program) program = std::make_unique<Program>(*loaded.module, kernel);
    return *program;
}

}  // namespace ptxhost
