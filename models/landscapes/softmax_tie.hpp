// A tie between scores: f = -sum_k p_k^2 / 2 with p = softmax(s). It falls as one score wins, and the tie is its one
// critical point; a shift of all scores changes nothing. Far away, where one score has won, the gradient vanishes
// too, but no point is critical there.
#pragma once

#include "models/landscapes/landscape.hpp"
#include "models/landscapes/parameters.hpp"

namespace noisetrap {

struct SoftmaxTie {
    static constexpr const char* name = "softmax-tie";
    static constexpr const char* formula = "f = -sum_k p_k^2 / 2, p = softmax(s)";
    static constexpr const char* source = "second derivatives at equal scores";
    std::size_t scores = 4;

    static auto parameters() {
        return std::array{count("scores", &SoftmaxTie::scores, 2, most_parameters, "that compete")};
    }
    Complaint complaint() const { return {}; }
    std::size_t size() const { return scores; }

    template <class X>
    X value(std::span<const X> s) const {
        return -0.5 * squares(shares(s));
    }
    template <class X>
    void gradient(std::span<const X> s, std::span<X> slope) const {
        const auto p = shares(s);
        const X mean = squares(p);
        for (std::size_t i = 0; i < scores; ++i) slope[i] = p[i] * (mean - p[i]);
    }
    std::vector<KnownPoint> points() const {
        const auto k = static_cast<double>(scores);
        KnownPoint tie{"tie", Point(scores), -1 / (2 * k), scores - 1, Point(scores, -1 / (k * k))};
        tie.spectrum.back() = 0;
        return {tie};
    }
    /// Scores beside their mean, rising.
    std::vector<double> invariants(std::span<const double> s) const {
        Point sorted(s.begin(), s.end());
        double mean = 0;
        for (const double c : s) mean += c / static_cast<double>(scores);
        for (double& c : sorted) c -= mean;
        std::sort(sorted.begin(), sorted.end());
        return sorted;
    }
    std::vector<Point> generators(std::span<const double>) const { return {Point(scores, 1)}; }

  private:
    /// Beside the largest score, so that none overflows.
    template <class X>
    std::vector<X> shares(std::span<const X> s) const {
        double largest = value_of(s[0]);
        for (const X& c : s) largest = std::max(largest, value_of(c));
        std::vector<X> p(scores);
        X sum{};
        for (std::size_t i = 0; i < scores; ++i) {
            p[i] = exp(s[i] - largest);
            sum = sum + p[i];
        }
        for (X& share : p) share = share / sum;
        return p;
    }
    template <class X>
    static X squares(const std::vector<X>& p) {
        X sum{};
        for (const X& share : p) sum = sum + share * share;
        return sum;
    }
};

}  // namespace noisetrap
