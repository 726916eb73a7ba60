// What each instruction does to one lane, in one line each: the table that this stand-in is about. The meanings are
// those of NVIDIA's "PTX ISA". Compiled with -ffp-contract=off, so that only fma fuses.
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <tuple>
#include <type_traits>

#include "program.hpp"
#include "types.hpp"

namespace ptxhost {
namespace {

// One lane.

/// Single precision gives one NaN, whatever came in.
f32 single(f32 x) { return x != x ? std::bit_cast<f32>(0x7fffffffu) : x; }
f64 single(f64 x) { return x; }

template <class T>
T shift_left(T a, u32 n) {
    return n >= 8 * sizeof(T) ? 0 : static_cast<T>(a << n);
}
template <class T>
T shift_right(T a, u32 n) {
    constexpr u32 bits = 8 * sizeof(T);
    if constexpr (std::is_signed_v<T>) {
        return static_cast<T>(a >> (n >= bits ? bits - 1 : n));
    } else {
        return n >= bits ? 0 : static_cast<T>(a >> n);
    }
}
template <class T>
T divide(T a, T b) {  // by zero: what devices give, all ones
    if (b == 0) return static_cast<T>(-1);
    if (std::is_signed_v<T> && b == static_cast<T>(-1))
        return static_cast<T>(0 - static_cast<std::make_unsigned_t<T>>(a));
    return static_cast<T>(a / b);
}
template <class T>
T remainder(T a, T b) {
    if (b == 0) return a;
    if (std::is_signed_v<T> && b == static_cast<T>(-1)) return 0;
    return static_cast<T>(a % b);
}
template <class T>
T smaller(T a, T b) {
    if constexpr (std::is_floating_point_v<T>) {
        if (a != a) return single(b);
        if (b != b) return single(a);
        if (a == b) return std::signbit(a) ? a : b;
    }
    return a < b ? a : b;
}
template <class T>
T larger(T a, T b) {
    if constexpr (std::is_floating_point_v<T>) {
        if (a != a) return single(b);
        if (b != b) return single(a);
        if (a == b) return std::signbit(a) ? b : a;
    }
    return a > b ? a : b;
}
template <class T>
T insert_bits(T a, T b, u32 position, u32 length) {  // a into b
    position &= 0xff, length &= 0xff;
    const T ones = length >= 8 * sizeof(T) ? static_cast<T>(-1) : static_cast<T>((T{1} << length) - 1);
    const T mask = shift_left(ones, position);
    return static_cast<T>((shift_left(a, position) & mask) | (b & static_cast<T>(~mask)));
}
template <class T>
T extract_bits(T a, u32 position, u32 length) {  // beyond the highest bit: the field's sign
    using U = std::make_unsigned_t<T>;
    constexpr u32 bits = 8 * sizeof(T);
    position &= 0xff, length &= 0xff;
    const auto bit = [a](u32 i) { return static_cast<U>(static_cast<U>(a) >> i & 1); };
    const U sign = std::is_signed_v<T> && length
                       ? bit(position + length - 1 < bits ? position + length - 1 : bits - 1)
                       : 0;
    U all = 0;
    for (u32 i = 0; i < bits; ++i)
        all |= static_cast<U>((i < length && position + i < bits ? bit(position + i) : sign) << i);
    return static_cast<T>(all);
}
u32 permute(u32 a, u32 b, u32 select) {
    const u64 bytes = u64{b} << 32 | a;
    u32 all = 0;
    for (int i = 0; i < 4; ++i) {
        const u32 s = select >> (4 * i) & 0xf;
        u32 byte = static_cast<u32>(bytes >> (8 * (s & 7)) & 0xff);
        if (s & 8) byte = byte & 0x80 ? 0xff : 0;
        all |= byte << (8 * i);
    }
    return all;
}
u32 logic3(u32 a, u32 b, u32 c, u32 table) {
    u32 all = 0;
    for (u32 i = 0; i < 8; ++i)
        if (table >> i & 1) all |= (i & 4 ? a : ~a) & (i & 2 ? b : ~b) & (i & 1 ? c : ~c);
    return all;
}
u32 funnel_left(u32 a, u32 b, u32 n) { return static_cast<u32>((u64{b} << 32 | a) << n >> 32); }
u32 funnel_right(u32 a, u32 b, u32 n) { return static_cast<u32>((u64{b} << 32 | a) >> n); }

enum class Round { nearest, zero, down, up };
template <Round round, class F>
F rounded(F x) {
    switch (round) {
        case Round::nearest:
            return std::nearbyint(x);  // the host rounds to even
        case Round::zero:
            return std::trunc(x);
        case Round::down:
            return std::floor(x);
        default:
            return std::ceil(x);
    }
}
/// To an integer, with the nearest end of its range for what is beyond.
template <class To, Round round, class F>
To to_integer(F x) {
    if (x != x)
        return sizeof(F) == 8 || sizeof(To) == 8 ? static_cast<To>(u64{1} << (8 * sizeof(To) - 1)) : 0;
    const F whole = rounded<round>(x);
    constexpr To low = std::numeric_limits<To>::min(), high = std::numeric_limits<To>::max();
    if (whole < static_cast<F>(low)) return low;
    if (whole >= std::ldexp(F{1}, std::numeric_limits<To>::digits)) return high;
    return static_cast<To>(whole);
}

// All lanes.

template <class D, auto f, bool all, class... S, std::size_t... i>
void apply(Machine& m, const Instruction& in, std::index_sequence<i...>) {
    D* const to = m.registers<D>(in.to[0]);
    const std::tuple<const S*...> from{m.registers<S>(in.from[i])...};
#pragma GCC ivdep
    for (int l = 0; l < lanes; ++l) {
        const D result = f(std::get<i>(from)[l]...);
        if constexpr (all) {
            to[l] = result;
        } else {
            to[l] = m.active[l] ? result : to[l];
        }
    }
}
template <class D, auto f, bool all, class... S>
void handler(Machine& m, const Instruction& in) {
    apply<D, f, all, S...>(m, in, std::index_sequence_for<S...>{});
}

class Table {
    std::unordered_map<std::string, Operation> operations_;

