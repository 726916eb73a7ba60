// Symmetric matrix factorisation: f = |U U^T - diag(values)|^2 / 4, U of `rows` rows and `rank` columns. Each
// critical point keeps a set I of at most `rank` modes, U = sqrt(values_I) up to a rotation of the columns:
//   loss   sum over j outside I of values_j^2 / 4
//   index  #{(i in I, j outside): values_j > values_i} + (rank - |I|) #{j outside: values_j > 0}
#pragma once

#include "models/landscapes/landscape.hpp"
#include "models/landscapes/parameters.hpp"

namespace noisetrap {

struct MatrixFactorisation {
    static constexpr const char* name = "matrix-factorisation";
    static constexpr const char* formula = "f = |U U^T - diag(values)|^2 / 4";
    static constexpr const char* source = "second derivatives at U_I sqrt(values_I)";
    std::size_t rows = 4, rank = 2;
    std::vector<double> values = {4, 2, 1, 0.5};

    static auto parameters() {
        using This = MatrixFactorisation;
        return std::array{count("rows", &This::rows, 1, most_parameters, "rows of U"),
                          count("rank", &This::rank, 1, most_parameters, "columns of U"),
                          list("values", &This::values, 1e-9, most_height,
                               "eigenvalues of the target, falling; those that are not given are 0")};
    }
    Complaint complaint() const { return unless_falling("values", values, rows); }
    std::size_t size() const { return rows * rank; }

    /// |U U^T|^2 = |U^T U|^2: the small product does.
    template <class X>
    X value(std::span<const X> u) const {
        X sum{};
        for (const X& entry : overlaps(u)) sum = sum + 0.25 * (entry * entry);
        for (std::size_t i = 0; i < values.size(); ++i) {
            X square{};
            for (std::size_t c = 0; c < rank; ++c) square = square + u[i * rank + c] * u[i * rank + c];
            sum = sum - 0.5 * values[i] * square + 0.25 * values[i] * values[i];
        }
        return sum;
    }
    /// U (U^T U) - diag(values) U.
    template <class X>
    void gradient(std::span<const X> u, std::span<X> slope) const {
        const auto overlap = overlaps(u);
        for (std::size_t i = 0; i < rows; ++i)
            for (std::size_t c = 0; c < rank; ++c) {
                X sum = -mode(i) * u[i * rank + c];
                for (std::size_t k = 0; k < rank; ++k) sum = sum + u[i * rank + k] * overlap[k * rank + c];
                slope[i * rank + c] = sum;
            }
    }
    std::vector<KnownPoint> points() const {
        std::vector<KnownPoint> known;
        for (const auto& kept : subsets(values.size(), rank, size())) known.push_back(point(kept));
        return known;
    }
    /// The diagonal of U U^T: how much of each mode is learnt.
    std::vector<double> invariants(std::span<const double> u) const {
        std::vector<double> diagonal(values.size());
        for (std::size_t i = 0; i < values.size(); ++i)
            for (std::size_t c = 0; c < rank; ++c) diagonal[i] += u[i * rank + c] * u[i * rank + c];
        return diagonal;
    }
    /// Rotations of the columns.
    std::vector<Point> generators(std::span<const double> u) const {
        std::vector<Point> moves;
        for (std::size_t a = 0; a < rank; ++a)
            for (std::size_t b = a + 1; b < rank; ++b) {
                Point move(size());
                for (std::size_t i = 0; i < rows; ++i) {
                    move[i * rank + a] = -u[i * rank + b];
                    move[i * rank + b] = u[i * rank + a];
                }
                moves.push_back(std::move(move));
            }
        return moves;
    }

  private:
    double mode(std::size_t j) const { return j < values.size() ? values[j] : 0; }

    /// U^T U.
    template <class X>
    std::vector<X> overlaps(std::span<const X> u) const {
        std::vector<X> sums(rank * rank);
        for (std::size_t i = 0; i < rows; ++i)
            for (std::size_t a = 0; a < rank; ++a)
                for (std::size_t b = 0; b < rank; ++b)
                    sums[a * rank + b] = sums[a * rank + b] + u[i * rank + a] * u[i * rank + b];
        return sums;
    }
    KnownPoint point(const std::vector<std::size_t>& kept) const {
        const std::size_t spare = rank - kept.size();
        KnownPoint known{name_of_modes(kept), Point(size()), 0, 0, {}};
        for (std::size_t c = 0; c < kept.size(); ++c) known.at[kept[c] * rank + c] = std::sqrt(mode(kept[c]));
        for (const auto j : all_but(kept, rows)) {
            known.loss += mode(j) * mode(j) / 4;
            if (mode(j) > 0) known.index += spare;
            append(known.spectrum, spare, -mode(j));
            for (const auto i : kept) {
                if (mode(j) > mode(i)) ++known.index;
                append(known.spectrum, 1, mode(i) - mode(j));
            }
        }
        for (std::size_t c = 0; c < kept.size(); ++c)
            for (std::size_t k = 0; k <= c; ++k) append(known.spectrum, 1, mode(kept[c]) + mode(kept[k]));
        append(known.spectrum, size() - known.spectrum.size(), 0);
        return known;
    }
};

}  // namespace noisetrap
