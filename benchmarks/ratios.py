"""Which speeds are divided by which, and the least that is wanted of each ratio."""

import statistics

from contenders import REFERENCE

GOALS = {("W1", "std loop"): 18, ("W1", "NumPy"): 16, ("W1", "Boost and Odeint"): 10, ("W2", "std loop"): 15,
         ("W3", "std loop"): 25}
GOAL_OVER_LIBRARIES = {"JAX": 10, "diffrax": 10, "torchsde": 10, "Numba": 10}  # in every workload, one thread each
GOAL_DOUBLE_OVER_NUMPY = 6
GOAL_OF_THREADS = 0.95  # for each thread: two are 1.9 x one
GOAL_OF_FIRST_PASSAGE = 0.7  # W4 over W1, each by steps actually taken
GOAL_OF_AVX2 = 0.55  # over AVX-512


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def goal_over(peer):
    if peer.threads > 1 or peer.gpu or (peer.library in ("std loop", "NumPy") and peer.precision == "single"):
        return None
    return GOALS.get((peer.workload.name, peer.library), GOAL_OVER_LIBRARIES.get(peer.library))


def pairs(contenders):
    """(fast, slow, goal or None), for those that are there."""
    by_key = {contender.key: contender for contender in contenders}
    reference = {name: by_key.get(f"{name}: {REFERENCE}") for name in {c.workload.name for c in contenders}}

    def counterpart(peer, precision="mixed"):
        """noisetrap with the peer's threads and device."""
        return next((c for c in contenders if not c.is_peer and c.workload == peer.workload and not c.variant
                     and (c.precision, c.threads, c.gpu) == (precision, peer.threads, peer.gpu)), None)

    for c in contenders:
        if c.is_peer:
            yield counterpart(c), c, goal_over(c)
            if c.precision == "single" and not c.gpu:
                yield counterpart(c, "single"), c, goal_over(c)
            if c.library == "NumPy" and c.workload.name == "W1":
                yield counterpart(c, "double"), c, GOAL_DOUBLE_OVER_NUMPY
        elif c.threads > 1:
            yield c, reference[c.workload.name], GOAL_OF_THREADS * c.threads
        elif c.instruction_set != "auto":
            yield c, reference[c.workload.name], GOAL_OF_AVX2
    yield reference.get("W4"), reference.get("W1"), GOAL_OF_FIRST_PASSAGE


def ratios(samples):
    """How many times faster, round by round, so that a slow moment of the machine hits both sides."""
    return [{"fast": fast.key, "slow": slow.key, "goal": goal,
             **spread([f.speed / s.speed for f, s in zip(samples[fast], samples[slow])])}
            for fast, slow, goal in pairs(list(samples)) if fast and slow]
