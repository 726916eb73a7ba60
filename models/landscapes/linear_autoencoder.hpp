// A linear autoencoder: f = E |x - W2 W1 x|^2 / 2 over data of mean 0 whose covariance is diag(v), in the coordinates
// of their principal components (Baldi and Hornik 1989). Each critical point keeps a set I of at most `hidden`
// components:
//   loss   sum over j outside I of v_j / 2
//   index  #{(i in I, j outside): v_j > v_i} + (hidden - |I|) #{j outside}
// At W2 = U_I, W1 = its transpose the Hessian falls apart into blocks: [[v_i, -v_j], [-v_j, v_j]] for i in I, j
// outside; 2 v_k and 0 for each pair of I; and v_j, -v_j for each spare unit.
#pragma once

#include "models/landscapes/parameters.hpp"
#include "models/landscapes/two_layers.hpp"

namespace noisetrap {

struct LinearAutoencoder {
    static constexpr const char* name = "linear-autoencoder";
    static constexpr const char* formula = "f = E |x - W2 W1 x|^2 / 2, Cov x = diag(variances)";
    static constexpr const char* source = "Baldi and Hornik 1989";
    std::size_t hidden = 2;
    std::vector<double> variances = {4, 2, 1, 0.5};

    static auto parameters() {
        using This = LinearAutoencoder;
        return std::array{count("hidden", &This::hidden, 1, most_parameters, "units of the code"),
                          list("variances", &This::variances, 1e-9, most_height,
                               "of the principal components, falling: one for each input")};
    }
    Complaint complaint() const { return unless_falling("variances", variances, most_known_numbers); }
    std::size_t size() const { return layers().size(); }
    std::size_t workspace() const { return variances.size() * variances.size(); }

    template <class X>
    X value(std::span<const X> w) const {
        const auto r = residue(w);
        X sum{};
        for (std::size_t k = 0; k < r.size(); ++k)
            sum = sum + 0.5 * variances[k % variances.size()] * (r[k] * r[k]);
        return sum;
    }
    template <class X>
    void gradient(std::span<const X> w, std::span<X> slope) const {
        auto r = residue(w);
        for (std::size_t k = 0; k < r.size(); ++k) r[k] = variances[k % variances.size()] * r[k];
        layers().gradient(w, r, slope);
    }
    std::vector<KnownPoint> points() const {
        std::vector<KnownPoint> known;
        for (const auto& kept : subsets(variances.size(), hidden, size())) known.push_back(point(kept));
        return known;
    }
    std::vector<double> invariants(std::span<const double> w) const { return layers().modes(w); }
    std::vector<Point> generators(std::span<const double> w) const { return layers().gauge(w); }

  private:
    TwoLayers layers() const { return {variances.size(), hidden, variances.size()}; }

    template <class X>
    std::vector<X> residue(std::span<const X> w) const {
        auto r = layers().product(w);
        for (std::size_t i = 0; i < variances.size(); ++i) {
            X& own = r[i * variances.size() + i];
            own = own - 1.0;
        }
        return r;
    }
    KnownPoint point(const std::vector<std::size_t>& kept) const {
        const auto others = all_but(kept, variances.size());
        const std::size_t spare = hidden - kept.size();
        KnownPoint known{name_of_modes(kept), Point(size()), 0, spare * others.size(), {}};
        for (std::size_t u = 0; u < kept.size(); ++u)
            known.at[layers().second(kept[u], u)] = known.at[layers().first(u, kept[u])] = 1;
        for (const auto j : others) {
            const double lost = variances[j];
            known.loss += lost / 2;
            append(known.spectrum, spare, lost);
            append(known.spectrum, spare, -lost);
            for (const auto i : kept) {
                const double v = variances[i],
                             half = std::sqrt((v - lost) * (v - lost) + 4 * lost * lost) / 2;
                if (lost > v) ++known.index;
                append(known.spectrum, 1, (v + lost) / 2 + half);
                append(known.spectrum, 1, (v + lost) / 2 - half);
            }
        }
        for (const auto k : kept) append(known.spectrum, kept.size(), 2 * variances[k]);
        append(known.spectrum, size() - known.spectrum.size(), 0);
        return known;
    }
};

}  // namespace noisetrap
