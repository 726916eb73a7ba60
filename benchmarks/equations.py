"""Is a model that is given as a formula as fast as one that is written in C++?

    equations.py PATH/TO/noisetrap [--repetitions N]

Each pair steps the same SDE or recursion with the same settings on one thread, turn by turn. What is compared is the
time that the processor spent on the process, start and output included; other work on the machine disturbs it little.
The ratio is that of the fastest runs: 1 is as fast as the header, above 1 faster.
"""

import argparse
import os
import pathlib
import subprocess
import tempfile

HEADER = """#pragma once
#include "engine/catalogue/params.hpp"
#include "sde/one_noise.hpp"
namespace noisetrap {{
template <class Real>
struct OwnStep : OneNoise<OwnStep<Real>, Real> {{
    static constexpr bool has_length = true, differentiable = true;
    static constexpr std::int64_t lowest_exponent = no_lowest_exponent;
    Real mu, zeta, h, root;
    template <class X> NOISETRAP_HD X drift(X x, Real unit) const {{ const X v = x * (1 / unit); return {drift}; }}
    template <class X> NOISETRAP_HD X amplitude(X x, [[maybe_unused]] Real unit) const {{ return {amplitude}; }}
    NOISETRAP_HD bool moves_zero() const {{ return {moves}; }}
}};
struct Own {{
    template <class Real> using Step = OwnStep<Real>;
    static constexpr const char *name = "own", *equation = "";
    double mu = 1.5, zeta = 1.0;
    static auto parameters() {{
        return std::array{{number("mu", &Own::mu, -1e6, 1e6, "-", ""), number("zeta", &Own::zeta, 0, 1e6, "-", "")}};
    }}
    template <class Real> Step<Real> per_step(double dt) const {{
        return {{{{}}, static_cast<Real>(mu * dt), static_cast<Real>(zeta * __builtin_sqrt(dt)), static_cast<Real>(dt),
                static_cast<Real>(__builtin_sqrt(dt))}};
    }}
}};
}}  // namespace noisetrap
"""
# name: what stands for the header, and the formula
PAIRS = {
    "linear SDE, two noises": (
        "[model]\nname = 'linear-sde'\n",
        "[model]\nequation = 'dx = a*x dt + sigma*x dW + tau dV'\nparameters = {a = 0.3, sigma = 1.0, tau = 0.5}\n"),
    "noisy saddle": (
        "[model]\nname = 'noisy-saddle'\n",
        "[model]\nnext = 'x + l*((a + xi)*x + eta)'\nparameters = {l = 1.0, a = 0.02}\n"
        "[noise]\nxi = {sd = 0.3}\neta = {sd = 0.1}\n"),
    "quartic well": (
        "[model]\nname = 'quartic-well'\n",
        "[model]\nequation = 'dx = (mu*x - x^3) dt + zeta*x dW'\nparameters = {mu = 1.5, zeta = 1.0}\n"),
    "saturating growth": (
        ("mu * x / (1 + v * v)", "zeta * x", "false"),
        "[model]\nequation = 'dx = mu*x/(1 + x^2) dt + zeta*x dW'\nparameters = {mu = 1.5, zeta = 1.0}\n"),
    "saturation by tanh": (
        ("mu * unit * tanh(v)", "zeta * x", "false"),
        "[model]\nequation = 'dx = mu*tanh(x) dt + zeta*x dW'\nparameters = {mu = 1.5, zeta = 1.0}\n"),
}


def seconds(program, file, settings):
    """User time of one run."""
    before = os.times().children_user
    subprocess.run([program, "simulate", file, "--set", "run.threads=1", *settings, "--json", "-"], check=True,
                   stdout=subprocess.DEVNULL)
    return os.times().children_user - before


def written(folder, name, model):
    path = pathlib.Path(folder, f"{name}.toml")
    if isinstance(model, tuple):
        drift, amplitude, moves = model
        pathlib.Path(folder, f"{name}.hpp").write_text(HEADER.format(drift=drift, amplitude=amplitude, moves=moves))
        model = f"[model]\nheader = '{name}.hpp'\ntype = 'Own'\n"
    path.write_text(model)
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--repetitions", type=int, default=7)
    options = parser.parse_args()
    settings = ["--set", "integrator.steps=4096", "--set", "ensemble.paths=65536"]
    print(f"{'':26}{'growth':8}{'header s':>10}{'formula s':>11}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, models) in enumerate(PAIRS.items()):
            files = [written(folder, f"{side}{number}", model) for side, model in zip(("header", "formula"), models)]
            for growth in ("false", "true"):
                asked = [*settings, "--set", f"observe.growth={growth}"]
                for file in files:  # compiles
                    seconds(options.program, file, [*asked, "--set", "ensemble.paths=16"])
                taken = [[seconds(options.program, file, asked) for file in files] for _ in range(options.repetitions)]
                header, formula = (min(column) for column in zip(*taken))
                print(f"{name:26}{growth:8}{header:10.3f}{formula:11.3f}{header / formula:8.3f}", flush=True)


if __name__ == "__main__":
    main()
