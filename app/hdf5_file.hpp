// A few lines over the HDF5 C library: datasets whose dimensions are named and carry their coordinates.
#pragma once

#include <hdf5.h>
#include <hdf5_hl.h>

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "engine/error.hpp"

namespace noisetrap {

/// Built in memory: HDF5 does not survive a disk that fills up while it writes (it crashes when it is
/// unloaded), and whoever has the bytes can see to it that they arrive.
class Hdf5File {
    hid_t file_;

    static void check(std::int64_t status) {
        if (status < 0) throw std::runtime_error("HDF5 cannot build the file");
    }

    template <class T>
    static hid_t type() {
        if constexpr (std::is_same_v<T, double>) {
            return H5T_NATIVE_DOUBLE;
        } else {
            return H5T_NATIVE_UINT64;
        }
    }

  public:
    Hdf5File() {
        H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
        constexpr std::size_t growth = 1 << 20;
        const hid_t in_memory = H5Pcreate(H5P_FILE_ACCESS);
        H5Pset_fapl_core(in_memory, growth, false);
        file_ = H5Fcreate("data.h5", H5F_ACC_TRUNC, H5P_DEFAULT, in_memory);
        H5Pclose(in_memory);
        check(file_);
    }
    ~Hdf5File() { H5Fclose(file_); }
    Hdf5File(const Hdf5File&) = delete;
    Hdf5File& operator=(const Hdf5File&) = delete;

    void attribute(const char* object, const char* key, const std::string& text) {
        check(H5LTset_attribute_string(file_, object, key, text.c_str()));
    }

    /// A text of any length, as a dataset.
    void text(const char* name, const std::string& content) {
        const hid_t type = H5Tcopy(H5T_C_S1);
        H5Tset_size(type, content.size() + 1);
        const hid_t space = H5Screate(H5S_SCALAR), set = create(name, type, space);
        check(H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, content.c_str()));
        H5Dclose(set);
        H5Sclose(space);
        H5Tclose(type);
    }

    /// A coordinate made of words.
    void coordinate(const std::string& name, const std::vector<std::string>& words, const char* meaning) {
        std::vector<const char*> pointers;
        for (const auto& word : words) pointers.push_back(word.c_str());
        const hid_t type = H5Tcopy(H5T_C_S1);
        H5Tset_size(type, H5T_VARIABLE);
        H5Tset_cset(type, H5T_CSET_UTF8);
        const hsize_t length = words.size();
        const hid_t space = H5Screate_simple(1, &length, nullptr), set = create(name.c_str(), type, space);
        check(H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()));
        check(H5DSset_scale(set, name.substr(name.rfind('/') + 1).c_str()));
        H5Dclose(set);
        H5Sclose(space);
        H5Tclose(type);
        attribute(name.c_str(), "meaning", meaning);
    }

    void group(const char* name) {
        const hid_t group = H5Gcreate2(file_, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
        check(group);
        H5Gclose(group);
    }

    /// `dimensions` names the coordinate datasets of each axis, in order; their lengths are the shape.
    template <class T>
    void dataset(const std::string& name, std::span<const T> data, const std::vector<std::string>& dimensions,
                 const char* unit, const char* meaning) {
        std::vector<hsize_t> shape;
        for (const auto& dimension : dimensions) {
            hsize_t length = 0;
            check(H5LTget_dataset_info(file_, dimension.c_str(), &length, nullptr, nullptr));
            shape.push_back(length);
        }
        write(name, data, shape, unit, meaning);
        const hid_t set = H5Dopen2(file_, name.c_str(), H5P_DEFAULT);
        for (unsigned i = 0; i < dimensions.size(); ++i) {
            const hid_t scale = H5Dopen2(file_, dimensions[i].c_str(), H5P_DEFAULT);
            const auto label = dimensions[i].substr(dimensions[i].rfind('/') + 1);
            check(H5DSattach_scale(set, scale, i));
            check(H5DSset_label(set, i, label.c_str()));
            H5Dclose(scale);
        }
        H5Dclose(set);
    }

    /// Numbers alone: for files that others read by the names of their arrays.
    void array(const std::string& name, std::span<const double> data, const std::vector<hsize_t>& shape,
               const char* unit, const char* meaning) {
        write(name, data, shape, unit, meaning);
    }

    /// A coordinate that datasets name as a dimension.
    template <class T>
    void coordinate(const std::string& name, std::span<const T> data, const char* unit, const char* meaning) {
        write(name, data, {data.size()}, unit, meaning);
        const hid_t set = H5Dopen2(file_, name.c_str(), H5P_DEFAULT);
        check(H5DSset_scale(set, name.substr(name.rfind('/') + 1).c_str()));
        H5Dclose(set);
    }

    /// All of the file.
    std::string bytes() const {
        check(H5Fflush(file_, H5F_SCOPE_GLOBAL));
        const auto size = H5Fget_file_image(file_, nullptr, 0);
        check(size);
        std::string image(static_cast<std::size_t>(size), '\0');
        check(H5Fget_file_image(file_, image.data(), image.size()));
        return image;
    }

  private:
    hid_t create(const char* name, hid_t type, hid_t space) {
        const hid_t plain = H5Pcreate(H5P_DATASET_CREATE);
        H5Pset_obj_track_times(plain, false);  // no clock in the bytes
        const hid_t set = H5Dcreate2(file_, name, type, space, H5P_DEFAULT, plain, H5P_DEFAULT);
        H5Pclose(plain);
        check(set);
        return set;
    }

    template <class T>
    void write(const std::string& name, std::span<const T> data, const std::vector<hsize_t>& shape,
               const char* unit, const char* meaning) {
        const hid_t space = H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
        const hid_t set = create(name.c_str(), type<T>(), space);
        check(H5Dwrite(set, type<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, data.data()));
        H5Dclose(set);
        H5Sclose(space);
        attribute(name.c_str(), "unit", unit);
        attribute(name.c_str(), "meaning", meaning);
    }
};

