#include <analysis/answers/findings.hpp>
#include <cmath>
#include <cstdio>
#include <engine/input/config.hpp>

int main() {
    using namespace noisetrap;
    const auto config = config_from_text("model.name = 'linear-sde'", "consumer", {"ensemble.paths=2000"});
    const auto findings = findings_of(config, run(config.simulation).ensembles[0]);
    const auto& rate = findings.growth_rate;
    std::printf("growth rate %.4f +- %.4f, theory %.4f\n", rate.estimate.value, rate.estimate.standard_error,
                rate.theory.scheme);
    return std::abs(z_score(rate.estimate, rate.theory.scheme)) < 4 ? 0 : 1;
}
