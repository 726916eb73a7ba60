// What paths write: the table of columns. A column is one row here, and what writes it: the recorder or a probe. Host
// memory, device memory and the size of a row loop over the table.
#pragma once

#include <cstdint>

#include "engine/numbers/hd.hpp"

namespace noisetrap {

enum class Column : int {
    value,
    log_abs,
    log_growth,
    exit_step,
    log_largest,
    steps_inside,
    noise_sum,
    noise_squares,
    log_stretches,
    log_volume
};

/// How many numbers of a path a column has: one, or one for each observed step or each variable.
enum class Each { path, time, variable };

struct ColumnRow {
    const char* name;
    const char* unit;
    const char* meaning;
    Each each;
};

/// The table, in the order of `Column`. Every number is a double.
inline constexpr ColumnRow column_table[] = {
    {"value", "length", "x; 0 or infinite where it is beyond the range of a double", Each::time},
    {"log_abs", "1", "log |x|, never out of range", Each::time},
    {"log_growth", "1", "log |dx[n]/dx[0]| after the last step", Each::path},
    {"exit_step", "steps", "first step with |x| >= radius, negative on the lower side, 0 if none",
     Each::path},
    {"log_largest", "1", "log of the largest |x| from the start to the last step", Each::path},
    {"steps_inside", "steps", "steps after which |x| < inside_radius", Each::path},
    {"noise_sum", "1", "sum of the variates of the first noise over the steps, of mean 0", Each::path},
    {"noise_squares", "1", "sum of their squares less the number of steps, of mean 0", Each::path},
    {"log_stretches", "1", "logs by which the linearised flow stretches, largest exponent first",
     Each::variable},
    {"log_volume", "1", "log by which it stretches volumes, the sum of these", Each::path},
};
inline constexpr int column_count = sizeof(column_table) / sizeof(column_table[0]);

/// An exit_step: x stopped being a number before it left.
inline constexpr double failed_before_exit = -__builtin_inf();

/// Where the columns of a launch lie: [row], or [observed step * rows + row], or [variable * rows + row]; null where not
/// asked for.
struct Columns {
    double* at[column_count] = {};
    NOISETRAP_HD double*& operator[](Column c) { return at[static_cast<int>(c)]; }
    NOISETRAP_HD double* operator[](Column c) const { return at[static_cast<int>(c)]; }
};

}  // namespace noisetrap
