// What paths wrote, in host memory: a chunk at a time, or all of it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/runs/simulation.hpp"

namespace noisetrap {

/// The columns of one chunk: `rows` rows, those of its ensembles one after the other.
struct ChunkColumns {
    std::uint64_t rows = 0;
    Columns at;
};

/// Columns that lie one after the other, from `first` on.
Columns columns_from(double* first, const Observation&, std::uint64_t rows);
/// How many numbers a row has, and which of them is the first of a column.
std::uint64_t numbers_in_row(const Observation&);
std::uint64_t number_of(const Observation&, Column);

/// Host memory for one chunk after another, kept, so that none pays for fresh memory.
class ColumnMemory {
    std::vector<double> numbers_;

  public:
    ChunkColumns resize(const Observation& observe, std::uint64_t rows) {
        numbers_.resize(numbers_in_row(observe) * rows);
        return {rows, columns_from(numbers_.data(), observe, rows)};
    }
};

/// The rows of one ensemble in a chunk, from `first` on.
struct Part {
    const ChunkColumns& columns;
    std::uint64_t first, count;

    std::span<const double> of(Column column, std::size_t watch = 0) const {
        return {columns.at[column] + watch * columns.rows + first, count};
    }
};

/// What the paths of one ensemble wrote, row by row: paths in order of their numbers.
struct PathColumns {
    std::vector<std::vector<double>> value, log_abs;  // [observed step][path]
    std::vector<double> log_growth, exit_step;        // [path], where observed
    std::vector<double> log_largest = {}, steps_inside = {}, noise_sum = {}, noise_squares = {};
    std::vector<std::vector<double>> log_stretches = {};  // [exponent][path]
    std::vector<double> log_volume = {};

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

/// Keeps all rows of a run of one ensemble, each column in one piece: [path], [observed step * paths + path] or
/// [exponent * paths + path]; empty where it is not observed.
class RowTable {
    Observation observe_;
    std::uint64_t paths_ = 0;

  public:
    std::array<std::vector<double>, column_count> columns;

    /// That of no run.
    RowTable() = default;
    /// Throws InputError where they do not fit into memory.
    explicit RowTable(const Simulation& s);
    void operator()(std::uint64_t ensemble, std::uint64_t first_path, const Part& part);

    std::vector<double>& of(Column column) { return columns[static_cast<std::size_t>(column)]; }
    const std::vector<double>& of(Column column) const { return columns[static_cast<std::size_t>(column)]; }
};

}  // namespace noisetrap