    template <auto f, class D, class... S>
    void add_as(const std::string& name, D (*)(S...)) {
        operations_[name] = {
            handler<D, f, true, S...>, handler<D, f, false, S...>, sizeof(D), {int{sizeof(S)}...}};
    }
    /// The function's own types say what kinds of register it takes.
    template <auto f>
    void add(const std::string& name) {
        add_as<f>(name, +f);
    }

    template <class T>
    void integers(const std::string& t) {
        using U = std::make_unsigned_t<T>;
        using Wide = std::conditional_t<std::is_signed_v<T>, s128, u128>;
        constexpr int bits = 8 * sizeof(T);
        add<[](U a, U b) -> U { return static_cast<U>(a + b); }>("add." + t);
        add<[](U a, U b) -> U { return static_cast<U>(a - b); }>("sub." + t);
        add<[](U a, U b) -> U { return static_cast<U>(u64{a} * b); }>("mul.lo." + t);
        add<[](U a, U b, U c) -> U { return static_cast<U>(u64{a} * b + c); }>("mad.lo." + t);
        if constexpr (bits == 64) {
            add<[](T a, T b) -> T { return static_cast<T>(static_cast<Wide>(a) * b >> bits); }>("mul.hi." +
                                                                                                t);
        } else {
            using W = std::conditional_t<std::is_signed_v<T>, s64, u64>;
            using Double =
                std::conditional_t<bits == 32, W, std::conditional_t<std::is_signed_v<T>, s32, u32>>;
            add<[](T a, T b) -> T { return static_cast<T>(W{a} * W{b} >> bits); }>("mul.hi." + t);
            add<[](T a, T b) -> Double { return static_cast<Double>(W{a} * W{b}); }>("mul.wide." + t);
            add<[](T a, T b, Double c) -> Double {
                return static_cast<Double>(static_cast<u64>(W{a} * W{b}) + static_cast<u64>(c));
            }>("mad.wide." + t);
        }
        add<[](T a, T b) -> T { return divide(a, b); }>("div." + t);
        add<[](T a, T b) -> T { return remainder(a, b); }>("rem." + t);
        add<[](T a, T b) -> T { return smaller(a, b); }>("min." + t);
        add<[](T a, T b) -> T { return larger(a, b); }>("max." + t);
        add<[](T a, u32 n) -> T { return shift_right(a, n); }>("shr." + t);
        add<[](U a) -> U { return static_cast<U>(0 - a); }>("neg." + t);
        if constexpr (std::is_signed_v<T>)
            add<[](T a) -> U { return static_cast<U>(a < 0 ? 0 - static_cast<U>(a) : static_cast<U>(a)); }>(
                "abs." + t);
        if constexpr (bits >= 32)
            add<[](T a, u32 p, u32 n) -> T { return extract_bits(a, p, n); }>("bfe." + t);
        compare<T>(t);
        if constexpr (!std::is_signed_v<T>) {
            add<[](T a, T b) -> pred { return a < b; }>("setp.lo." + t);
            add<[](T a, T b) -> pred { return a <= b; }>("setp.ls." + t);
            add<[](T a, T b) -> pred { return (a > b); }>("setp.hi." + t);
            add<[](T a, T b) -> pred { return a >= b; }>("setp.hs." + t);
        }
        select<T>(t);
    }
    template <class T>
    void compare(const std::string& t) {
        add<[](T a, T b) -> pred { return a == b; }>("setp.eq." + t);
        add<[](T a, T b) -> pred { return (a < b || a > b); }>("setp.ne." + t);  // ordered
        add<[](T a, T b) -> pred { return a < b; }>("setp.lt." + t);
        add<[](T a, T b) -> pred { return a <= b; }>("setp.le." + t);
        add<[](T a, T b) -> pred { return (a > b); }>("setp.gt." + t);
        add<[](T a, T b) -> pred { return a >= b; }>("setp.ge." + t);
    }
    template <class T>
    void select(const std::string& t) {
        add<[](T a, T b, pred p) -> T { return p ? a : b; }>("selp." + t);
        add<[](T a) -> T { return a; }>("mov." + t);
    }
    template <class T>
    void bits(const std::string& t) {
        add<[](T a, T b) -> T { return static_cast<T>(a & b); }>("and." + t);
        add<[](T a, T b) -> T { return static_cast<T>(a | b); }>("or." + t);
        add<[](T a, T b) -> T { return static_cast<T>(a ^ b); }>("xor." + t);
        add<[](T a) -> T { return static_cast<T>(~a); }>("not." + t);
        add<[](T a, u32 n) -> T { return shift_left(a, n); }>("shl." + t);
        add<[](T a, u32 n) -> T { return shift_right(a, n); }>("shr." + t);
        add<[](T a, T b) -> pred { return a == b; }>("setp.eq." + t);
        add<[](T a, T b) -> pred { return a != b; }>("setp.ne." + t);
        if constexpr (sizeof(T) >= 4) {
            add<[](T a, T b, u32 p, u32 n) -> T { return insert_bits(a, b, p, n); }>("bfi." + t);
            add<[](T a) -> u32 { return static_cast<u32>(std::popcount(a)); }>("popc." + t);
            add<[](T a) -> u32 { return static_cast<u32>(std::countl_zero(a)); }>("clz." + t);
        }
        select<T>(t);
    }
    template <class T>
    void floats(const std::string& t) {
        using Bits = std::conditional_t<sizeof(T) == 4, u32, u64>;
        constexpr Bits sign = Bits{1} << (8 * sizeof(T) - 1);
        for (const char* rounding : {".rn.", "."}) {  // to nearest is the default
            add<[](T a, T b) -> T { return single(a + b); }>("add" + (rounding + t));
            add<[](T a, T b) -> T { return single(a - b); }>("sub" + (rounding + t));
            add<[](T a, T b) -> T { return single(a * b); }>("mul" + (rounding + t));
        }
        add<[](T a, T b) -> T { return single(a / b); }>("div.rn." + t);
        add<[](T a, T b, T c) -> T { return single(std::fma(a, b, c)); }>("fma.rn." + t);
        add<[](T a) -> T { return single(std::sqrt(a)); }>("sqrt.rn." + t);
        add<[](T a) -> T { return single(1 / a); }>("rcp.rn." + t);
        add<[](Bits a) -> Bits { return a & ~sign; }>("abs." + t);
        add<[](Bits a) -> Bits { return a ^ sign; }>("neg." + t);
        add<[](T a, T b) -> T { return smaller(a, b); }>("min." + t);
        add<[](T a, T b) -> T { return larger(a, b); }>("max." + t);
        add<[](T a, T b) -> T { return std::copysign(b, a); }>("copysign." + t);
        compare<T>(t);
        add<[](T a, T b) -> pred { return !(a < b || a > b); }>("setp.equ." + t);
        add<[](T a, T b) -> pred { return a != b; }>("setp.neu." + t);
        add<[](T a, T b) -> pred { return !(a >= b); }>("setp.ltu." + t);
        add<[](T a, T b) -> pred { return !(a > b); }>("setp.leu." + t);
        add<[](T a, T b) -> pred { return !(a <= b); }>("setp.gtu." + t);
        add<[](T a, T b) -> pred { return !(a < b); }>("setp.geu." + t);
        add<[](T a, T b) -> pred { return a == a && b == b; }>("setp.num." + t);
        add<[](T a, T b) -> pred { return a != a || b != b; }>("setp.nan." + t);
        add<[](T a) -> T { return single(rounded<Round::nearest>(a)); }>("cvt.rni." + t + "." + t);
        add<[](T a) -> T { return single(rounded<Round::zero>(a)); }>("cvt.rzi." + t + "." + t);
        add<[](T a) -> T { return single(rounded<Round::down>(a)); }>("cvt.rmi." + t + "." + t);
        add<[](T a) -> T { return single(rounded<Round::up>(a)); }>("cvt.rpi." + t + "." + t);
        // Numbers that are only moved keep their bits.
        add<[](Bits a, Bits b, pred p) -> Bits { return p ? a : b; }>("selp." + t);
        add<[](Bits a) -> Bits { return a; }>("mov." + t);
    }
    template <class F, class I>
    void float_and_integer(const std::string& f, const std::string& i) {
        add<[](I a) -> F { return static_cast<F>(a); }>("cvt.rn." + f + "." + i);
        add<[](F a) -> I { return to_integer<I, Round::nearest>(a); }>("cvt.rni." + i + "." + f);
        add<[](F a) -> I { return to_integer<I, Round::zero>(a); }>("cvt.rzi." + i + "." + f);
        add<[](F a) -> I { return to_integer<I, Round::down>(a); }>("cvt.rmi." + i + "." + f);
        add<[](F a) -> I { return to_integer<I, Round::up>(a); }>("cvt.rpi." + i + "." + f);
    }
    template <class To, class From>
    void integer_conversion(const std::string& to, const std::string& from) {
        // Registers have at least 16 bits: what is shorter lives in the low part of one.
        using D = std::conditional_t<sizeof(To) == 1, std::conditional_t<std::is_signed_v<To>, s16, u16>, To>;
        using S = std::conditional_t<sizeof(From) == 1, u16, From>;
        add<[](S a) -> D { return static_cast<D>(static_cast<To>(static_cast<From>(a))); }>("cvt." + to +
                                                                                            "." + from);
    }
    template <class To>
    void integer_conversions(const std::string& to) {
        integer_conversion<To, u8>(to, "u8");
        integer_conversion<To, s8>(to, "s8");
        integer_conversion<To, u16>(to, "u16");
        integer_conversion<To, s16>(to, "s16");
        integer_conversion<To, u32>(to, "u32");
        integer_conversion<To, s32>(to, "s32");
        integer_conversion<To, u64>(to, "u64");
        integer_conversion<To, s64>(to, "s64");
    }
    /// A device's own approximations have other last bits than these.
    template <double (*f)(double)>
    void approximation(const std::string& name) {
        for (const char* mode : {".approx.f32", ".approx.ftz.f32"})
            add<[](f32 a) -> f32 { return single(static_cast<f32>(f(a))); }>(name + mode);
    }
    static double one_over(double x) { return 1 / x; }
    static double one_over_sqrt(double x) { return 1 / std::sqrt(x); }
    static double exp2(double x) { return std::exp2(x); }
    static double log2(double x) { return std::log2(x); }
    static double sine(double x) { return std::sin(x); }
    static double cosine(double x) { return std::cos(x); }
    static double root(double x) { return std::sqrt(x); }

