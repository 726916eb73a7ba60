// The samples of a network: inputs, and what it is to answer.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace noisetrap {

/// A table of numbers as it stands in a file.
struct Table {
    std::vector<std::string> names;  // of the columns; empty where the file has none
    std::size_t columns = 0;
    std::vector<double> values;  // row after row

    std::size_t rows() const { return columns == 0 ? 0 : values.size() / columns; }
    double at(std::size_t row, std::size_t column) const { return values[row * columns + column]; }
};

/// Comma-separated numbers, one row a line, the first of which may hold names; the file may be compressed by gzip.
/// Throws InputError with the line and the column of what is no finite number, and where rows differ in length.
Table read_table(const std::string& file);

/// The 8 x 8 images of handwritten digits (Alpaydin and Kaynak 1998, UCI; the test part, as scikit-learn has it): 1797
/// rows of 64 pixels, 0 to 16, and the digit. Throws InputError where the program was built without them.
const Table& digits();

struct DataSet {
    std::size_t inputs = 0, outputs = 0;
    std::vector<double> input;  // sample after sample
    std::vector<double>
        target;            // sample after sample: `outputs` numbers of each, or one class counted from 0
    bool classes = false;  // targets are classes; then `outputs` is their number
    std::vector<std::size_t> columns;  // of the table, that the inputs are

    std::size_t samples() const { return inputs == 0 ? 0 : input.size() / inputs; }
    const double* input_of(std::size_t i) const { return input.data() + i * inputs; }
    const double* target_of(std::size_t i) const { return target.data() + i * (classes ? 1 : outputs); }
};

/// Brings every input to mean 0 and deviation 1 over the samples; `column` names those that are constant: an
/// InputError says so.
void standardise(DataSet&);

}  // namespace noisetrap
