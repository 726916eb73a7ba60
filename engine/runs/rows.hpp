// What paths wrote, in host memory: a chunk at a time, or all of it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/runs/simulation.hpp"

namespace noisetrap {

/// Host memory for one chunk after another: `rows` rows, those of its ensembles one after the other.
struct ChunkColumns {
    std::uint64_t rows = 0;
    std::array<std::vector<double>, column_count> of;

    void resize(const Observation& observe, std::uint64_t chunk_rows) {
        rows = chunk_rows;
        for (int c = 0; c < column_count; ++c)
            of[static_cast<std::size_t>(c)].resize(observe.numbers_of(static_cast<Column>(c)) * rows);
    }
    Columns pointers() {
        Columns columns;
        for (std::size_t c = 0; c < of.size(); ++c) columns.at[c] = of[c].empty() ? nullptr : of[c].data();
        return columns;
    }
};

/// The rows of one ensemble in a chunk, from `first` on.
struct Part {
    const ChunkColumns& columns;
    std::uint64_t first, count;

    std::span<const double> of(Column column, std::size_t watch = 0) const {
        return std::span(columns.of[static_cast<std::size_t>(column)])
            .subspan(watch * columns.rows + first, count);
    }
};

/// What the paths of one ensemble wrote, row by row: paths in order of their numbers.
struct PathColumns {
    std::vector<std::vector<double>> value, log_abs;  // [observed step][path]
    std::vector<double> log_growth, exit_step;        // [path], where observed
    std::vector<double> log_largest = {}, steps_inside = {}, noise_sum = {}, noise_squares = {};
    std::vector<std::vector<double>> log_stretches = {};  // [exponent][path]

    /// One column, which is empty where it is not observed.
    std::vector<double>& of(Column column, std::size_t watch = 0);
};

/// Keeps all rows.
class Collector {
    const Simulation& s_;

  public:
    std::vector<PathColumns> ensembles;

    /// Throws InputError where they do not fit into memory.
    explicit Collector(const Simulation& s);
    void operator()(std::uint64_t ensemble, std::uint64_t first_path, const Part& part);
};

}  // namespace noisetrap
