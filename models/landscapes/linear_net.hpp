// A linear network of two layers: f = |M - W2 W1|^2 / 2 over whitened inputs, in the coordinates in which the target
// M is diagonal, M = diag(s) (Baldi and Hornik 1989). Each critical point keeps a set I of at most `hidden` modes:
//   loss   sum over j outside I of s_j^2 / 2
//   index  #{(i in I, j outside): s_j > s_i} + (hidden - |I|) #{j outside: s_j > 0}
// for every choice of hidden coordinates (W2 C, C^-1 W1), since a congruence keeps the index (Sylvester). The
// spectrum below is that of the balanced one, W2 = U_I sqrt(s_I), W1 = its transpose.
#pragma once

#include "models/landscapes/parameters.hpp"
#include "models/landscapes/two_layers.hpp"

namespace noisetrap {

struct LinearNet {
    static constexpr const char* name = "linear-net";
    static constexpr const char* formula = "f = |diag(values) - W2 W1|^2 / 2";
    static constexpr const char* source = "Baldi and Hornik 1989";
    std::size_t outputs = 3, inputs = 3, hidden = 2;
    std::vector<double> values = {3, 2, 1};

    static auto parameters() {
        using This = LinearNet;
        return std::array{count("outputs", &This::outputs, 1, most_parameters, "rows of the target"),
                          count("inputs", &This::inputs, 1, most_parameters, "columns of the target"),
                          count("hidden", &This::hidden, 1, most_parameters, "units between"),
                          list("values", &This::values, 1e-9, most_height,
                               "singular values of the target, falling; those that are not given are 0")};
    }
    Complaint complaint() const { return unless_falling("values", values, std::min(outputs, inputs)); }
    std::size_t size() const { return layers().size(); }
    std::size_t workspace() const { return outputs * inputs; }

    template <class X>
    X value(std::span<const X> w) const {
        X sum{};
        for (const X& r : residue(w)) sum = sum + 0.5 * (r * r);
        return sum;
    }
    template <class X>
    void gradient(std::span<const X> w, std::span<X> slope) const {
        layers().gradient(w, residue(w), slope);
    }
    std::vector<KnownPoint> points() const {
        std::vector<KnownPoint> known;
        for (const auto& kept : subsets(values.size(), hidden, size())) known.push_back(point(kept));
        return known;
    }
    std::vector<double> invariants(std::span<const double> w) const { return layers().modes(w); }
    std::vector<Point> generators(std::span<const double> w) const { return layers().gauge(w); }

  private:
    TwoLayers layers() const { return {outputs, hidden, inputs}; }
    double mode(std::size_t j) const { return j < values.size() ? values[j] : 0; }

    template <class X>
    std::vector<X> residue(std::span<const X> w) const {
        auto r = layers().product(w);
        for (std::size_t i = 0; i < values.size(); ++i) r[i * inputs + i] = r[i * inputs + i] - values[i];
        return r;
    }
    KnownPoint point(const std::vector<std::size_t>& kept) const {
        const auto others = all_but(kept, std::min(outputs, inputs));
        const std::size_t spare = hidden - kept.size();
        const std::size_t extra = std::max(outputs, inputs) - std::min(outputs, inputs);
        KnownPoint known{name_of_modes(kept), Point(size()), 0, 0, {}};
        for (std::size_t u = 0; u < kept.size(); ++u)
            known.at[layers().second(kept[u], u)] = known.at[layers().first(u, kept[u])] =
                std::sqrt(mode(kept[u]));
        for (const auto j : others) {
            known.loss += mode(j) * mode(j) / 2;
            if (mode(j) > 0) known.index += spare;
            append(known.spectrum, spare, mode(j));
            append(known.spectrum, spare, -mode(j));
        }
        for (const auto i : kept) {
            for (const auto j : others) {
                if (mode(j) > mode(i)) ++known.index;
                append(known.spectrum, 1, mode(i) + mode(j));
                append(known.spectrum, 1, mode(i) - mode(j));
            }
            for (const auto k : kept) append(known.spectrum, 1, mode(i) + mode(k));
            append(known.spectrum, extra, mode(i));
        }
        append(known.spectrum, size() - known.spectrum.size(), 0);
        return known;
    }
};

}  // namespace noisetrap
