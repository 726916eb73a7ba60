// PKWARE's APPNOTE.TXT 6.3.10: sections 4.3.7 (local header), 4.3.12 (directory), 4.3.16 (its end), 4.5.3 (zip64).
#include "app/zip_file.hpp"

#include <fmt/core.h>
#include <zlib.h>

#include <cstdint>
#include <limits>

#include "engine/error.hpp"

namespace noisetrap {
namespace {

constexpr std::uint64_t in_zip64 = 0xffffffff;  // stands where a size has more than 32 bits

struct Member {
    std::string name;
    std::uint64_t method, crc, packed, size, header;
};

class ZipReader {
    const std::string &bytes_, &shown_;

    [[noreturn]] void complain(const std::string& what) const {
        throw InputError(fmt::format("{}: {}", shown_, what));
    }

    std::uint64_t number(std::uint64_t at, unsigned width) const {
        if (at > bytes_.size() || width > bytes_.size() - at) complain("ends too early: it is damaged");
        std::uint64_t value = 0;
        for (unsigned i = 0; i < width; ++i)
            value |= std::uint64_t{static_cast<unsigned char>(bytes_[at + i])} << (8 * i);
        return value;
    }
    std::string_view piece(std::uint64_t at, std::uint64_t length) const {
        if (at > bytes_.size() || length > bytes_.size() - at) complain("ends too early: it is damaged");
        return std::string_view(bytes_).substr(at, length);
    }

    /// Sizes and place that do not fit into 32 bits, in their order, from the extra field of a directory's entry.
    void widen(Member& member, std::uint64_t at, std::uint64_t end) const {
        for (; at + 4 <= end; at += 4 + number(at + 2, 2)) {
            if (number(at, 2) != 1) continue;
            std::uint64_t next = at + 4;
            for (auto* value : {&member.size, &member.packed, &member.header}) {
                if (*value != in_zip64) continue;
                *value = number(next, 8);
                next += 8;
            }
        }
    }

    std::string unpacked(const Member& member) const {
        const std::uint64_t names = number(member.header + 26, 2) + number(member.header + 28, 2);
        const auto packed = piece(member.header + 30 + names, member.packed);
        if (member.method != 0 && member.method != 8)
            complain(fmt::format("'{}' is packed by method {}: deflate, or none, can be read", member.name,
                                 member.method));
        std::string content = member.method == 0 ? std::string(packed) : inflated(packed, member);
        if (crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size()) != member.crc)
            complain(fmt::format("'{}' is damaged: its checksum is another", member.name));
        return content;
    }

    std::string inflated(std::string_view packed, const Member& member) const {
        constexpr std::uint64_t most_packed = 1100;  // deflate makes nothing smaller than by 1 : 1032
        constexpr auto most = std::numeric_limits<uInt>::max();
        if (packed.size() > most || member.size > most || member.size / most_packed > packed.size())
            complain(fmt::format("'{}' is damaged, or unpacks to 4 GB or more", member.name));
        std::string content(member.size, '\0');
        z_stream stream{};
        if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) complain("zlib cannot start");
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
        stream.avail_in = static_cast<uInt>(packed.size());
        stream.next_out = reinterpret_cast<Bytef*>(content.data());
        stream.avail_out = static_cast<uInt>(content.size());
        const int end = inflate(&stream, Z_FINISH);
        inflateEnd(&stream);
        if (end != Z_STREAM_END || stream.total_out != member.size)
            complain(fmt::format("'{}' is damaged: it cannot be unpacked", member.name));
        return content;
    }

    /// Place of the directory, and how many entries it has.
    std::pair<std::uint64_t, std::uint64_t> directory() const {
        constexpr std::size_t shortest = 22, longest_note = 65535;
        const auto first =
            bytes_.size() > shortest + longest_note ? bytes_.size() - shortest - longest_note : 0;
        const auto at = bytes_.rfind(std::string("PK\5\6", 4));
        if (at == std::string::npos || at < first) complain("is no zip file, or its end is missing");
        std::pair found(number(at + 16, 4), number(at + 10, 2));
        if (found.first != in_zip64 && found.second != 0xffff) return found;
        const auto locator = bytes_.rfind(std::string("PK\6\7", 4), at);
        if (locator == std::string::npos) complain("is damaged: its zip64 directory is missing");
        const auto record = number(locator + 8, 8);
        return {number(record + 48, 8), number(record + 32, 8)};
    }

  public:
    ZipReader(const std::string& bytes, const std::string& shown) : bytes_(bytes), shown_(shown) {}

    std::vector<std::pair<std::string, std::string>> members() const {
        std::vector<std::pair<std::string, std::string>> found;
        auto [at, entries] = directory();
        for (std::uint64_t i = 0; i < entries; ++i) {
            if (piece(at, 4) != std::string_view("PK\1\2", 4)) complain("has a damaged directory");
            const auto name = number(at + 28, 2), extra = number(at + 30, 2), note = number(at + 32, 2);
            Member member{std::string(piece(at + 46, name)),
                          number(at + 10, 2),
                          number(at + 16, 4),
                          number(at + 20, 4),
                          number(at + 24, 4),
                          number(at + 42, 4)};
            widen(member, at + 46 + name, at + 46 + name + extra);
            found.emplace_back(member.name, unpacked(member));
            at += 46 + name + extra + note;
        }
        return found;
    }
};

}  // namespace

std::vector<std::pair<std::string, std::string>> zip_members(const std::string& bytes,
                                                             const std::string& shown) {
    return ZipReader(bytes, shown).members();
}

}  // namespace noisetrap
