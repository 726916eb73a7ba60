// Does the machine compute what "PTX ISA" says? Each case is a few instructions whose result is known. Then come lanes
// that part and meet, calls, addresses that are none, and sums that all lanes add to.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>

#include "program.hpp"

using namespace ptxhost;

namespace {

int failures = 0;
unsigned char table[16];

std::uint64_t place(const std::string&, const std::vector<unsigned char>& bytes) {
    std::memcpy(table, bytes.data(), bytes.size());
    return global_window + 0x10000;
}

const std::string head =
    ".version 9.0\n.target sm_90\n.address_size 64\n.global .align 4 .b8 table[8] = {1, 2, 3, 4, 5, 6, 7, "
    "8};\n"
    ".func (.param .b32 result) triple(.param .b32 triple_param_0)\n{\n.reg .b32 %r<9>;\n"
    "ld.param.u32 %r1, [triple_param_0];\nmul.lo.s32 %r2, %r1, 3;\nst.param.b32 [result+0], %r2;\nret;\n}\n"
    ".visible .entry k(.param .u64 k_param_0)\n{\n.local .align 16 .b8 depot[64];\n.reg .pred %p<9>;\n.reg "
    ".b16 %rs<9>;\n"
    ".reg .b32 %r<29>;\n.reg .b64 %rd<29>;\n.reg .f32 %f<9>;\n.reg .f64 %fd<9>;\n"
    "ld.param.u64 %rd20, [k_param_0];\nmov.u32 %r20, %ctaid.x;\nmov.u32 %r21, %ntid.x;\nmov.u32 %r22, "
    "%tid.x;\n"
    "mad.lo.s32 %r23, %r20, %r21, %r22;\nmul.wide.u32 %rd21, %r23, 8;\nadd.s64 %rd22, %rd20, %rd21;\n";

/// What `body` leaves in %rd1, of every thread of a grid.
std::vector<std::uint64_t> run(const std::string& body, Size grid = {1, 1, 1}, Size block = {1, 1, 1},
                               std::uint64_t room = ~0ull) {
    const Module module(head + body + "\nst.global.u64 [%rd22], %rd1;\nret;\n}\n", place);
    const Program program(module, "k");
    std::vector<std::uint64_t> out(grid.all() * block.all(), 0xdeadbeef);
    const std::uint64_t address = global_window, size = std::min<std::uint64_t>(room, out.size() * 8);
    const Ranges memory{{address, size, reinterpret_cast<unsigned char*>(out.data())},
                        {global_window + 0x10000, 8, table}};
    std::vector<unsigned char> parameter(8);
    std::memcpy(parameter.data(), &address, 8);
    launch(program, grid, block, {parameter}, memory);
    return out;
}

void expect(const std::string& body, std::uint64_t wanted) {
    const auto got = run(body)[0];
    if (got == wanted) return;
    std::printf("FAILED: %s: 0x%llx, expected 0x%llx\n", body.c_str(), static_cast<unsigned long long>(got),
                static_cast<unsigned long long>(wanted));
    ++failures;
}
/// Of 32 bits: `instruction` sets %r1.
void expect32(const std::string& instruction, std::uint32_t wanted) {
    expect(instruction + "\ncvt.u64.u32 %rd1, %r1;", wanted);
}
void expect_float(const std::string& instruction, std::uint32_t wanted) {
    expect32(instruction + "\nmov.b32 %r1, %f1;", wanted);
}
void expect_double(const std::string& instruction, std::uint64_t wanted) {
    expect(instruction + "\nmov.b64 %rd1, %fd1;", wanted);
}
void expect_true(const std::string& setp, bool wanted) {
    expect(setp + "\nselp.b64 %rd1, 1, 0, %p1;", wanted);
}

void expect_fault(const std::string& body, int code, std::uint64_t room = ~0ull) {
    try {
        run(body, {1, 1, 1}, {1, 1, 1}, room);
    } catch (const Fault& f) {
        if (f.code == code) return;
    }
    std::printf("FAILED: %s: no fault %d\n", body.c_str(), code);
    ++failures;
}
void expect_unsupported(const std::string& body, const std::string& word) {
    try {
        run(body);
    } catch (const Unsupported& e) {
        if (std::string(e.what()).find(word) != std::string::npos) return;
    }
    std::printf("FAILED: %s: is not said to be unsupported\n", body.c_str());
    ++failures;
}

void integers() {
    expect32("shl.b32 %r1, 1, 31;", 0x80000000);
    expect32("mov.u32 %r2, 32;\nshl.b32 %r1, 1, %r2;", 0);
    expect32("shr.u32 %r1, -1, 32;", 0);
    expect32("shr.s32 %r1, -2147483648, 99;", 0xffffffff);
    expect("mov.u32 %r2, 64;\nmov.u64 %rd2, -1;\nshr.u64 %rd1, %rd2, %r2;", 0);
    expect("shr.s64 %rd1, -8, 1;", ~3ull);
    expect32("mul.hi.u32 %r1, -1, -1;", 0xfffffffe);
    expect32("mul.hi.s32 %r1, -1, 5;", 0xffffffff);
    expect("mul.hi.u64 %rd1, -1, -1;", ~1ull);
    expect("mul.hi.s64 %rd1, -1, 7;", ~0ull);
    expect("mul.wide.u32 %rd1, -1, -1;", 0xfffffffe00000001);
    expect("mul.wide.s32 %rd1, -1, 3;", ~2ull);
    expect("mad.lo.s64 %rd1, 3, 4, 5;", 17);
    expect("mad.wide.u32 %rd1, -1, 2, 1;", 0x1ffffffff);
    expect32("div.s32 %r1, -2147483648, -1;", 0x80000000);
    expect32("div.u32 %r1, 7, 0;", 0xffffffff);
    expect("rem.s64 %rd1, -7, 3;", ~0ull);
    expect("min.s64 %rd1, -1, 1;", ~0ull);
    expect("min.u64 %rd1, -1, 1;", 1);
    expect("bfi.b64 %rd1, -1, 0, 8, 4;", 0xf00);
    expect("bfi.b64 %rd1, 5, -1, 60, 64;", 0x5fffffffffffffff);
    expect32("bfi.b32 %r1, 3, 0, 31, 8;", 0x80000000);
    expect32("bfe.u32 %r1, 0x12345678, 8, 8;", 0x56);
    expect32("bfe.s32 %r1, 0xf0000000, 28, 8;", 0xffffffff);
    expect32("bfe.s32 %r1, 0x80, 0, 8;", 0xffffff80);
    expect32("bfe.u32 %r1, 0xf0000000, 28, 8;", 0xf);
    expect32("prmt.b32 %r1, 0x03020100, 0x87060504, 0x4567;", 0x04050687);
    expect32("prmt.b32 %r1, 0x80, 0, 0x1118;", 0xff);
    expect32("lop3.b32 %r1, 0xf0, 0xcc, 0xaa, 0x96;", 0xf0 ^ 0xcc ^ 0xaa);
    expect32("shf.l.wrap.b32 %r1, 0x80000000, 1, 33;", 3);
    expect32("shf.r.clamp.b32 %r1, 1, 0xabcd, 40;", 0xabcd);
    expect32("clz.b32 %r1, 1;", 31);
    expect32("popc.b64 %r1, -1;", 64);
    expect32("neg.s32 %r1, 5;", ~4u);
    expect32("abs.s32 %r1, -5;", 5);
    expect("cvt.s64.s32 %rd1, -1;", ~0ull);
    expect("cvt.u64.u32 %rd1, -1;", 0xffffffff);
    expect("mov.u64 %rd2, 0x1fffffff0;\ncvt.s64.s32 %rd1, %rd2;", 0xfffffffffffffff0);
    expect("mov.u16 %rs1, 0x180;\ncvt.s64.s8 %rd1, %rs1;", 0xffffffffffffff80);
    expect("mov.u16 %rs1, 0x180;\ncvt.u64.u8 %rd1, %rs1;", 0x80);
    expect("mov.b64 {%r1, %r2}, 0x0000000100000002;\nmov.b64 %rd1, {%r2, %r1};", 0x0000000200000001);
    expect_true("setp.lt.s32 %p1, -1, 0;", true);
    expect_true("setp.lt.u32 %p1, -1, 0;", false);
    expect_true("setp.lo.u32 %p1, 0, -1;", true);
    expect_true("mov.pred %p2, -1;\nnot.pred %p1, %p2;", false);
}

void floats() {
    expect_float("fma.rn.f32 %f1, 0f3F800001, 0f3F800001, 0fBF800002;",
                 0x28800000);  // (1 + e)^2 - (1 + 2e) = e^2, unrounded
    expect_float("mul.rn.f32 %f2, 0f3F800001, 0f3F800001;\nadd.rn.f32 %f1, %f2, 0fBF800002;", 0);
    expect_double("fma.rn.f64 %fd1, 0d3FF0000000000001, 0d3FF0000000000001, 0dBFF0000000000002;",
                  0x3970000000000000);
    expect_float("add.f32 %f1, 0f7F800000, 0fFF800000;", 0x7fffffff);
    expect_float("mul.rn.f32 %f1, 0f00000001, 0f3F000000;", 0);
    expect_float("mul.rn.f32 %f1, 0f00800000, 0f3F000000;", 0x00400000);  // gradual underflow
    expect_float("min.f32 %f1, 0f7FC00000, 0f40000000;", 0x40000000);
    expect_float("min.f32 %f1, 0f00000000, 0f80000000;", 0x80000000);
    expect_double("max.f64 %fd1, 0d8000000000000000, 0d0000000000000000;", 0);
    expect_double("neg.f64 %fd1, 0d0000000000000000;", 1ull << 63);
    expect_double("abs.f64 %fd1, 0dC000000000000000;", 0x4000000000000000);
    expect_double("sqrt.rn.f64 %fd1, 0d4000000000000000;", 0x3ff6a09e667f3bcd);
    expect_double("div.rn.f64 %fd1, 0d3FF0000000000000, 0d4008000000000000;", 0x3fd5555555555555);
    expect_true("setp.lt.f64 %p1, 0d7FF8000000000000, 0d0000000000000000;", false);
    expect_true("setp.ltu.f64 %p1, 0d7FF8000000000000, 0d0000000000000000;", true);
    expect_true("setp.ne.f64 %p1, 0d7FF8000000000000, 0d7FF8000000000000;", false);
    expect_true("setp.neu.f64 %p1, 0d7FF8000000000000, 0d7FF8000000000000;", true);
    expect_true("setp.nan.f32 %p1, 0f7FC00000, 0f00000000;", true);
    expect_true("setp.equ.f32 %p1, 0f7FC00000, 0f00000000;", true);
    expect32("cvt.rni.s32.f32 %r1, 0f40200000;", 2);
    expect32("cvt.rzi.s32.f32 %r1, 0fC0200000;", ~1u);
    expect32("cvt.rmi.s32.f32 %r1, 0fC0200000;", ~2u);
    expect32("cvt.rpi.s32.f64 %r1, 0d4004000000000000;", 3);
    expect32("cvt.rzi.u32.f32 %r1, 0fC0200000;", 0);
    expect32("cvt.rzi.s32.f32 %r1, 0f7F800000;", 0x7fffffff);
    expect32("cvt.rzi.s32.f32 %r1, 0f7FC00000;", 0);
    expect("cvt.rzi.s64.f64 %rd1, 0d7FF8000000000000;", 1ull << 63);
    expect("cvt.rzi.u64.f64 %rd1, 0d43F0000000000000;", ~0ull);
    expect_float("cvt.rn.f32.f64 %f1, 0d3FF0000010000000;", 0x3f800000);
    expect_float("cvt.rn.f32.u32 %f1, 0x01000001;", 0x4b800000);
    expect_float("cvt.rn.f32.u64 %f1, -1;", 0x5f800000);
    expect_double("cvt.rn.f64.s64 %fd1, -1;", 0xbff0000000000000);
    expect_double("cvt.f64.f32 %fd1, 0f00000001;", 0x36a0000000000000);
    expect_float("rcp.rn.f32 %f1, 0f40400000;", 0x3eaaaaab);
}

void memory_and_control() {
    expect(
        "mov.u64 %rd2, depot;\nst.local.u8 [%rd2+9], 200;\nst.local.u8 [%rd2+8], 1;\nld.local.u16 %rs1, "
        "[%rd2+8];\ncvt.u64.u16 %rd1, %rs1;",
        0xc801);
    expect(
        "mov.u64 %rd2, depot;\nst.local.u8 [%rd2], 200;\nld.local.s8 %rs1, [%rd2];\ncvt.s64.s16 %rd1, %rs1;",
        0xffffffffffffffc8);
    expect(
        "mov.u64 %rd2, depot;\ncvta.local.u64 %rd3, %rd2;\nst.v2.u32 [%rd3+16], {1, 2};\nld.u64 %rd1, "
        "[%rd3+16];",
        0x200000001);
    expect("mov.u64 %rd2, depot;\nst.local.v2.u64 [%rd2], {5, 6};\nld.local.v2.u64 {%rd2, %rd1}, [%rd2];", 6);
    expect("mov.u64 %rd2, table;\nld.global.v4.u8 {%rs1, %rs2, %rs3, _}, [%rd2+4];\ncvt.u64.u16 %rd1, %rs3;",
           7);
    expect(
        "{ // callseq 0, 0\n.param .b32 param0;\nst.param.b32 [param0+0], 14;\n.param .b32 "
        "retval0;\ncall.uni (retval0),\ntriple,\n(\nparam0\n);\n"
        "ld.param.b32 %r1, [retval0+0];\n} // callseq 0\ncvt.u64.u32 %rd1, %r1;",
        42);
    expect_fault("ld.global.u64 %rd1, [%rd22+8];", 700);
    expect_fault("", 700, 7);
    expect_fault("ld.global.u64 %rd1, [%rd22+1];", 716);
    expect_fault("mov.u64 %rd2, 0;\nst.u64 [%rd2], %rd2;", 700);
    expect_fault("mov.u64 %rd2, depot;\nld.u64 %rd1, [%rd2-16384];", 700);
    expect_unsupported("bar.sync 0;", "bar.sync");
    expect_unsupported("add.rz.f32 %f1, %f2, %f3;", "add.rz.f32");

    // Collatz: lanes leave the loop after different numbers of rounds, by one of two ways; odd ones call.
    const auto got =
        run("cvt.u64.u32 %rd1, 0;\nadd.u32 %r1, %r23, 1;\n$L_1:\nsetp.eq.s32 %p1, %r1, 1;\n@%p1 bra "
            "$L_4;\nadd.s64 %rd1, %rd1, 1;\n"
            "setp.gt.u64 %p4, %rd1, 100;\n@%p4 bra $L_5;\n"
            "and.b32 %r2, %r1, 1;\nsetp.ne.s32 %p2, %r2, 0;\n@!%p2 bra $L_2;\nbra.uni $L_3;\n$L_2:\nshr.u32 "
            "%r1, %r1, 1;\nbra.uni $L_1;\n$L_3:\n"
            "{ // callseq 1, 0\n.param .b32 param0;\nst.param.b32 [param0], %r1;\n.param .b32 "
            "retval0;\ncall.uni (retval0), triple, (param0);\n"
            "ld.param.b32 %r3, [retval0];\n}\nadd.s32 %r1, %r3, 1;\nbra.uni $L_1;\n$L_5:\nmov.u64 %rd1, "
            "999;\n$L_4:\n@%p1 add.s64 %rd1, %rd1, 1000;",
            {7, 1, 1}, {200, 1, 1});
    for (std::uint64_t i = 0; i < got.size(); ++i) {
        std::uint64_t n = i + 1, rounds = 0;
        while (n != 1 && ++rounds <= 100) n = n % 2 ? 3 * n + 1 : n / 2;
        if (got[i] == (n == 1 ? rounds + 1000 : 999)) continue;
        std::printf("FAILED: loop of thread %llu: %llu\n", static_cast<unsigned long long>(i),
                    static_cast<unsigned long long>(got[i]));
        ++failures;
        break;
    }
}

/// All threads of a grid add to one number, and each is told another place in line.
void atomics() {
    expect("atom.global.add.u64 %rd1, [%rd22], 5;", 0xdeadbeef);
    expect("red.global.add.u64 [%rd22+0], 5;\nld.global.u64 %rd1, [%rd22];", 0xdeadbeef + 5);
    expect_fault("red.global.add.u32 [%rd22+8], 1;", 700);
    expect_fault("red.global.add.u32 [%rd22+2], 1;", 716);
    expect_unsupported("atom.global.max.u32 %r1, [%rd22], 1;", "atom.global.max.u32");
    expect_unsupported("red.global.add.f64 [%rd22], %fd1;", "red.global.add.f64");
    auto got = run("mov.u64 %rd2, table;\natom.global.add.u32 %r1, [%rd2+4], 3;\ncvt.u64.u32 %rd1, %r1;",
                   {7, 1, 1}, {200, 1, 1});
    std::sort(got.begin(), got.end());
    for (std::size_t i = 0; i < got.size(); ++i)
        if (got[i] != 0x08070605 + 3 * i) {
            std::printf("FAILED: an atomic sum was %llx before number %zu\n",
                        static_cast<unsigned long long>(got[i]), i);
            ++failures;
            break;
        }
}

}  // namespace

int main() {
    integers();
    floats();
    memory_and_control();
    atomics();
    std::printf(failures ? "%d failed\n" : "all passed\n", failures);
    return failures != 0;
}
