#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>

#include "app/colour.hpp"
#include "app/commands.hpp"
#include "app/interrupt.hpp"
#include "app/launch.hpp"
#include "app/output_folder.hpp"
#include "app/output_json.hpp"
#include "app/progress.hpp"
#include "app/report.hpp"
#include "engine/device_error.hpp"
#include "engine/error.hpp"
#include "engine/input/suggestions.hpp"
#include "engine/ranks/packing.hpp"
#include "engine/version.hpp"
#include "validation/claims.hpp"
#include "validation/coverage.hpp"
#include "validation/exact.hpp"
#include "validation/law_tests.hpp"
#include "validation/score_claims.hpp"

namespace noisetrap {

template <class Archive>
void fields(Archive& a, LawTest& t) {
    a(t.p_value, t.notices, t.p_value_up, t.p_value_down);
}

template <class Archive>
void fields(Archive& a, Claim& c) {
    a(c.section, c.statement, c.parameters, c.estimate.value, c.estimate.standard_error, c.theory,
      c.discretisation, c.left, c.law, c.counted, c.bias);
}

template <class Archive>
void fields(Archive& a, RunFacts& f) {
    a(f.backend, f.device, f.instruction_set, f.threads, f.lanes, f.chunk, f.path_steps, f.wall_seconds);
}

namespace {

constexpr double quick_factor = 1.0 / 32;

/// Those of the table, or those of coverage, that --only matches.
std::vector<ClaimGroup> chosen_groups(const ValidateOptions& options) {
    const auto groups = options.coverage ? coverage_groups(*options.coverage) : claim_groups();
    std::vector<ClaimGroup> chosen;
    std::vector<std::string> names;
    for (const auto& group : groups) {
        names.push_back(group.name);
        if (mentions(std::string(group.name) + " " + group.statement, options.only)) chosen.push_back(group);
    }
    if (chosen.empty())
        throw InputError(fmt::format("--only '{}' matches no group of claims; there are {}", options.only,
                                     fmt::join(names, ", ")));
    return chosen;
}

/// In a self-test: the directions, of two, in which the moved answer was found out.
int directions_noticed(const Claim& c) {
    const auto noticed = [&](Shift shift) {
        return c.p_value(shift) < claim_level;
    };  // not where it is no number
    return noticed(Shift::up) + noticed(Shift::down);
}

const char* verdict(const Claim& c, bool self_test) {
    if (!self_test) return c.holds() ? "holds" : "FAILS";
    const char* noticed[] = {"MISSED", "one side", "noticed"};
    return noticed[directions_noticed(c)];
}

/// One that nobody wants to see stands out.
std::string shown_verdict(const Claim& c, bool self_test) {
    const std::string said = verdict(c, self_test);
    return said == "FAILS" || said == "MISSED" ? shown(stdout, Look::bad, said) : said;
}

void print_header() {
    fmt::print("{:<56} {:<52} {:>12}   {:<8} {:>9} {:>12} {:>6} {:>9}  {}\n", "claim", "parameters",
               "estimate", "s.e.", "dt effect", "exact", "z", "notices", "verdict");
}

void print_claim(const Claim& c, std::string& section, bool self_test) {
    if (c.section != section) fmt::print("\n{}\n", shown(stdout, Look::heading, section = c.section));
    const auto discretisation =
        std::isnan(c.discretisation) ? std::string() : fmt::format("{:+.1e}", c.discretisation);
    const auto estimate =
        c.law       ? fmt::format("{:>12.3e}   {:<8}", c.estimate.value, "")
        : c.counted ? fmt::format("{:>12.6g}   {:<8}", c.estimate.value, "")
                    : fmt::format("{:>12.6g} ± {:<8.1e}", c.estimate.value, c.estimate.standard_error);
    fmt::print("  {:<54} {:<52} {} {:>9} {:>12.6g} {:>6.2f} {:>9.2e}  {}\n", c.statement, c.parameters,
               estimate, discretisation, c.theory, c.z(), c.notices(), shown_verdict(c, self_test));
}

Json claim_json(const Claim& c, const std::string& id, const std::string& figure, bool self_test) {
    Json json = {{"id", id},
                 {"section", c.section},
                 {"claim", c.statement},
                 {"parameters", c.parameters},
                 {"kind", c.law       ? "distance"
                          : c.counted ? "count"
                                      : "value"},
                 {"estimate", finite(c.estimate.value)},
                 {"standard_error", finite(c.estimate.standard_error)},
                 {"bias", c.bias},
                 {"discretisation", finite(c.discretisation)},
                 {"discretisation_left", finite(c.left)},
                 {"theory", finite(c.theory)},
                 {"z", finite(c.z())},
                 {"p_value", finite(c.p_value())},
                 {"notices", finite(c.notices())},
                 {"verdict", c.holds() ? "holds" : "fails"},
                 {"figure", figure.empty() ? Json(nullptr) : Json(figure)}};
    if (self_test) json["self_test"] = {{"up", !c.holds(Shift::up)}, {"down", !c.holds(Shift::down)}};
    return json;
}

/// A measurement so far off that it cannot be evaluated is a claim that fails, not the end of the run.
Evidence gathered(const ClaimGroup& group, Laboratory& laboratory) {
    try {
        return group.gather(laboratory);
    } catch (const Interrupted&) {
        throw;
    } catch (const InputError&) {
        throw;
    } catch (const std::runtime_error& e) {
        return {{{group.name, "cannot be evaluated", e.what(), {}, 0}}, Json::object()};
    } catch (const std::domain_error& e) {
        return {{{group.name, "cannot be evaluated", e.what(), {}, 0}}, Json::object()};
    }
}

/// What one group has brought, on whichever rank.
struct GroupResult {
    std::string figures;  // as CBOR
    std::vector<Claim> claims;
    RunFacts facts;
    std::uint64_t moved = 0, circular = 0;  // claims under a theory that is wrong from the start
    std::string said;
};
template <class Archive>
void fields(Archive& a, GroupResult& r) {
    a(r.figures, r.claims, r.facts, r.moved, r.circular, r.said);
}

std::string figure_name(std::string group) {
    std::replace(group.begin(), group.end(), '/', '-');
    return group;
}

double paths_factor_of(const ValidateOptions& options) {
    return options.paths_factor * (options.quick ? quick_factor : 1);
}

Laboratory laboratory_of(const ClaimGroup& group, const ValidateOptions& options) {
    const auto progress = crew().leads() ? terminal_progress(group.name) : Progress{};
    return Laboratory(interruptible(), progress, first_seed_of(group.name, options.seed),
                      paths_factor_of(options));
}

/// The same evidence under a theory that is wrong by a quarter of itself, before anything is made of it. A claim whose
/// answer that moves by twice what it notices must fail; one that holds has its estimate from its answer.
void look_for_circles(const ClaimGroup& group, const ValidateOptions& options, GroupResult& right) {
    auto laboratory = laboratory_of(group, options);
    const auto wrong = [&] {
        const WrongTheory theory(0.25);
        return gathered(group, laboratory);
    }();
    if (wrong.claims.size() != right.claims.size())
        return void(++right.moved);  // it could not even be evaluated
    for (std::size_t i = 0; i < wrong.claims.size(); ++i) {
        const auto &before = right.claims[i], &after = wrong.claims[i];
        if (!(std::abs(after.theory - before.theory) > 2 * before.notices())) continue;
        ++right.moved;
        if (!after.holds()) continue;
        ++right.circular;
        right.said += fmt::format("  {}: {} holds under a theory that is wrong by a quarter\n", group.name,
                                  after.statement);
    }
}

GroupResult result_of(const ClaimGroup& group, const ValidateOptions& options) {
    auto laboratory = laboratory_of(group, options);
    auto evidence = gathered(group, laboratory);
    GroupResult result;
    const auto figures = Json::to_cbor(evidence.figures);
    result.figures.assign(figures.begin(), figures.end());
    result.claims = std::move(evidence.claims);
    result.facts = laboratory.facts();
    if (options.self_test) look_for_circles(group, options, result);
    return result;
}

/// Does groups for rank 0, or on it: a task is the group's place among those that were chosen.
DoTask work_on(const std::vector<ClaimGroup>& groups, const ValidateOptions& options) {
    return [&groups, &options](const std::string& task) {
        return packed(result_of(groups.at(unpacked<std::uint64_t>(task)), options));
    };
}

class Validation {
    const ValidateOptions& options_;
    Json claims_ = Json::array(), figures_ = Json::object();
    std::vector<Claim> all_;
    RunFacts facts_;
    std::uint64_t failed_ = 0, missed_ = 0, sides_missed_ = 0;
    std::uint64_t moved_ = 0, circular_ = 0;  // claims under a theory that is wrong from the start
    double largest_ = 0;
    std::string section_;

