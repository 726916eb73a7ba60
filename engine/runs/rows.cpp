#include "engine/runs/rows.hpp"

#include <algorithm>

#include "engine/runs/memory.hpp"
#include "engine/runs/plan.hpp"

namespace noisetrap {
namespace {

/// f(column, watch) for every column of numbers that is observed; of exponents `watch` is their place.
template <class F>
void for_each_column(const Observation& observe, F f) {
    for (int c = 0; c < column_count; ++c)
        for (std::size_t watch = 0; watch < observe.numbers_of(static_cast<Column>(c)); ++watch)
            f(static_cast<Column>(c), watch);
}

}  // namespace

std::uint64_t numbers_in_row(const Observation& observe) {
    std::uint64_t numbers = 0;
    for (int c = 0; c < column_count; ++c) numbers += observe.numbers_of(static_cast<Column>(c));
    return numbers;
}

std::uint64_t number_of(const Observation& observe, Column column) {
    std::uint64_t before = 0;
    for (int c = 0; c < static_cast<int>(column); ++c) before += observe.numbers_of(static_cast<Column>(c));
    return before;
}

Columns columns_from(double* first, const Observation& observe, std::uint64_t rows) {
    Columns columns;
    for (int c = 0; c < column_count; ++c)
        if (const auto column = static_cast<Column>(c); observe.wants(column))
            columns[column] = first + number_of(observe, column) * rows;
    return columns;
}

std::vector<double>& PathColumns::of(Column column, std::size_t watch) {
    switch (column) {
        case Column::value:
            return value[watch];
        case Column::log_abs:
            return log_abs[watch];
        case Column::log_growth:
            return log_growth;
        case Column::exit_step:
            return exit_step;
        case Column::log_largest:
            return log_largest;
        case Column::steps_inside:
            return steps_inside;
        case Column::noise_sum:
            return noise_sum;
        case Column::noise_squares:
            return noise_squares;
        case Column::log_volume:
            return log_volume;
        case Column::log_stretches:
            break;
    }
    return log_stretches[watch];
}

static void require_memory_of_rows(const Simulation& s) {
    require_memory(s.ensembles.size() * s.paths * row_bytes(s.observe),
                   "all rows; make ensemble.paths smaller");
}

Collector::Collector(const Simulation& s) : s_(s), ensembles(s.ensembles.size()) {
    require_memory_of_rows(s);
    for (auto& rows : ensembles) {
        rows.value.resize(s.observe.steps.size());
        rows.log_abs.resize(s.observe.steps.size());
        rows.log_stretches.resize(s.observe.exponents);
        for_each_column(s.observe,
                        [&](Column column, std::size_t watch) { rows.of(column, watch).resize(s.paths); });
    }
}

void Collector::operator()(std::uint64_t ensemble, std::uint64_t first_path, const Part& part) {
    for_each_column(s_.observe, [&](Column column, std::size_t watch) {
        const auto rows = part.of(column, watch);
        std::copy(rows.begin(), rows.end(),
                  ensembles[ensemble].of(column, watch).begin() + static_cast<std::ptrdiff_t>(first_path));
    });
}

RowTable::RowTable(const Simulation& s) : observe_(s.observe), paths_(s.paths) {
    require_memory_of_rows(s);
    for (int c = 0; c < column_count; ++c)
        of(static_cast<Column>(c)).resize(observe_.numbers_of(static_cast<Column>(c)) * paths_);
}

void RowTable::operator()(std::uint64_t, std::uint64_t first_path, const Part& part) {
    for_each_column(observe_, [&](Column column, std::size_t watch) {
        const auto rows = part.of(column, watch);
        std::copy(rows.begin(), rows.end(),
                  of(column).begin() + static_cast<std::ptrdiff_t>(watch * paths_ + first_path));
    });
}

}  // namespace noisetrap
