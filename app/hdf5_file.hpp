// A few lines over the HDF5 C library: datasets whose dimensions are named and carry their coordinates.
#pragma once

#include <hdf5.h>
#include <hdf5_hl.h>

#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "engine/error.hpp"

namespace noisetrap {

class Hdf5File {
    std::string shown_;  // the name for complaints
    hid_t file_;

    void check(std::int64_t status) const {
        if (status < 0) throw InputError(shown_ + ": cannot be written; is the disk full?");
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
    Hdf5File(const std::string& name, std::string shown) : shown_(std::move(shown)) {
        H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
        file_ = H5Fcreate(name.c_str(), H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT);
        check(file_);
    }
    ~Hdf5File() {
        if (file_ >= 0) H5Fclose(file_);
    }
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

    /// A coordinate that datasets name as a dimension.
    template <class T>
    void coordinate(const std::string& name, std::span<const T> data, const char* unit, const char* meaning) {
        write(name, data, {data.size()}, unit, meaning);
        const hid_t set = H5Dopen2(file_, name.c_str(), H5P_DEFAULT);
        check(H5DSset_scale(set, name.substr(name.rfind('/') + 1).c_str()));
        H5Dclose(set);
    }

    /// Flushes to the disk, so that a full one is noticed.
    void finish() {
        check(H5Fflush(file_, H5F_SCOPE_GLOBAL));
        const auto status = H5Fclose(file_);
        file_ = -1;
        check(status);
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

}  // namespace noisetrap
