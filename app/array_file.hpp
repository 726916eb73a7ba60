// Arrays of numbers in files of NumPy's (.npy, .npz) and of HDF5's.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace noisetrap {

struct NumberArray {
    std::string name;  // in its file; empty in a .npy, which holds one
    std::vector<std::size_t> shape;
    std::vector<double> values;  // by rows: the last index moves fastest
};

/// Whether the name ends as one of the three kinds does.
bool is_array_file(const std::string& file);

/// The arrays of these names, in their order; without names all that hold numbers, in the order of the file. Throws
/// InputError where the file cannot be read, and names its arrays where it lacks one.
std::vector<NumberArray> read_arrays(const std::string& file, const std::vector<std::string>& names = {});

}  // namespace noisetrap