    void add(const ClaimGroup& group_of, Evidence evidence) {
        const std::string group = group_of.name;
        if (evidence.figures.empty())
            if (const auto drawing = comparison_figure(group_of.statement, evidence.claims);
                !drawing.is_null())
                evidence.figures[figure_name(group)] = drawing;
        const std::string figure = evidence.figures.empty() ? std::string() : evidence.figures.begin().key();
        int number = 0;
        for (const auto& claim : evidence.claims) {
            all_.push_back(claim);
            print_claim(claim, section_, options_.self_test);
            claims_.push_back(
                claim_json(claim, fmt::format("{}/{}", group, ++number), figure, options_.self_test));
            failed_ += !claim.holds();
            missed_ += directions_noticed(claim) == 0;
            sides_missed_ += static_cast<std::uint64_t>(2 - directions_noticed(claim));
            largest_ = std::max(largest_, std::abs(claim.z()));
        }
        figures_.update(evidence.figures);
        std::fflush(stdout);
    }

    /// By chance a shift of the stated size is missed on one side with odds 1 - claim_power.
    std::uint64_t sides_allowed() const {
        const boost::math::binomial law(static_cast<double>(2 * claims_.size()), 1 - claim_power);
        return static_cast<std::uint64_t>(
            boost::math::quantile(boost::math::complement(law, family_wise_level)));
    }

