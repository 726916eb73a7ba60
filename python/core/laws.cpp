// Laws known without a run: stationary ones in closed form, transient ones by the Fokker-Planck equation.
#include <cctype>

#include "analysis/diffusions/exact_sampler.hpp"
#include "analysis/diffusions/fokker_planck.hpp"
#include "analysis/laws/quartic_well.hpp"
#include "analysis/laws/stationary_law.hpp"
#include "python/core/arrays.hpp"
#include "python/core/attended.hpp"
#include "python/core/bindings.hpp"

namespace nb = nanobind;

namespace noisetrap::python {
namespace {

/// The law of |x| in the quartic well, whose paths keep their sign.
struct QuarticWellLaw {
    double mu, zeta;
};

struct Grids {
    double low, high;
    std::string spacing;  // linear, logarithmic or symlog
    double linear_within;
    bool absorbing_low, absorbing_high;
    int cells;

    Grid grid() const {
        const auto spaced = spacing == "linear"        ? Spacing::linear()
                            : spacing == "logarithmic" ? Spacing::logarithmic()
                                                       : Spacing::symlog(0, linear_within);
        const auto end = [](bool absorbing) { return absorbing ? End::absorbing : End::reflecting; };
        return {{low, high, end(absorbing_low), end(absorbing_high)}, spaced, cells};
    }
};

/// Drift and variance of an SDE of one variable at its parameters, and where its paths start.
struct Diffusing {
    Diffusion diffusion;
    double x0;
};

/// Whether the time is named in an equation: a t that is no part of a longer name.
bool names_time(const std::string& equation) {
    const auto part_of_name = [&](std::size_t i) {
        return i < equation.size() &&
               (std::isalnum(static_cast<unsigned char>(equation[i])) || equation[i] == '_');
    };
    for (std::size_t i = 0; i < equation.size(); ++i)
        if (equation[i] == 't' && !(i > 0 && part_of_name(i - 1)) && !part_of_name(i + 1)) return true;
    return false;
}

Diffusing diffusing(const Request& request) {
    const auto config = attended(nb::none(), [&](StopToken stop, News&) {
        return config_from_text(request.toml, request.name, request.settings, stop);
    });
    const auto& s = config.simulation;
    if (!s.entry->drift)
        throw InputError(s.entry->model + " is no SDE of one variable, and has no Fokker-Planck equation");
    if (s.stratonovich)
        throw InputError(
            "the Fokker-Planck equation is solved in Ito's sense: leave out calculus = 'stratonovich', and "
            "add half of g g' to the drift");
    if (names_time(s.entry->equation))
        throw InputError(s.entry->model +
                         " depends on t: transient laws are those of equations that do not change with time");
    return {{s.entry->drift(s.ensembles[0]), s.entry->variance(s.ensembles[0])}, s.x0};
}

nb::object exact_samples(double a, double sigma, double tau, double rho, double x0, double t,
                         std::uint64_t paths, std::uint64_t seed) {
    const ExactSampler sampler(a, sigma, tau, rho);
    auto samples = attended(nb::none(), [&](StopToken stop, News&) {
        std::vector<double> x;
        for (std::uint64_t path = 0; path < paths; ++path) {
            if (path % 1024 == 0) stop.check();
            x.push_back(sampler.sample(x0, t, seed, path));
        }
        return x;
    });
    return array_of(std::move(samples));
}

std::vector<TransientLaw> laws_at(const Diffusing& of, const std::vector<double>& times, const Grids& grids) {
    return attended(nb::none(), [&](StopToken, News&) {
        return transient_laws(of.diffusion, grids.grid(), of.x0, times);
    });
}

}  // namespace

void bind_laws(nb::module_& m) {
    nb::class_<StationaryLaw>(m, "StationaryLaw")
        .def_prop_ro("name", [](const StationaryLaw& law) { return std::string(law.name()); })
        .def_prop_ro("mode", &StationaryLaw::mode)
        .def_prop_ro("tail_index", &StationaryLaw::tail_index)
        .def_prop_ro("mean_log_abs", &StationaryLaw::mean_log_abs)
        .def("pdf", [](const StationaryLaw& law,
                       const Places& at) { return map(at, [&](double x) { return law.density(x); }); })
        .def("logpdf", [](const StationaryLaw& law,
                          const Places& at) { return map(at, [&](double x) { return law.log_density(x); }); })
        .def("cdf", [](const StationaryLaw& law,
                       const Places& at) { return map(at, [&](double x) { return law.cdf(x); }); })
        .def("sf", [](const StationaryLaw& law,
                      const Places& at) { return map(at, [&](double x) { return law.survival(x); }); })
        .def("ppf", [](const StationaryLaw& law, const Places& at) {
            return map(at, [&](double p) { return law.quantile(p); });
        });
    m.def("stationary_law", stationary_law);
    nb::class_<QuarticWellLaw>(m, "QuarticWellLaw")
        .def("pdf",
             [](const QuarticWellLaw& law, const Places& at) {
                 return map(at, [&](double r) { return quartic_well_density(law.mu, law.zeta, r); });
             })
        .def("cdf",
             [](const QuarticWellLaw& law, const Places& at) {
                 return map(at, [&](double r) { return quartic_well_cdf(law.mu, law.zeta, r); });
             })
        .def("ppf", [](const QuarticWellLaw& law, const Places& at) {
            return map(at, [&](double p) { return quartic_well_quantile(law.mu, law.zeta, p); });
        });
    m.def("quartic_well_law", [](double mu, double zeta) {
        quartic_well_cdf(mu, zeta, 1);  // throws where there is none
        return QuarticWellLaw{mu, zeta};
    });
    nb::class_<Diffusing>(m, "Diffusing")
        .def_ro("x0", &Diffusing::x0)
        .def("drift", [](const Diffusing& d, double x) { return d.diffusion.drift(x); })
        .def("variance", [](const Diffusing& d, double x) { return d.diffusion.variance(x); });
    m.def("diffusing", diffusing);
    nb::class_<Grids>(m, "Grids").def(nb::init<double, double, std::string, double, bool, bool, int>());
    nb::class_<TransientLaw>(m, "TransientLaw")
        .def_prop_ro("time", &TransientLaw::time)
        .def_prop_ro("mass", &TransientLaw::mass)
        .def_prop_ro("absorbed_low", &TransientLaw::absorbed_low)
        .def_prop_ro("absorbed_high", &TransientLaw::absorbed_high)
        .def_prop_ro("error", &TransientLaw::error)
        .def("cdf", [](const TransientLaw& law,
                       const Places& at) { return map(at, [&](double x) { return law.cdf(x); }); })
        .def("pdf", [](const TransientLaw& law, const Places& at) {
            return map(at, [&](double x) { return law.density(x); });
        });
    m.def("transient_laws", laws_at);
    m.def("exact_samples", exact_samples);
}

}  // namespace noisetrap::python
