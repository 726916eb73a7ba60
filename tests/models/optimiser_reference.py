"""Writes optimiser_reference.json: the first steps of optimisers as others compute them, for optimisers_test.cpp.

    optimiser_reference.py [--out FILE]

PyTorch's optimisers and schedulers, and for what it does not have the pseudo-code of the papers, in float64 on

    f(x, y) = x^4/4 - x^2/2 + 0.8 y^2 + 0.3 x y,    of sample (xi, eta): f(x, y) - xi x^2/2 - eta x.

A run has the parameters with which this project's optimisers should take the same steps. The test reads the file kept
beside it; this script and PyTorch are needed only to write it again.
"""

import argparse
import json
import math
import pathlib

import numpy as np
import torch

START = (0.7, -0.3)
STEPS = 12
SAMPLES = ((0.31, -0.22), (-0.47, 0.13), (0.08, 0.29), (0.55, -0.05), (-0.26, 0.17))  # of step n: n mod 5
KICKS = ((0.9, -0.4), (-1.3, 0.2), (0.6, 1.1), (-0.5, -1.7), (1.4, 0.8), (-0.2, 0.3),
         (0.7, -1.2), (-1.6, -0.1), (0.1, 1.5), (1.2, -0.6), (-0.8, 0.4), (0.3, -0.9))


def f(point):
    x, y = point
    return x**4 / 4 - x**2 / 2 + 0.8 * y**2 + 0.3 * x * y


def gradient(point, n):
    """Of the sample of step n."""
    (x, y), (xi, eta) = point, SAMPLES[n % len(SAMPLES)]
    return np.array([x**3 - x + 0.3 * y - xi * x - eta, 1.6 * y + 0.3 * x])


def full_gradient(point):
    return sum(gradient(point, i) for i in range(len(SAMPLES))) / len(SAMPLES)


def pytorch(optimiser, schedule=None, **settings):
    """Iterates on f itself."""
    point = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    steps = optimiser([point], **settings)
    rates = schedule(steps) if schedule else None
    iterates = []
    for _ in range(STEPS):
        steps.zero_grad()
        f(point).backward()
        steps.step()
        if rates:
            rates.step()
        iterates.append(point.tolist())
    return iterates


def normalised_sgd(learning_rate):
    """Hazan, Levy and Shalev-Shwartz 2015 (Beyond convexity), algorithm 2 (SNGD); no epsilon."""
    x, iterates = np.array(START), []
    for t in range(STEPS):
        g = gradient(x, t)
        direction = g / np.linalg.norm(g)
        x = x - learning_rate * direction
        iterates.append(x.tolist())
    return iterates


def svrg(learning_rate, interval):
    """Johnson and Zhang 2013, procedure SVRG (figure 1) with option I; i[t] is the step's number mod 5."""
    landmark, iterates = np.array(START), []
    while len(iterates) < STEPS:
        mean = full_gradient(landmark)
        w = landmark
        for _ in range(min(interval, STEPS - len(iterates))):
            i = len(iterates)
            w = w - learning_rate * (gradient(w, i) - gradient(landmark, i) + mean)
            iterates.append(w.tolist())
        landmark = w
    return iterates


def noisy_gradient(learning_rate, radius):
    """Ge, Huang, Jin and Yuan 2015, algorithm 1 (noisy stochastic gradient), with the kicks for its noise."""
    w, iterates = np.array(START), []
    for t in range(STEPS):
        n = -radius / learning_rate * np.array(KICKS[t])
        w = w - learning_rate * (gradient(w, t) + n)
        iterates.append(w.tolist())
    return iterates


def perturbed(learning_rate, radius, threshold, interval):
    """Jin et al. 2017, algorithm 2 (PGD), without its stopping rule, with stochastic gradients. It kicks where
    t - t_noise > t_thres: t_thres = interval - 1."""
    x, iterates, reasons = np.array(START), [], set()
    t_thres = interval - 1
    t_noise = -t_thres - 1
    for t in range(STEPS):
        small, long_ago = np.linalg.norm(gradient(x, t)) <= threshold, t - t_noise > t_thres
        reasons.add((bool(small), long_ago))
        if small and long_ago:
            t_noise = t
            x = x + radius * np.array(KICKS[t])
        x = x - learning_rate * gradient(x, t)
        iterates.append(x.tolist())
    assert len(reasons) == 4, "the run should see a kick and each reason against one"
    return iterates


