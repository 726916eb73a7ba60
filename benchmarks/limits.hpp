// What a step is made of, each part alone: repeated without the others, in the slices of the engine. Compiled
// as the engine's kernels are, for the machine that they run on.
#pragma once

#include <cstdint>

namespace limits {

/// Each function below does its work for so many paths: a slice, or two where variates are doubles.
int lanes();

/// Philox words for four steps: one call of the generator for each path. Returns a checksum.
std::uint32_t words(std::uint64_t repeats);
/// Box and Muller's transform of words that are there already: four normals for each path.
float normals(std::uint64_t repeats);
double double_normals(std::uint64_t repeats);
/// Four steps of dx = a x dt + sigma x dW + tau dV, with normals that are there already.
double arithmetic(std::uint64_t repeats);

/// A division and a square root of a double for each path, as an update has that divides by the size of its gradient.
/// Several slices take turns, so that none waits for the one before.
double roots_and_divisions(std::uint64_t repeats);
int roots_in_a_repeat();

/// Multiplications of whole registers, of floats (fused with an addition) and of integers in turn, none of
/// which waits for the one before: 16 a repeat. Where there are no vectors, it cannot.
std::uint32_t multiplications(std::uint64_t repeats);
bool can_multiply_registers();

}  // namespace limits
