// Memory of the engine as arrays of Python, without a copy.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

namespace noisetrap::python {

/// Numbers that arrays share: the last of these frees them.
template <class T>
using Shared = std::shared_ptr<std::vector<T>>;

template <class T>
nanobind::capsule owner_of(const Shared<T>& numbers) {
    return nanobind::capsule(new Shared<T>(numbers),
                             [](void* kept) noexcept { delete static_cast<Shared<T>*>(kept); });
}

/// A read-only array of NumPy.
template <class T>
nanobind::object array_of(const Shared<T>& numbers, std::initializer_list<std::size_t> shape) {
    return nanobind::cast(
        nanobind::ndarray<nanobind::numpy, const T>(numbers->data(), shape, owner_of(numbers)));
}
template <class T>
nanobind::object array_of(std::vector<T> numbers) {
    const auto size = numbers.size();
    return array_of(std::make_shared<std::vector<T>>(std::move(numbers)), {size});
}

/// Whatever has numbers one after the other, as NumPy's `ascontiguousarray` makes it.
using Places = nanobind::ndarray<const double, nanobind::ndim<1>, nanobind::c_contig, nanobind::device::cpu>;

/// f of each of them.
template <class F>
nanobind::object map(const Places& places, F f) {
    std::vector<double> values(places.shape(0));
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = f(places.data()[i]);
    return array_of(std::move(values));
}

}  // namespace noisetrap::python