def runs():
    """Name, whether it sees samples, parameters and iterates of each."""
    optim, schedulers = torch.optim, torch.optim.lr_scheduler
    yield "gradient-descent", False, {"learning_rate": 0.1}, pytorch(optim.SGD, lr=0.1)
    yield "sgd", False, {"learning_rate": 0.1}, pytorch(optim.SGD, lr=0.1)
    heavy = {"learning_rate": 0.1, "momentum": 0.8}
    yield "momentum", False, heavy, pytorch(optim.SGD, lr=0.1, momentum=0.8)
    yield "nesterov", False, heavy, pytorch(optim.SGD, lr=0.1, momentum=0.8, nesterov=True)

    schedules = {
        "inverse": (5, lambda steps: schedulers.LambdaLR(steps, lambda n: 1 / (1 + n / 5))),
        "step": (4, lambda steps: schedulers.StepLR(steps, step_size=4, gamma=0.3)),
        "cosine": (16, lambda steps: schedulers.CosineAnnealingLR(steps, T_max=16)),
        "exponential": (6, lambda steps: schedulers.ExponentialLR(steps, gamma=math.exp(-1 / 6))),
    }
    for schedule, (horizon, make) in schedules.items():
        yield (f"annealed, {schedule}", False,
               {"learning_rate": 0.2, "horizon": horizon, "factor": 0.3, "schedule": schedule},
               pytorch(optim.SGD, make, lr=0.2))

    # Epsilons are large enough for their place in the formula to matter, beta2 small enough for AMSGrad's maximum to.
    yield ("rmsprop", False, {"learning_rate": 0.05, "decay": 0.9, "epsilon": 1e-3},
           pytorch(optim.RMSprop, lr=0.05, alpha=0.9, eps=1e-3))
    yield "adagrad", False, {"learning_rate": 0.2, "epsilon": 1e-3}, pytorch(optim.Adagrad, lr=0.2, eps=1e-3)
    adam, settings = {"beta1": 0.8, "beta2": 0.7, "epsilon": 1e-3}, {"betas": (0.8, 0.7), "eps": 1e-3}
    yield "adam", False, {"learning_rate": 0.05, **adam}, pytorch(optim.Adam, lr=0.05, **settings)
    yield ("amsgrad", False, {"learning_rate": 0.05, **adam}, pytorch(optim.Adam, lr=0.05, amsgrad=True, **settings))
    yield ("adam, standard parameters", False,
           {"learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}, pytorch(optim.Adam))

    yield "normalised-sgd", True, {"learning_rate": 0.1, "epsilon": 1e-100}, normalised_sgd(0.1)
    yield "svrg", True, {"learning_rate": 0.2, "interval": 5}, svrg(0.2, 5)
    yield ("perturbed at every step", True, {"learning_rate": 0.1, "radius": 0.05, "threshold": 0},
           noisy_gradient(0.1, 0.05))
    where_small = {"learning_rate": 0.1, "radius": 0.2, "threshold": 0.4, "interval": 3}
    yield "perturbed where gradients are small", True, where_small, perturbed(**where_small)


def digits(pair):
    return f"[{pair[0]:.17g}, {pair[1]:.17g}]"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).with_suffix(".json"))
    out = parser.parse_args().out
    parts = []
    for name, stochastic, parameters, iterates in runs():
        rows = ",\n".join("   " + digits(point) for point in iterates)
        parts.append(f'  {json.dumps(name)}: {{\n   "stochastic": {json.dumps(stochastic)},\n'
                     f'   "parameters": {json.dumps(parameters)},\n   "iterates": [\n{rows}]}}')
    given = {"torch": torch.__version__, "start": START, "samples": SAMPLES, "kicks": KICKS}
    head = "".join(f' "{key}": {json.dumps(value)},\n' for key, value in given.items())
    out.write_text("{\n" + head + ' "runs": {\n' + ",\n".join(parts) + "}\n}\n")


if __name__ == "__main__":
    main()
