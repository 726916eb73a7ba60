// Boost.Random's normals (a ziggurat) and Boost.Odeint's integrate_n_steps over a stochastic Euler stepper.
// Odeint ships no such stepper: this one follows its tutorial "Using arbitrary steppers", where a system is a
// pair of drift and noise.
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

struct Noise {
    double sigma, tau;
    boost::random::mt19937_64& generator;
    boost::random::normal_distribution<double>& normal;
    void operator()(double x, double& noise) const {
        const double multiplicative = normal(generator), additive = normal(generator);
        noise = sigma * x * multiplicative + tau * additive;
    }
};

class OdeintLoop {
    peer::Workload w_;
    boost::random::mt19937_64 generator_;
    boost::random::normal_distribution<double> normal_;

  public:
    OdeintLoop(const peer::Workload& w, std::uint64_t seed) : w_(w), generator_(seed) {}

    double end(std::uint64_t steps) {
        const auto system = std::pair(Drift{w_.a}, Noise{w_.sigma, w_.tau, generator_, normal_});
        double x = w_.x0;
        odeint::integrate_n_steps(StochasticEuler{}, system, x, 0.0, w_.dt, steps);
        return x;
    }
};

}  // namespace

int main(int argc, char** argv) { return peer::run<OdeintLoop>(argc, argv, "Boost " BOOST_LIB_VERSION); }
