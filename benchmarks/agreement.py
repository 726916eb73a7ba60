"""Whether all contenders of a workload estimate the same: looked at before any speed."""

import itertools
import math
import statistics

LEAST_SIGMAS = 4
FAMILY_WISE_LEVEL = 1e-3  # of calling any correct contender wrong, over all pairs


def pooled(samples, name):
    """An estimate and its standard error over all rounds, which have the same size and different seeds."""
    estimates = [sample.estimates[name] for sample in samples]
    value = statistics.fmean(estimate["value"] for estimate in estimates)
    return value, math.sqrt(sum(estimate["standard_error"]**2 for estimate in estimates)) / len(estimates)


def disagreements(samples):
    """|difference| in standard errors for each pair with independent draws: those with at least one peer."""
    result = {}
    for one, other in itertools.combinations(samples, 2):
        if one.workload == other.workload and (one.is_peer or other.is_peer):
            for name in samples[one][0].estimates:
                (a, error_a), (b, error_b) = pooled(samples[one], name), pooled(samples[other], name)
                result[f"{name}, {one.key} / {other.name}"] = abs(a - b) / math.hypot(error_a, error_b)
    return result


def most_sigmas(tests):
    """The largest difference that so many tests may show: Bonferroni's, and at least 4."""
    return max(LEAST_SIGMAS, statistics.NormalDist().inv_cdf(1 - FAMILY_WISE_LEVEL / (2 * max(1, tests))))
