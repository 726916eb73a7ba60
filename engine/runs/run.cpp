#include "engine/runs/run.hpp"

#include "engine/kernels/store.hpp"
#include "engine/runs/backend.hpp"
#include "engine/runs/plan.hpp"
#include "engine/runs/runner.hpp"

namespace noisetrap {

RunResult run(const Simulation& simulation, const Progress& progress, RunState from,
              const Checkpoint& checkpoint) {
    Runner runner(simulation, Wanted::summaries, from.at);
    Summariser summariser(simulation, runner.backend(), std::move(from.ensembles));
    const auto look_on = [&](const RunPosition& at, bool leaving) {
        if (checkpoint) checkpoint(at, summariser.ensembles, leaving);
    };
    const auto facts = runner(progress, summariser, look_on);
    return {std::move(summariser.ensembles), facts};
}

RunFacts run_rows(const Simulation& simulation, const TakeRows& take, const Progress& progress) {
    return Runner(simulation, Wanted::rows)(progress, take);
}

CollectedRun collect(const Simulation& simulation, const Progress& progress) {
    Collector collector(simulation);
    const auto facts = run_rows(simulation, std::ref(collector), progress);
    return {std::move(collector.ensembles), facts};
}

std::vector<double> replay(const Simulation& s, std::uint64_t ensemble, std::uint64_t path,
                           const std::vector<std::uint64_t>& steps) {
    Monitor monitor;
    Simulation alone = s;
    alone.observe.steps = steps;
    alone.run.arithmetic = Arithmetic::exact;
    const auto process = process_of(alone, ensemble);
    const auto kernel = kernel_of(alone, process, cpu_target(s.run));  // that of the run itself
    const Progress silent;
    const auto function = ready_kernels({&kernel, 1}, s.run.stop).front();
    const Watcher watcher(monitor, s.steps, 0, silent, s.run.stop);
    const auto backend = make_cpu_backend("serial", 1);
    const auto launches = backend->launches(alone, Wanted::rows);
    launches->start({function, process.bytes}, launch_of(alone, {ensemble, 1, path, 1}, 1, monitor));
    const auto brought = launches->finish();
    s.run.stop.check();
    std::vector<double> value;
    for (std::size_t i = 0; i < steps.size(); ++i)
        value.push_back(Part{brought.rows, 0, 1}.of(Column::value, i)[0]);
    return value;
}

}  // namespace noisetrap
