"""The reader of machine code, on a listing small enough to count by hand."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "benchmarks"))

import gpu_report  # noqa: E402
import sass  # noqa: E402

USAGE = " Function kernel:\n  REG:40 STACK:8 SHARED:0 LOCAL:0 CONSTANT[0]:712\n"

# A loop from 0x10 to 0xb0: an inner loop with a multiplier of Philox, a slow root, and steps that may be left out.
LISTING = """
		Function : kernel
        /*0000*/                   LDC R1, c[0x0][0x28] ;     /* 0x00000a00ff017b82 */
        /*0010*/                   IMAD.WIDE.U32 R2, R2, -0x2daee0ad, RZ ;
        /*0020*/              @!P0 BRA 0x10 ;
        /*0030*/                   MUFU.RSQ R3, R3 ;
        /*0040*/               @P1 BRA 0x60 ;
        /*0050*/                   CALL.REL.NOINC 0xd0 ;
        /*0060*/                   BSYNC B0 ;
        /*0070*/               @P2 BRA 0xa0 ;
        /*0080*/                   DFMA R4, R4, R6, R8 ;
        /*0090*/                   STL [R1], R4 ;
        /*00a0*/                   IADD3 R0, R0, 0x1, RZ ;
        /*00b0*/              @!P3 BRA P4, 0x10 ;
        /*00c0*/                   EXIT ;
        /*00d0*/                   NOP;
"""


def addresses(way):
    return [i.address for i in way]


class Sass(unittest.TestCase):
    def setUp(self):
        self.kernel = next(sass.kernels(USAGE, LISTING))

    def test_kernel(self):
        self.assertEqual(self.kernel.resources, {"REG": 40, "STACK": 8, "SHARED": 0, "LOCAL": 0})
        self.assertEqual(len(self.kernel.instructions), 13)
        self.assertEqual(self.kernel.instructions[1].text, "IMAD.WIDE.U32 R2, R2, -0x2daee0ad, RZ")

    def test_loops_shortest_first(self):
        self.assertEqual([len(body) for body in sass.loops(self.kernel.instructions)], [2, 11])

    def test_cheapest_way_does_the_work_and_leaves_slow_paths(self):
        _, way = sass.common_way(self.kernel, {sass.PHILOX: 1, "DFMA": 1})
        self.assertEqual(addresses(way), [0x10, 0x20, 0x30, 0x40, 0x60, 0x70, 0x80, 0x90, 0xa0, 0xb0])

    def test_without_work_steps_are_left_out(self):
        _, way = sass.common_way(self.kernel, {"MUFU": 1})
        self.assertNotIn(0x80, addresses(way))

    def test_work_that_cannot_be_done(self):
        with self.assertRaises(SystemExit):
            sass.common_way(self.kernel, {"DFMA": 2})


class Report(unittest.TestCase):
    def test_occupancy(self):
        for registers, expected in ((32, 1), (48, 0.625), (64, 0.5), (65, 0.375), (128, 0.25), (255, 0.125)):
            self.assertEqual(gpu_report.occupancy(registers), expected)

    def test_classes(self):
        for text, name in (("FFMA R0, R1, R2, R3", "FP32 fused multiply-add"), ("MUFU.RSQ R0, R1", "special function"),
                           ("IMAD.WIDE.U32 R2, R2, 3, RZ", "integer multiply, wide or high"),
                           ("IMAD.MOV.U32 R2, RZ, RZ, R3", "moves and adds on the multiplier"),
                           ("IMAD R2, R3, R4, RZ", "integer multiply"), ("UMOV UR4, URZ", "uniform"),
                           ("LDL R24, [R1+0xc]", "memory, local"), ("LDG.E R5, [R2]", "memory, other"),
                           ("F2F.F64.F32 R2, R3", "conversion, 64 bits"),
                           ("I2FP.F32.U32 R0, R0", "conversion, 32 bits"),
                           ("FSEL R0, R1, R2, P0", "compare, select, move"), ("TEX R0", "other")):
            self.assertEqual(gpu_report.class_of(sass.Instruction(0, False, text)), name, text)

    def test_issue_and_units(self):
        busy = gpu_report.clocks({"FP64": 64, "integer multiply": 16})
        self.assertEqual((busy["FP64"], busy["FMA heavy"], busy["issue"]), (1, 0.25, 80 / 128))


if __name__ == "__main__":
    unittest.main()
