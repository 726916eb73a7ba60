#include "app/array_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <hdf5.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <regex>

#include "app/zip_file.hpp"
#include "engine/error.hpp"
#include "engine/input/config_parts.hpp"
#include "engine/runs/memory.hpp"

namespace noisetrap {
namespace {

static_assert(std::endian::native == std::endian::little, "files of NumPy's are read as they lie");

[[noreturn]] void complain(const std::string& shown, const std::string& what) {
    throw InputError(fmt::format("{}: {}", shown, what));
}

std::size_t numbers_of(const std::vector<std::size_t>& shape, const std::string& shown) {
    std::size_t count = 1;
    for (const auto length : shape)
        if (__builtin_mul_overflow(count, length, &count)) complain(shown, "has a shape beyond memory");
    return count;
}

template <class T>
std::vector<double> converted(const char* data, std::size_t count) {
    std::vector<double> values(count);
    for (std::size_t i = 0; i < count; ++i) {
        T value;
        std::memcpy(&value, data + i * sizeof(T), sizeof(T));
        values[i] = static_cast<double>(value);
    }
    return values;
}

struct NumberType {
    const char* word;
    std::size_t bytes;
    std::vector<double> (*read)(const char*, std::size_t);
};
constexpr NumberType number_types[] = {
    {"<f8", 8, converted<double>},        {"<f4", 4, converted<float>},
    {"<i8", 8, converted<std::int64_t>},  {"<i4", 4, converted<std::int32_t>},
    {"<u8", 8, converted<std::uint64_t>}, {"<u4", 4, converted<std::uint32_t>}};

/// Columns first, as Fortran has it, becomes rows first.
std::vector<double> by_rows(const std::vector<double>& columns, const std::vector<std::size_t>& shape) {
    std::vector<double> rows(columns.size());
    std::vector<std::size_t> index(shape.size());
    for (double& value : rows) {
        std::size_t place = 0;
        for (std::size_t axis = shape.size(); axis-- > 0;) place = place * shape[axis] + index[axis];
        value = columns[place];
        for (std::size_t axis = shape.size(); axis-- > 0 && ++index[axis] == shape[axis];) index[axis] = 0;
    }
    return rows;
}

/// NumPy's format 1.0 to 3.0: a magic word, the version, the length of a Python dict as text, the dict, the numbers.
NumberArray numpy_array(const std::string& bytes, const std::string& name, const std::string& shown) {
    constexpr std::size_t before_length = 8;
    if (bytes.size() < 12 || bytes.compare(0, 6, "\x93NUMPY") != 0) complain(shown, "is no array of NumPy's");
    const std::size_t width = bytes[6] == 1 ? 2 : 4;
    std::uint32_t length = 0;
    std::memcpy(&length, bytes.data() + before_length, width);
    const std::size_t begin = before_length + width + length;
    if (begin > bytes.size()) complain(shown, "ends within its header: it is damaged");
    const auto header = bytes.substr(before_length + width, length);
    static const std::regex words(
        R"('descr':\s*'([^']*)'[^]*'fortran_order':\s*(True|False)[^]*'shape':\s*\(([^)]*)\))");
    std::smatch match;
    if (!std::regex_search(header, match, words)) complain(shown, "does not hold one type of numbers");
    const auto type = std::find_if(std::begin(number_types), std::end(number_types),
                                   [&](const auto& known) { return match[1] == known.word; });
    if (type == std::end(number_types))
        complain(shown,
                 fmt::format("holds numbers of type '{}': float32, float64 or integers of 4 or 8 bytes "
                             "in the order of this machine can be read",
                             match[1].str()));
    NumberArray array{name, {}, {}};
    const std::string lengths = match[3];
    static const std::regex digits(R"(\d+)");
    for (std::sregex_iterator at(lengths.begin(), lengths.end(), digits), end; at != end; ++at)
        array.shape.push_back(std::stoull(at->str()));
    const auto count = numbers_of(array.shape, shown);
    if ((bytes.size() - begin) / type->bytes < count)
        complain(shown, fmt::format("ends before its {} numbers: it is damaged", count));
    array.values = type->read(bytes.data() + begin, count);
    if (match[2] == "True") array.values = by_rows(array.values, array.shape);
    return array;
}

std::vector<NumberArray> numpy_arrays(const std::string& file) {
    const auto bytes = text_of_file(file);
    if (!file.ends_with(".npz")) return {numpy_array(bytes, "", file)};
    std::vector<NumberArray> arrays;
    for (const auto& [member, content] : zip_members(bytes, file)) {
        const auto name = member.ends_with(".npy") ? member.substr(0, member.size() - 4) : member;
        arrays.push_back(numpy_array(content, name, fmt::format("{}: '{}'", file, name)));
    }
    return arrays;
}

/// An object of HDF5's, closed at the end.
class Handle {
    hid_t id_;
    herr_t (*close_)(hid_t);

