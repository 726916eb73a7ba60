// Loads, stores, packing and calls: what moves numbers between the registers of lanes and memory.
#include <bit>
#include <cstring>
#include <type_traits>

#include "program.hpp"
#include "types.hpp"

namespace ptxhost {
namespace {

/// f(lane, its bytes) for number k of a vector in memory. Often all lanes mean the same local address: a row.
template <int size, bool all, class F>
void for_lanes(Machine& m, const Instruction& in, const u64* address, u32 k, F f) {
    const u64 offset = static_cast<u64>(in.offset) + k * size;
    const u64 first = address[all ? 0 : std::countr_zero(m.mask)];
    u64 differ = 0;
    for (int l = 0; l < lanes; ++l) differ |= all || m.active[l] ? address[l] ^ first : 0;
    if ((first + offset - k * size) % (size * static_cast<u32>(in.count)) != 0)
        throw Fault(716, "misaligned address");
    if (differ == 0 && m.is_local(first + offset, size)) {
        unsigned char* const row = m.local(0, static_cast<u32>(first + offset - local_window));
        for (int l = 0; l < lanes; ++l)
            if (all || m.active[l]) f(l, row + 8 * l);
        return;
    }
    for (int l = 0; l < lanes; ++l) {
        if (!all && !m.active[l]) continue;
        if ((address[l] + offset - k * size) % (size * static_cast<u32>(in.count)) != 0)
            throw Fault(716, "misaligned address");
        f(l, m.at(address[l] + offset, size, l));
    }
}
template <class InMemory, class InRegister, bool all>
void load(Machine& m, const Instruction& in) {
    alignas(64) u64 address[lanes];  // its register may be one of those that are loaded
    std::memcpy(address, m.registers<u64>(in.from[0]), sizeof address);
    for (u32 k = 0; k < static_cast<u32>(in.count); ++k)
        for_lanes<sizeof(InMemory), all>(
            m, in, address, k, [to = m.registers<InRegister>(in.to[k])](int l, const unsigned char* bytes) {
                InMemory x;
                std::memcpy(&x, bytes, sizeof x);
                to[l] = static_cast<InRegister>(x);
            });
}
template <class InMemory, class InRegister, bool all>
void store(Machine& m, const Instruction& in) {
    for (u32 k = 0; k < static_cast<u32>(in.count); ++k)
        for_lanes<sizeof(InMemory), all>(
            m, in, m.registers<u64>(in.from[0]), k,
            [from = m.registers<InRegister>(in.to[k])](int l, unsigned char* bytes) {
                const auto x = static_cast<InMemory>(from[l]);
                std::memcpy(bytes, &x, sizeof x);
            });
}
template <class T>
void add_atomically(Machine& m, const Instruction& in) {
    const u64* const address = m.registers<u64>(in.from[0]);
    const T* const more = m.registers<T>(in.from[1]);
    T* const before = m.registers<T>(in.to[0]);
    for (int l = 0; l < lanes; ++l) {
        if (!m.active[l]) continue;
        const u64 at = address[l] + static_cast<u64>(in.offset);
        if (at % sizeof(T) != 0) throw Fault(716, "misaligned address");
        T* const to = reinterpret_cast<T*>(m.at(at, sizeof(T), l));
        before[l] = __atomic_fetch_add(to, more[l], __ATOMIC_RELAXED);
    }
}
template <class Part, class Whole, bool all>
void pack(Machine& m, const Instruction& in) {
    Whole* const to = m.registers<Whole>(in.to[0]);
    for (int l = 0; l < lanes; ++l) {
        Whole x = 0;
        for (int k = 0; k < in.count; ++k)
            x |= static_cast<Whole>(static_cast<Whole>(m.registers<Part>(in.from[k])[l])
                                    << (8 * sizeof(Part) * static_cast<unsigned>(k)));
        if (all || m.active[l]) to[l] = x;
    }
}
template <class Part, class Whole, bool all>
void unpack(Machine& m, const Instruction& in) {
    const Whole* const from = m.registers<Whole>(in.from[0]);
    for (int l = 0; l < lanes; ++l) {
        const Whole x = from[l];  // may be one of the parts
        for (int k = 0; k < in.count; ++k)
            if (all || m.active[l])
                m.registers<Part>(in.to[k])[l] =
                    static_cast<Part>(x >> (8 * sizeof(Part) * static_cast<unsigned>(k)));
    }
}
template <class Part, class Whole>
Access packing(bool back) {
    return back ? Access{unpack<Part, Whole, true>, unpack<Part, Whole, false>}
                : Access{pack<Part, Whole, true>, pack<Part, Whole, false>};
}
Access packing(int part_bytes, int parts, bool back) {
    if (part_bytes == 4 && parts == 2) return packing<u32, u64>(back);
    if (part_bytes == 2 && parts == 2) return packing<u16, u32>(back);
    if (part_bytes == 2 && parts == 4) return packing<u16, u64>(back);
    return {};
}

template <class InMemory, class InRegister>
Access access(bool to_memory) {
    if (to_memory) return {store<InMemory, InRegister, true>, store<InMemory, InRegister, false>};
    return {load<InMemory, InRegister, true>, load<InMemory, InRegister, false>};
}
/// A number that is shorter than its register is extended by its own sign.
template <class T>
Access access(int register_bytes, bool to_memory) {
    constexpr bool is_signed = std::is_signed_v<T>;
    if (register_bytes == 2) return access<T, std::conditional_t<is_signed, s16, u16>>(to_memory);
    if (register_bytes == 4) return access<T, std::conditional_t<is_signed, s32, u32>>(to_memory);
    if (register_bytes == 8) return access<T, std::conditional_t<is_signed, s64, u64>>(to_memory);
    return {};
}
Access access(std::string_view type, int register_bytes, bool to_memory) {
    if (type == "u8" || type == "b8") return access<u8>(register_bytes, to_memory);
    if (type == "s8") return access<s8>(register_bytes, to_memory);
    if (type == "u16" || type == "b16") return access<u16>(register_bytes, to_memory);
    if (type == "s16") return access<s16>(register_bytes, to_memory);
    if (type == "u32" || type == "b32" || type == "f32") return access<u32>(register_bytes, to_memory);
    if (type == "s32") return access<s32>(register_bytes, to_memory);
    if (type == "u64" || type == "b64" || type == "f64" || type == "s64")
        return access<u64>(register_bytes, to_memory);
    return {};
}

void copy(Machine& m, const Instruction& in, std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
        const u32 from = in.copies[3 * i], to = in.copies[3 * i + 1], bytes = in.copies[3 * i + 2];
        for (u32 b = 0; b < bytes; b += 8)
            for (int l = 0; l < lanes; ++l)
                if (m.active[l])
                    std::memcpy(m.local(l, to + b), m.local(l, from + b), bytes - b < 8 ? bytes - b : 8);
    }
}
void call(Machine& m, const Instruction& in) {
    const Mask callers = m.mask;
    copy(m, in, 0, in.arguments);
    m.run(*in.callee, callers);  // which leaves the callers active
    copy(m, in, in.arguments, in.copies.size() / 3);
}

template <class T>
void flip(Machine& m, const Instruction& in) {
    for (int l = 0; l < lanes; ++l)
        if (m.active[l]) m.registers<T>(in.to[0])[l] ^= 1;
}

}  // namespace

Access find_load(std::string_view type, int register_bytes) { return access(type, register_bytes, false); }
Access find_store(std::string_view type, int register_bytes) { return access(type, register_bytes, true); }
Access pack_access(int part_bytes, int parts) { return packing(part_bytes, parts, false); }
Access unpack_access(int part_bytes, int parts) { return packing(part_bytes, parts, true); }
Access add_access(int bytes) {
    if (bytes == 4) return {add_atomically<u32>, add_atomically<u32>};
    if (bytes == 8) return {add_atomically<u64>, add_atomically<u64>};
    return {};
}
Access call_access() { return {call, call}; }
Access flip_access(int bytes) {
    if (bytes == 1) return {flip<u8>, flip<u8>};
    if (bytes == 2) return {flip<u16>, flip<u16>};
    if (bytes == 4) return {flip<u32>, flip<u32>};
    return {flip<u64>, flip<u64>};
}

}  // namespace ptxhost
