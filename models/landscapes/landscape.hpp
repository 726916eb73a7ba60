// A landscape is a loss of any number of parameters whose critical points are known: by their list, or by their law.
//
// A model of one is a struct of parameters with
//   name, formula, source        what it is, in words
//   parameters(), complaint()    keys with ranges, and what is wrong with values that are each in range
//   size()                       how many parameters the loss has
//   workspace()                  optional: how many numbers a gradient needs room for, where that is more
//   value(x), gradient(x, g)     templates over the number X, a double, a Tangent or a Dual
//   hessian(x, by_columns)       optional: the whole Hessian, where that is cheaper than a product for each column
//   points()                     its critical points, one of each family; none where `law` says what is known
//   invariants(x)                numbers that tell families apart, and that no symmetry changes
//   generators(x)                optional: how the continuous symmetries move x; these directions are flat at a
//                                critical point
//   prepare()                    optional: works out what depends on the parameters alone
//   normalise(x)                 optional: moves x along a symmetry to where theory's spectrum holds
// Hessian-vector products are derivatives of the gradient along a direction, by tangents: no Hessian is written down.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/landscapes/tangent.hpp"

namespace noisetrap {

using Point = std::vector<double>;

/// A critical point that theory knows, with all others that symmetries make of it.
struct KnownPoint {
    std::string name;
    Point at;  // one of the family
    double loss = 0;
    std::size_t index = 0;         // negative eigenvalues of the Hessian
    std::vector<double> spectrum;  // of the Hessian at `at`, rising

    /// Eigenvalues that are exactly zero.
    std::size_t flat() const {
        return static_cast<std::size_t>(std::count(spectrum.begin(), spectrum.end(), 0.0));
    }
};

/// Longer lists of points are not made: together their spectra would have more numbers than this.
inline constexpr std::size_t most_known_numbers = 1 << 22;

class Landscape {
  public:
    virtual ~Landscape() = default;
    virtual std::size_t size() const = 0;
    /// Numbers that a gradient needs room for.
    virtual std::size_t workspace() const = 0;
    virtual double value(std::span<const double> x) const = 0;
    virtual void gradient(std::span<const double> x, std::span<double> slope) const = 0;
    /// H(x) v, at the cost of about two gradients.
    virtual void hessian_times(std::span<const double> x, std::span<const double> v,
                               std::span<double> product) const = 0;
    /// H(x) times so many vectors, one after the other.
    virtual void hessian_times_each(std::span<const double> x, std::span<const double> vectors,
                                    std::span<double> products) const {
        for (std::size_t first = 0; first < vectors.size(); first += size())
            hessian_times(x, vectors.subspan(first, size()), products.subspan(first, size()));
    }
    /// By columns: as many products as parameters, unless a landscape knows a faster way.
    virtual void hessian(std::span<const double> x, std::span<double> by_columns) const {
        std::vector<double> axis(size());
        for (std::size_t j = 0; j < size(); ++j) {
            axis[j] = 1;
            hessian_times(x, axis, by_columns.subspan(j * size(), size()));
            axis[j] = 0;
        }
    }
    /// Empty where theory gives a law instead, or too many points to list.
    virtual std::vector<KnownPoint> points() const = 0;
    virtual std::vector<double> invariants(std::span<const double> x) const = 0;
    virtual std::vector<Point> generators(std::span<const double> x) const = 0;
    virtual void normalise(std::span<double> x) const = 0;
};

template <class Model>
class LandscapeOf final : public Landscape {
    Model model_;

  public:
    explicit LandscapeOf(Model model) : model_(std::move(model)) {
        if constexpr (requires { model_.prepare(); }) model_.prepare();
    }

    std::size_t size() const override { return model_.size(); }
    std::size_t workspace() const override {
        if constexpr (requires { model_.workspace(); }) {
            return std::max(model_.size(), model_.workspace());
        } else {
            return model_.size();
        }
    }
    double value(std::span<const double> x) const override { return model_.value(x); }
    void gradient(std::span<const double> x, std::span<double> slope) const override {
        model_.gradient(x, slope);
    }
    void hessian_times(std::span<const double> x, std::span<const double> v,
                       std::span<double> product) const override {
        // Kept from one product to the next: so much memory is slow to get.
        thread_local std::vector<Tangent> at, slope;
        at.resize(x.size()), slope.resize(x.size());
        for (std::size_t i = 0; i < x.size(); ++i) at[i] = {x[i], v[i]};
        model_.gradient(std::span<const Tangent>(at), std::span(slope));
        for (std::size_t i = 0; i < x.size(); ++i) product[i] = slope[i].slope;
    }
    void hessian(std::span<const double> x, std::span<double> by_columns) const override {
        if constexpr (requires { model_.hessian(x, by_columns); })
            model_.hessian(x, by_columns);
        else
            Landscape::hessian(x, by_columns);
    }
    std::vector<KnownPoint> points() const override {
        auto known = model_.points();
        for (auto& point : known) std::sort(point.spectrum.begin(), point.spectrum.end());
        std::stable_sort(known.begin(), known.end(),
                         [](const auto& a, const auto& b) { return a.loss < b.loss; });
        return known;
    }
    std::vector<double> invariants(std::span<const double> x) const override { return model_.invariants(x); }
    std::vector<Point> generators(std::span<const double> x) const override {
        if constexpr (requires { model_.generators(x); }) {
            return model_.generators(x);
        } else {
            return {};
        }
    }
    void normalise(std::span<double> x) const override {
        if constexpr (requires { model_.normalise(x); }) model_.normalise(x);
    }
};

/// Every set of at most `most` of the numbers 0 to count - 1, in the order of their sizes; empty where their spectra
/// of `size` numbers each would be too many to list.
inline std::vector<std::vector<std::size_t>> subsets(std::size_t count, std::size_t most, std::size_t size) {
    std::vector<std::vector<std::size_t>> sets = {{}};
    for (std::size_t begin = 0, length = 1; length <= std::min(count, most); ++length) {
        const std::size_t end = sets.size();
        for (std::size_t s = begin; s < end; ++s)
            for (std::size_t i = sets[s].empty() ? 0 : sets[s].back() + 1; i < count; ++i) {
                auto larger = sets[s];
                larger.push_back(i);
                sets.push_back(std::move(larger));
                if (sets.size() * size > most_known_numbers) return {};
            }
        begin = end;
    }
    return sets;
}

/// {1,3}: the kept modes, counted from 1.
inline std::string name_of_modes(const std::vector<std::size_t>& kept) {
    std::string name = "{";
    for (const auto i : kept) {
        if (name.size() > 1) name += ',';
        name += std::to_string(i + 1);
    }
    name += '}';
    return name;
}

inline std::vector<std::size_t> all_but(const std::vector<std::size_t>& kept, std::size_t count) {
    std::vector<std::size_t> others;
    for (std::size_t j = 0; j < count; ++j)
        if (std::find(kept.begin(), kept.end(), j) == kept.end()) others.push_back(j);
    return others;
}

/// An eigenvalue that a spectrum holds so many times.
inline void append(std::vector<double>& spectrum, std::size_t times, double eigenvalue) {
    spectrum.insert(spectrum.end(), times, eigenvalue);
}

}  // namespace noisetrap
