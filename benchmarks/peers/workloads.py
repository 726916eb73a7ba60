"""The workloads, in the same words as workloads.hpp. Each is the recursion

    x <- (1 + a dt + xi) x + eta,    sd(xi) = sigma sqrt(dt),  sd(eta) = tau sqrt(dt),  x = 1 at the start.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Workload:
    name: str
    words: str
    steps: int
    a: float
    sigma: float
    tau: float
    dt: float = 1.0
    two_point: bool = False  # xi = +-sd with equal odds, one random bit; else xi is normal, as eta always is
    momentum: float = 0.0  # v <- momentum v + (a dt + xi) x + eta, x <- x + v, from v = 0
    radius: float = 0.0  # a path stops where |x| >= radius; 0: nowhere

    @property
    def growth(self):
        return 1 + self.a * self.dt

    @property
    def sigma_step(self):
        """sd(xi)"""
        return self.sigma * math.sqrt(self.dt)

    @property
    def tau_step(self):
        """sd(eta)"""
        return self.tau * math.sqrt(self.dt)


SDE = {"a": 0.3, "sigma": 1.0, "dt": 1 / 64}
SADDLE = {"a": 0.02, "sigma": 0.3, "tau": 0.1}

WORKLOADS = {workload.name: workload for workload in (
    Workload("W1", "dx = a x dt + σ x dW + τ dV: two normals a step", 640, **SDE, tau=0.5),
    Workload("W2", "dx = a x dt + σ x dW: one normal a step", 640, **SDE, tau=0.0),
    Workload("W3", "SGD at a saddle point with two-point ξ: one bit and one normal a step", 640, **SADDLE,
             two_point=True),
    Workload("W4", "W1 until |x| ≥ 10, at most to t = 20: first passage", 1280, **SDE, tau=0.5, radius=10.0),
    Workload("W6", "SGD with momentum at a saddle point: two normals a step", 256, **SADDLE, momentum=0.9),
)}
