// Boost.Random's normals (a ziggurat) and Boost.Odeint's integrate_n_steps over a stochastic Euler stepper,
// for the stochastic differential equations W1 and W2. Odeint ships no such stepper: this one follows its
// tutorial "Using arbitrary steppers", where a system is a pair of drift and noise.
#include <boost/numeric/odeint/integrate/integrate_n_steps.hpp>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <boost/version.hpp>
#include <utility>

#include "peer.hpp"

namespace {

namespace odeint = boost::numeric::odeint;

/// x' = x + drift(x) dt + noise(x) sqrt(dt).
struct StochasticEuler {
    using state_type = double;
    using deriv_type = double;
    using value_type = double;
    using time_type = double;
    using order_type = unsigned short;
    using stepper_category = odeint::stepper_tag;

    static order_type order() { return 1; }

    template <class System>
    void do_step(System& system, double& x, double /* t */, double dt) const {
        double drift = 0, noise = 0;
        system.first(x, drift);
        system.second(x, noise);
        x += drift * dt + noise * std::sqrt(dt);
    }
};

struct Drift {
    double a;
    void operator()(double x, double& dxdt) const { dxdt = a * x; }
};

struct Normals {
    boost::random::mt19937_64 generator;
    boost::random::normal_distribution<double> distribution{};
    double next() { return distribution(generator); }
};

struct TwoNoises {
    double sigma, tau;
    Normals& normals;
    void operator()(double x, double& noise) const {
        const double multiplicative = normals.next(), additive = normals.next();
        noise = sigma * x * multiplicative + tau * additive;
    }
};

struct OneNoise {
    double sigma;
    Normals& normals;
    void operator()(double x, double& noise) const { noise = sigma * x * normals.next(); }
};

template <class Noise>
void run(const peer::Task& task, Noise noise) {
    const auto system = std::pair(Drift{task.workload->a}, noise);
    peer::measure<peer::Ends>(task, "Boost " BOOST_LIB_VERSION, [&] {
        double x = 1;
        odeint::integrate_n_steps(StochasticEuler{}, system, x, 0.0, task.workload->dt, task.steps);
        return x;
    });
}

}  // namespace

int main(int argc, char** argv) {
    const peer::Task task = peer::task_from(argc, argv);
    const peer::Workload& w = *task.workload;
    if (task.single || (w.name != "W1" && w.name != "W2"))
        peer::fail(2, "The Boost peer has the workloads W1 and W2, in double precision.");
    Normals normals{boost::random::mt19937_64(task.seed)};
    if (w.tau > 0)
        run(task, TwoNoises{w.sigma, w.tau, normals});
    else
        run(task, OneNoise{w.sigma, normals});
    return 0;
}