  public:
    Table() {
        integers<u16>("u16");
        integers<s16>("s16");
        integers<u32>("u32");
        integers<s32>("s32");
        integers<u64>("u64");
        integers<s64>("s64");
        bits<u16>("b16");
        bits<u32>("b32");
        bits<u64>("b64");
        floats<f32>("f32");
        floats<f64>("f64");
        float_and_integer<f32, u32>("f32", "u32");
        float_and_integer<f32, s32>("f32", "s32");
        float_and_integer<f32, u64>("f32", "u64");
        float_and_integer<f32, s64>("f32", "s64");
        float_and_integer<f64, u32>("f64", "u32");
        float_and_integer<f64, s32>("f64", "s32");
        float_and_integer<f64, u64>("f64", "u64");
        float_and_integer<f64, s64>("f64", "s64");
        float_and_integer<f32, u16>("f32", "u16");
        float_and_integer<f64, u16>("f64", "u16");
        integer_conversions<u8>("u8");
        integer_conversions<s8>("s8");
        integer_conversions<u16>("u16");
        integer_conversions<s16>("s16");
        integer_conversions<u32>("u32");
        integer_conversions<s32>("s32");
        integer_conversions<u64>("u64");
        integer_conversions<s64>("s64");
        add<[](f64 a) -> f32 { return single(static_cast<f32>(a)); }>("cvt.rn.f32.f64");
        add<[](f32 a) -> f64 { return a; }>("cvt.f64.f32");
        add<[](pred a, pred b) -> pred { return a && b; }>("and.pred");
        add<[](pred a, pred b) -> pred { return a || b; }>("or.pred");
        add<[](pred a, pred b) -> pred { return a != b; }>("xor.pred");
        add<[](pred a) -> pred { return !a; }>("not.pred");
        add<[](pred a) -> pred { return a; }>("mov.pred");
        add<[](u32 a, u32 b, u32 s) -> u32 { return permute(a, b, s); }>("prmt.b32");
        add<[](u32 a, u32 b, u32 c, u32 t) -> u32 { return logic3(a, b, c, t); }>("lop3.b32");
        add<[](u32 a, u32 b, u32 n) -> u32 { return funnel_left(a, b, n & 31); }>("shf.l.wrap.b32");
        add<[](u32 a, u32 b, u32 n) -> u32 { return funnel_right(a, b, n & 31); }>("shf.r.wrap.b32");
        add<[](u32 a, u32 b, u32 n) -> u32 { return funnel_left(a, b, n < 32 ? n : 32); }>("shf.l.clamp.b32");
        add<[](u32 a, u32 b, u32 n) -> u32 { return funnel_right(a, b, n < 32 ? n : 32); }>(
            "shf.r.clamp.b32");
        for (const char* space :
             {"global", "local", "shared", "param", "const"})  // windows of one address space
            for (const char* to : {"cvta.", "cvta.to."})
                add<[](u64 a) -> u64 { return a; }>(to + std::string(space) + ".u64");
        approximation<one_over>("rcp");
        approximation<one_over_sqrt>("rsqrt");
        approximation<exp2>("ex2");
        approximation<log2>("lg2");
        approximation<sine>("sin");
        approximation<cosine>("cos");
        approximation<root>("sqrt");
    }
    const Operation* find(std::string_view name) const {
        const auto found = operations_.find(std::string(name));
        return found == operations_.end() ? nullptr : &found->second;
    }
};

}  // namespace

const Operation* find_operation(std::string_view name) {
    static const Table table;
    return table.find(name);
}

}  // namespace ptxhost