    void take(const ClaimGroup& group, GroupResult result) {
        end_progress();
        fmt::print("{}", result.said);
        moved_ += result.moved;
        circular_ += result.circular;
        const auto steps = facts_.path_steps + result.facts.path_steps;
        const double seconds = facts_.wall_seconds + result.facts.wall_seconds;
        if (!result.facts.backend.empty()) facts_ = result.facts;
        facts_.path_steps = steps;
        facts_.wall_seconds = seconds;
        add(group, {std::move(result.claims), Json::from_cbor(result.figures)});
    }

  public:
    explicit Validation(const ValidateOptions& options) : options_(options) {}

    bool empty() const { return claims_.empty(); }

    void run() {
        const auto groups = chosen_groups(options_);
        std::vector<std::string> tasks;
        for (std::uint64_t i = 0; i < groups.size(); ++i) tasks.push_back(packed(i));
        print_header();
        crew().share(
            tasks, work_on(groups, options_),
            [&](std::uint64_t i, const std::string& bytes) { take(groups[i], unpacked<GroupResult>(bytes)); },
            interrupt.token());
        add({"scores", "what the standard errors of all claims are worth", nullptr},
            {claims_about_scores(all_), Json::object()});
        if (claims_.size() > most_claims)
            throw std::logic_error("the table holds more claims than its level allows");
    }

    bool passed() const {
        const bool can_fail = missed_ == 0 && sides_missed_ <= sides_allowed() && circular_ == 0;
        return failed_ == 0 && (!options_.self_test || can_fail);
    }

