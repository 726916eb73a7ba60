#include "app/checkpoint.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/configuration_difference.hpp"
#include "app/launch.hpp"
#include "app/output_folder.hpp"
#include "engine/device_error.hpp"
#include "engine/kernels/fingerprint.hpp"
#include "engine/runs/shared_run.hpp"
#include "engine/version.hpp"

namespace fs = std::filesystem;

namespace noisetrap {

// What a summary is made of. CBOR keeps every double, also those that are not finite.
namespace {

using Cbor = nlohmann::json;

Cbor to_cbor(const Moments& m) { return {m.count, m.mean, m.m2, m.m3, m.m4}; }
Moments moments_from(const Cbor& j) {
    return {j.at(0).get<std::uint64_t>(), j.at(1).get<double>(), j.at(2).get<double>(), j.at(3).get<double>(),
            j.at(4).get<double>()};
}

Cbor to_cbor(const JointMoments& m) { return {m.count, m.mean, m.product}; }
JointMoments joint_moments_from(const Cbor& j) {
    JointMoments m;
    j.at(0).get_to(m.count), j.at(1).get_to(m.mean), j.at(2).get_to(m.product);
    return m;
}

Cbor to_cbor(const Sketch::Run& run) { return {run.first, run.counts}; }
Sketch::Run run_from(const Cbor& j) {
    return {j.at(0).get<std::int64_t>(), j.at(1).get<std::vector<std::uint64_t>>()};
}

Cbor to_cbor(const ColumnSummary& c) {
    Cbor bins = Cbor::array();
    for (const auto& counted : c.bins) bins.push_back({counted.edges, counted.counts});
    return {to_cbor(c.moments),
            to_cbor(c.sketch.negative()),
            to_cbor(c.sketch.other()),
            bins,
            c.not_a_number,
            c.plus_infinite,
            c.minus_infinite};
}
ColumnSummary column_from(const Cbor& j) {
    ColumnSummary c;
    c.moments = moments_from(j.at(0));
    c.sketch = {run_from(j.at(1)), run_from(j.at(2))};
    for (const auto& counted : j.at(3)) {
        c.bins.emplace_back(counted.at(0).get<std::vector<double>>());
        c.bins.back().counts = counted.at(1).get<std::vector<std::uint64_t>>();
    }
    c.not_a_number = j.at(4), c.plus_infinite = j.at(5), c.minus_infinite = j.at(6);
    return c;
}

Cbor to_cbor(const EnsembleSummary& e) {
    Cbor times = Cbor::array();
    for (const auto& at : e.times) times.push_back({at.step, to_cbor(at.value), to_cbor(at.log_abs)});
    Cbor stretches = Cbor::array();
    for (const auto& column : e.log_stretches) stretches.push_back(to_cbor(column));
    return {{"times", times},
            {"log_growth", to_cbor(e.log_growth)},
            {"passage",
             {to_cbor(e.passage.steps), to_cbor(e.passage.restricted), e.passage.upper, e.passage.lower}},
            {"log_largest", to_cbor(e.log_largest)},
            {"steps_inside", to_cbor(e.steps_inside)},
            {"growth_and_noise", to_cbor(e.growth_and_noise)},
            {"log_stretches", stretches}};
}
EnsembleSummary ensemble_from(const Cbor& j) {
    EnsembleSummary e;
    for (const auto& at : j.at("times"))
        e.times.push_back({at.at(0).get<std::uint64_t>(), column_from(at.at(1)), column_from(at.at(2))});
    const auto& passage = j.at("passage");
    e.log_growth = column_from(j.at("log_growth"));
    e.passage = {column_from(passage.at(0)), moments_from(passage.at(1)), passage.at(2).get<std::uint64_t>(),
                 passage.at(3).get<std::uint64_t>()};
    e.log_largest = column_from(j.at("log_largest"));
    e.steps_inside = column_from(j.at("steps_inside"));
    e.growth_and_noise = joint_moments_from(j.at("growth_and_noise"));
    for (const auto& column : j.at("log_stretches")) e.log_stretches.push_back(column_from(column));
    return e;
}

Cbor to_cbor(const std::vector<EnsembleSummary>& ensembles) {
    Cbor all = Cbor::array();
    for (const auto& e : ensembles) all.push_back(to_cbor(e));
    return all;
}
std::vector<EnsembleSummary> ensembles_from(const Cbor& j) {
    std::vector<EnsembleSummary> all;
    for (const auto& e : j) all.push_back(ensemble_from(e));
    return all;
}

Cbor to_cbor(const RunResult& result) {
    const auto& f = result.facts;
    return {{"ensembles", to_cbor(result.ensembles)},
            {"backend", f.backend},
            {"device", f.device},
            {"instruction_set", f.instruction_set},
            {"numbers", {f.threads, f.lanes, f.chunk, f.path_steps, f.ranks}},
            {"seconds", f.wall_seconds}};
}
RunResult result_from(const Cbor& j) {
    const auto& numbers = j.at("numbers");
    return {ensembles_from(j.at("ensembles")),
            {j.at("backend"), j.at("device"), j.at("instruction_set"), numbers.at(0).get<int>(),
             numbers.at(1).get<int>(), numbers.at(2).get<std::uint64_t>(), numbers.at(3).get<std::uint64_t>(),
             j.at("seconds").get<double>(), numbers.at(4).get<int>()}};
}

/// The text, after a line with its checksum.
std::string with_checksum(const std::string& text) { return fingerprint(text) + "\n" + text; }

/// Throws InputError where the checksum is not that of the text.
std::string without_checksum(const std::string& whole, const std::string& shown) {
    const auto end = whole.find('\n');
    if (end == std::string::npos || fingerprint(whole.substr(end + 1)) != whole.substr(0, end))
        throw InputError(fmt::format("{}: is damaged; --fresh starts over", shown));
    return whole.substr(end + 1);
}

std::string this_version() { return fmt::format("{} ({})", version(), revision()); }

}  // namespace

CheckpointStore::CheckpointStore(const CheckpointOptions& options, const std::string& out,
                                 const std::string& configuration, bool fresh)
    : options_(options), configuration_(configuration) {
    if (!options_.wanted()) return;
    file_ = out;
    if (!file_.has_filename()) file_ = file_.parent_path();
    file_ += ".checkpoint";
    std::error_code error;
    if (!fs::exists(file_, error)) return;
    if (fresh)
        fs::remove(file_, error);
    else
        load();
}

double CheckpointStore::seconds_since(Clock::time_point moment) const {
    return std::chrono::duration<double>(Clock::now() - moment).count();
}

void CheckpointStore::load() {
    const auto shown = file_.string();
    std::ifstream stream(file_, std::ios::binary);
    std::stringstream whole;
    whole << stream.rdbuf();
    const auto j = Cbor::from_cbor(without_checksum(whole.str(), shown));
    if (const std::string by = j.at("noisetrap"); by != this_version())
        throw InputError(
            fmt::format("{}: was begun by noisetrap {}, and this is {}: numbers of both do not "
                        "mix; --fresh starts over",
                        shown, by, this_version()));
    const auto differs = difference_of(j.at("configuration"), configuration_);
    if (!differs.empty())
        throw InputError(fmt::format("{}: is of another run: {}; --fresh starts over", shown, differs));
    for (const auto& result : j.at("finished")) finished_.push_back(result_from(result));
    const auto& at = j.at("at");
    at_hand_ = {{at.at(0).get<std::uint64_t>(), at.at(1).get<std::uint64_t>(), at.at(2).get<std::uint64_t>(),
                 at.at(3).get<double>()},
                ensembles_from(j.at("ensembles"))};
}

void CheckpointStore::keep(const RunPosition& at, const std::vector<EnsembleSummary>& ensembles) {
    const auto start = Clock::now();
    Cbor finished = Cbor::array();
    for (const auto& result : finished_) finished.push_back(to_cbor(result));
    const Cbor j = {{"noisetrap", this_version()},
                    {"configuration", configuration_},
                    {"finished", finished},
                    {"at", {at.ensemble, at.path, at.path_steps, at.seconds}},
                    {"ensembles", to_cbor(ensembles)}};
    const auto bytes = Cbor::to_cbor(j);
    replace_synced(file_, file_.string(), with_checksum({bytes.begin(), bytes.end()}));
    kept_at_ = Clock::now();
    keeping_took_ = seconds_since(start);
}

void CheckpointStore::look(const RunPosition& at, const std::vector<EnsembleSummary>& ensembles,
                           bool leaving) {
    longest_chunk_ = std::max(longest_chunk_, seconds_since(looked_at_));
    looked_at_ = Clock::now();
    const bool time_is_up =
        seconds_since(begun_) + 1.5 * longest_chunk_ + 3 * keeping_took_ + 1 >= 60 * options_.time_limit;
    if (leaving || time_is_up || seconds_since(kept_at_) >= 60 * options_.minutes) keep(at, ensembles);
    if (time_is_up && !leaving)
        throw TimeIsUp(
            fmt::format("the time limit has come: what is finished is in {}, and the same command "
                        "goes on from there",
                        file_.string()));
}

std::string CheckpointStore::what_is_kept() const {
    return fmt::format("what was finished is in {}, and the same command goes on from there", file_.string());
}

RunResult CheckpointStore::run(const Simulation& simulation, const Progress& progress) {
    const auto number = asked_++;
    if (number < finished_.size()) return finished_[number];
    if (!options_.wanted()) return run_shared(crew(), number, simulation, progress);
    looked_at_ = Clock::now();
    const auto look_on = [this](const RunPosition& at, const std::vector<EnsembleSummary>& ensembles,
                                bool leaving) { look(at, ensembles, leaving); };
    try {
        finished_.push_back(run_shared(crew(), number, simulation, progress, std::move(at_hand_), look_on));
    } catch (const TimeIsUp&) {
        throw;
    } catch (const Interrupted&) {
        if (!fs::exists(file_)) throw;
        throw Interrupted("interrupted: " + what_is_kept());
    } catch (const DeviceError& error) {
        if (!fs::exists(file_)) throw;
        throw DeviceError(fmt::format("{}; {}", error.what(), what_is_kept()));
    }
    at_hand_ = {};
    return finished_.back();
}

void CheckpointStore::remove() const {
    std::error_code ignored;
    if (options_.wanted()) fs::remove(file_, ignored);
}

}  // namespace noisetrap
