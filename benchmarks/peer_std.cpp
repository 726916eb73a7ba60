// The standard library's generator and normals in a hand-written loop, one path after the other.
#include <random>

#include "peer.hpp"

namespace {

class StandardLoop {
    peer::Workload w_;
    std::mt19937_64 generator_;
    std::normal_distribution<double> normal_;

  public:
    StandardLoop(const peer::Workload& w, std::uint64_t seed) : w_(w), generator_(seed) {}

    double end(std::uint64_t steps) {
        const double growth = 1 + w_.a * w_.dt;
        const double sigma = w_.sigma * std::sqrt(w_.dt), tau = w_.tau * std::sqrt(w_.dt);
        double x = w_.x0;
        for (std::uint64_t n = 0; n < steps; ++n) {
            const double multiplicative = normal_(generator_), additive = normal_(generator_);
            x = (growth + sigma * multiplicative) * x + tau * additive;
        }
        return x;
    }
};

}  // namespace

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

int main(int argc, char** argv) {
    return peer::run<StandardLoop>(argc, argv, "libstdc++ " TEXT(_GLIBCXX_RELEASE));
}