    void print_verdict() const {
        fmt::print("\n{:.3g} path-steps in {:.3g} s of simulation. ", static_cast<double>(facts_.path_steps),
                   facts_.wall_seconds);
        if (options_.self_test)
            fmt::print(
                "Self-test: every exact answer was moved by what its claim notices with odds of {:g} %, once "
                "up and once "
                "down.\n{} of {} claims noticed, {} of {} moves were missed (by chance up to {}).\nWith a "
                "theory "
                "that is wrong by a quarter from the start {} claims are wrong by more than twice what they "
                "notice; {} of them held: {}\n",
                100 * claim_power, claims_.size() - missed_, claims_.size(), sides_missed_,
                2 * claims_.size(), sides_allowed(), moved_, circular_, passed() ? "passed" : "FAILED");
        else
            fmt::print(
                "{} of {} claims hold; largest |z| = {:.2f}, a claim fails beyond {:.2f}\n(odds of a false "
                "alarm in the "
                "whole table below {:g}; a deviation of the size 'notices' is seen with odds of {:g} %)\n",
                claims_.size() - failed_, claims_.size(), largest_, critical_z(), family_wise_level,
                100 * claim_power);
    }

    Json json(bool complete) const {
        return {{"noisetrap", version()},
                {"revision", revision()},
                {"seed", options_.seed},
                {"quick", options_.quick},
                {"paths_factor", options_.paths_factor},
                {"only", options_.only},
                {"self_test", options_.self_test},
                {"coverage", options_.coverage ? Json(*options_.coverage) : Json(nullptr)},
                {"complete", complete},
                {"family_wise_level", family_wise_level},
                {"level", claim_level},
                {"critical_z", critical_z()},
                {"power", claim_power},
                {"device", facts_.device},
                {"backend", facts_.backend},
                {"threads", facts_.threads},
                {"precision", "mixed"},
                {"wall_seconds", facts_.wall_seconds},
                {"path_steps", facts_.path_steps},
                {"passed", claims_.size() - failed_},
                {"failed", failed_},
                {"claims", claims_},
                {"figures", figures_}};
    }
};

void check(const ValidateOptions& options) {
    chosen_groups(options);
    if (!(options.paths_factor >= 1.0 / 32 && options.paths_factor <= 16))
        throw InputError(
            fmt::format("--paths {} is not a factor between 0.03125 and 16", options.paths_factor));
    if (options.out.empty()) throw InputError("--out is empty: name a folder");
    if (!options.coverage) return;
    if (*options.coverage < fewest_coverage_ensembles || *options.coverage > most_coverage_ensembles)
        throw InputError(fmt::format("--coverage {} is not a number of runs between {} and {}",
                                     *options.coverage, fewest_coverage_ensembles, most_coverage_ensembles));
    if (options.quick || options.self_test || options.paths_factor != 1)
        throw InputError(
            "--coverage counts how often intervals hold: its number of runs is its size, and "
            "--quick, --paths and --self-test are for the claims");
}

}  // namespace

int validate(const ValidateOptions& options) {
    check(options);
    agree_on("validate");
    if (!crew().leads()) {
        const auto groups = chosen_groups(options);
        crew().serve(work_on(groups, options), interrupt.token());
        return 0;
    }
    OutputFolder folder(options.out);
    Validation validation(options);
    const auto keep_what_is_finished = [&] {
        folder.write("validation.json", validation.json(false).dump() + "\n");
        folder.commit();
        return fmt::format("what was finished is in {}/validation.json", options.out);
    };
    try {
        validation.run();
    } catch (const Interrupted&) {
        end_progress();
        if (validation.empty()) throw;
        throw Interrupted(fmt::format("interrupted: {}", keep_what_is_finished()));
    } catch (const DeviceError& error) {
        end_progress();
        if (validation.empty()) throw;
        throw DeviceError(fmt::format("{}; {}", error.what(), keep_what_is_finished()));
    }
    validation.print_verdict();
    folder.write("validation.json", validation.json(true).dump() + "\n");
    try {
        draw_report(folder.path());
    } catch (...) {
        folder.commit();  // the results do not depend on the drawing
        throw;
    }
    folder.commit();
    fmt::print("report: {}/index.html\n", options.out);
    return validation.passed() ? 0 : 1;
}

}  // namespace noisetrap
