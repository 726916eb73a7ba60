// What a formula says of its model, as functions of plain numbers: for what is known without running it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/catalogue/noise_facts.hpp"
#include "engine/catalogue/params.hpp"
#include "engine/numbers/dual.hpp"

namespace noisetrap {

/// The functions of a formula whose parameters are known.
struct FormulaFunctions {
    using Function = std::function<Dual<double>(double x)>;

    /// Of an SDE of one variable, with their derivatives by x: the amplitudes are those of independent noises. The shape
    /// of jumps is there their rate per unit of time.
    Function drift = nullptr;
    std::vector<Function> amplitudes = {};
    /// Sum of g g'/2 over the amplitudes: what the drift of a Stratonovich equation has less than that of the Ito equation
    /// with the same solutions.
    Function between_calculi = nullptr;

    /// Of a recursion of one variable: the next x with its derivative by x, given the values of the noises.
    std::function<Dual<double>(double x, const std::vector<double>& noises)> next = nullptr;
    std::vector<NoiseLaw> laws = {};
    std::vector<double> deviations = {};
    std::vector<std::vector<Level>> levels = {};  // of a noise that takes few values, else none

    /// Of several variables at a state, without noise: the drift or the next state, and its derivatives row by row.
    std::function<std::vector<double>(const std::vector<double>&)> rates = nullptr;
    std::function<std::vector<double>(const std::vector<double>&)> jacobian = nullptr;
    /// Of an SDE of several variables: what its drift as a Stratonovich equation has less than that of the Ito equation,
    /// half the sum of (g . grad) g, and the derivatives of that.
    std::function<std::vector<double>(const std::vector<double>&)> rates_between = nullptr;
    std::function<std::vector<double>(const std::vector<double>&)> jacobian_between = nullptr;
};

struct FormulaFacts {
    /// As functions of x. Linear are those that vanish with x, but for additive noise, and have noise that is
    /// proportional to x.
    enum class Shape { linear, affine, nonlinear };
    Shape shape = Shape::nonlinear;
    std::vector<std::string> variables;
    std::vector<double> starts = {};  // of the variables but the first
    bool is_affine = false;           // each of its parts, of one variable or of several
    bool changes_in_time = false;     // it holds t or n
    bool linear_in_noise = true;      // of a recursion: so its mean is that without noise
    bool remembers = false;           // a noise depends on its past
    bool standard_noise = true;       // mean 0 and variance 1; of an SDE: Brownian motions
    std::function<FormulaFunctions(const ParameterValues& model, const ParameterValues& method)> functions;

    bool is_system() const { return variables.size() > 1; }
};

struct CatalogueEntry;
/// Why not all Lyapunov exponents of a model are followed, as the end of a sentence; empty where they are.
std::string spectrum_complaint(const CatalogueEntry&);
inline constexpr std::size_t most_exponents = 8;

}  // namespace noisetrap