  public:
    Handle(hid_t id, herr_t (*close)(hid_t), const std::string& shown) : id_(id), close_(close) {
        if (id < 0) complain(shown, "cannot be read as HDF5");
    }
    ~Handle() { close_(id_); }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    operator hid_t() const { return id_; }
};

/// Nothing where the dataset holds no numbers.
std::vector<NumberArray> hdf5_array(hid_t file, const std::string& name, const std::string& shown) {
    const Handle set(H5Dopen2(file, name.c_str(), H5P_DEFAULT), H5Dclose, shown);
    const Handle type(H5Dget_type(set), H5Tclose, shown), space(H5Dget_space(set), H5Sclose, shown);
    const auto kind = H5Tget_class(type);
    const int axes = H5Sget_simple_extent_ndims(space);
    if ((kind != H5T_FLOAT && kind != H5T_INTEGER) || axes < 0) return {};
    std::vector<hsize_t> lengths(static_cast<std::size_t>(axes));
    H5Sget_simple_extent_dims(space, lengths.data(), nullptr);
    NumberArray array{name, {lengths.begin(), lengths.end()}, {}};
    const auto count = numbers_of(array.shape, shown);
    require_memory(8 * std::min<std::uint64_t>(count, UINT64_MAX / 8), fmt::format("{}: '{}'", shown, name));
    array.values.resize(count);
    if (H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, array.values.data()) < 0)
        complain(shown, fmt::format("'{}' cannot be read: the file is damaged", name));
    return {std::move(array)};
}

bool is_dataset(hid_t file, const std::string& path) {
    const hid_t object = H5Oopen(file, path.c_str(), H5P_DEFAULT);
    if (object < 0) return false;  // a link that leads nowhere
    const bool found = H5Iget_type(object) == H5I_DATASET;
    H5Oclose(object);
    return found;
}

std::vector<NumberArray> hdf5_arrays(const std::string& name) {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    const Handle file(H5Fopen(name.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, name);
    std::vector<std::string> paths;
    const auto visit = [](hid_t, const char* path, const H5L_info_t*, void* list) -> herr_t {
        static_cast<std::vector<std::string>*>(list)->emplace_back(path);
        return 0;
    };
    if (H5Lvisit(file, H5_INDEX_NAME, H5_ITER_NATIVE, visit, &paths) < 0)
        complain(name, "cannot be read as HDF5: it is damaged");
    std::vector<NumberArray> arrays;
    for (const auto& path : paths) {
        if (!is_dataset(file, path)) continue;
        for (auto& array : hdf5_array(file, path, name)) arrays.push_back(std::move(array));
    }
    return arrays;
}

bool is_hdf5(const std::string& file) { return file.ends_with(".h5") || file.ends_with(".hdf5"); }

}  // namespace

bool is_array_file(const std::string& file) {
    return file.ends_with(".npy") || file.ends_with(".npz") || is_hdf5(file);
}

std::vector<NumberArray> read_arrays(const std::string& file, const std::vector<std::string>& names) {
    if (!is_array_file(file)) complain(file, "does not end in .npy, .npz, .h5 or .hdf5");
    auto arrays = is_hdf5(file) ? hdf5_arrays(file) : numpy_arrays(file);
    if (arrays.empty()) complain(file, "holds no numbers");
    if (names.empty()) return arrays;
    std::vector<NumberArray> chosen;
    for (const auto& name : names) {
        const auto found =
            std::find_if(arrays.begin(), arrays.end(), [&](const auto& a) { return a.name == name; });
        if (found == arrays.end()) {
            std::vector<std::string> there;
            for (const auto& array : arrays) there.push_back(array.name);
            complain(file, fmt::format("holds no array '{}'; it has '{}'", name, fmt::join(there, "', '")));
        }
        chosen.push_back(*found);
    }
    return chosen;
}

}  // namespace noisetrap
