"""How the peers of the benchmarks are sized."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "benchmarks"))

import contenders  # noqa: E402


def peaked_at(best):
    return lambda peer, length: -abs(length.bit_length() - best.bit_length())


class LengthsOfArrays(unittest.TestCase):
    def fastest(self, best):
        tried = []

        def speed_at(peer, length):
            tried.append(length)
            return peaked_at(best)(peer, length)

        return contenders.fastest_length(None, (4096, 8192), speed_at), tried

    def test_the_best_length_lies_between_two_slower_ones(self):
        for best in (256, 2048, 8192, 65536, 1 << 19):
            found, tried = self.fastest(best)
            self.assertEqual(found, best)
            self.assertTrue(min(tried) < found < max(tried))

    def test_the_search_ends_at_its_limits(self):
        self.assertEqual(self.fastest(1)[0], contenders.SHORTEST)
        self.assertEqual(self.fastest(1 << 40)[0], contenders.LONGEST)


if __name__ == "__main__":
    unittest.main()
