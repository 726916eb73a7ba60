// The local model of every saddle: f = sum_j c_j x_j^2 / 2 over m axes, k of which are concave. The concave
// curvatures go evenly from -down to -down_to, the others from up to up_to.
#pragma once

#include "models/landscapes/landscape.hpp"
#include "models/landscapes/parameters.hpp"

namespace noisetrap {

struct QuadraticSaddle {
    static constexpr const char* name = "quadratic-saddle";
    static constexpr const char* formula = "f = sum_j c_j x_j^2 / 2, the first `concave` of the c_j below 0";
    static constexpr const char* source = "its Hessian is diag(c)";
    std::size_t axes = 3, concave = 1;
    double down = 1, down_to = 1, up = 1, up_to = 1;

    static auto parameters() {
        using This = QuadraticSaddle;
        return std::array{
            count("axes", &This::axes, 1, most_parameters, "axes, all of them"),
            count("concave", &This::concave, 0, most_parameters, "axes along which the loss falls"),
            real("down", &This::down, 1e-9, most_height, "minus the curvature of the first concave axis"),
            real("down_to", &This::down_to, 1e-9, most_height, "and of the last one, evenly between"),
            real("up", &This::up, 1e-9, most_height, "curvature of the first other axis"),
            real("up_to", &This::up_to, 1e-9, most_height, "and of the last one, evenly between")};
    }
    Complaint complaint() const {
        if (concave <= axes) return {};
        return {"concave", std::string("= ") + std::to_string(concave) +
                               " must not be more than axes = " + std::to_string(axes)};
    }
    std::size_t size() const { return axes; }

    double curvature(std::size_t j) const {
        return j < concave ? -between(down, down_to, j, concave)
                           : between(up, up_to, j - concave, axes - concave);
    }
    template <class X>
    X value(std::span<const X> x) const {
        X sum{};
        for (std::size_t j = 0; j < axes; ++j) sum = sum + 0.5 * curvature(j) * (x[j] * x[j]);
        return sum;
    }
    template <class X>
    void gradient(std::span<const X> x, std::span<X> slope) const {
        for (std::size_t j = 0; j < axes; ++j) slope[j] = curvature(j) * x[j];
    }
    std::vector<KnownPoint> points() const {
        KnownPoint origin{"origin", Point(axes), 0, concave, Point(axes)};
        for (std::size_t j = 0; j < axes; ++j) origin.spectrum[j] = curvature(j);
        return {origin};
    }
    std::vector<double> invariants(std::span<const double> x) const {
        double square = 0;
        for (const double c : x) square += c * c;
        return {square};
    }

  private:
    static double between(double first, double last, std::size_t j, std::size_t count) {
        if (count < 2) return first;
        return first + (last - first) * static_cast<double>(j) / static_cast<double>(count - 1);
    }
};

}  // namespace noisetrap