/// What such a file holds; complaints say that it cannot be read.
class Hdf5Reader {
    std::string shown_;
    hid_t file_;

    void check(std::int64_t status) const {
        if (status < 0)
            throw InputError(shown_ +
                             ": is not a file of noisetrap's, or damaged: --out names another folder, "
                             "--fresh starts over");
    }

  public:
    Hdf5Reader(const std::string& name, std::string shown) : shown_(std::move(shown)) {
        H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
        file_ = H5Fopen(name.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
        check(file_);
    }
    ~Hdf5Reader() { H5Fclose(file_); }
    Hdf5Reader(const Hdf5Reader&) = delete;
    Hdf5Reader& operator=(const Hdf5Reader&) = delete;

    /// Whether the file itself has the attribute.
    bool has_attribute(const char* key) const { return H5LTfind_attribute(file_, key) == 1; }

    std::string attribute(const char* object, const char* key) const {
        std::size_t size = 0;
        hsize_t dimension = 0;
        H5T_class_t kind;
        check(H5LTget_attribute_info(file_, object, key, &dimension, &kind, &size));
        std::string text(size, '\0');
        check(H5LTget_attribute_string(file_, object, key, text.data()));
        return text.c_str();
    }

    std::string text(const char* name) const {
        std::size_t size = 0;
        H5T_class_t kind;
        check(H5LTget_dataset_info(file_, name, nullptr, &kind, &size));
        std::string content(size, '\0');
        check(H5LTread_dataset_string(file_, name, content.data()));
        return content.c_str();
    }

    /// All numbers of a dataset, which must be so many.
    template <class T>
    std::vector<T> numbers(const std::string& name, std::size_t count) const {
        auto data = numbers<T>(name);
        check(data.size() == count ? 0 : -1);
        return data;
    }
    template <class T>
    std::vector<T> numbers(const std::string& name) const {
        const hid_t set = H5Dopen2(file_, name.c_str(), H5P_DEFAULT);
        check(set);
        const hid_t space = H5Dget_space(set);
        std::vector<T> data(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
        const hid_t type = std::is_same_v<T, double> ? H5T_NATIVE_DOUBLE : H5T_NATIVE_UINT64;
        const auto status = H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data.data());
        H5Sclose(space);
        H5Dclose(set);
        check(status);
        return data;
    }
};

}  // namespace noisetrap
