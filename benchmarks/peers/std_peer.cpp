// The standard library's generator and normals in a hand-written loop, one path after the other.
#include <random>

#include "peer.hpp"
#include "recursions.hpp"

namespace {

template <class Real>
class StandardNoise {
    std::mt19937_64 generator_;
    std::normal_distribution<Real> normal_;
    peer::Bits bits_;

  public:
    explicit StandardNoise(std::uint64_t seed) : generator_(seed) {}
    Real normal() { return normal_(generator_); }
    bool bit() { return bits_.next(generator_); }
};

template <class Real>
void run(const peer::Task& task, const char* library) {
    const peer::Recursion<Real> recursion(*task.workload);
    StandardNoise<Real> noise(task.seed);
    if (recursion.radius > 0)
        peer::measure<peer::Exits>(task, library, [&] { return recursion.exit(noise, task.steps); });
    else
        peer::measure<peer::Ends>(task, library, [&] { return recursion.end(noise, task.steps); });
}

}  // namespace

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

int main(int argc, char** argv) {
    const peer::Task task = peer::task_from(argc, argv);
    (task.single ? run<float> : run<double>)(task, "libstdc++ " TEXT(_GLIBCXX_RELEASE));
    return 0;
}
