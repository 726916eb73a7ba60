// What the page of a run says and draws: page.json, beside the summary that is for others to read.
#pragma once

#include <string>

#include "analysis/answers/findings.hpp"
#include "app/output_json.hpp"

namespace noisetrap {

/// Two sentences of every run: whether it is trapped, which is whether growth is negative, here and at 0, and whether its
/// law has come to rest. Either is empty where nothing is known.
struct Verdict {
    std::string trapped, stationary;
};
Verdict verdict_of(const Config&, const Findings&);

/// Whether the process has a mean in its stationary law: false where its tail exponent is 1 or less, or unknown.
bool mean_is_idle(const Simulation&);

/// The summary, the verdict, a few paths from start to end, the law at the last observed time beside the stationary one,
/// and the growth rate over the strength of the noise. Steps the paths that are drawn once more.
Json page_json(const Config&, const RunResult&, const Findings&);

}  // namespace noisetrap
