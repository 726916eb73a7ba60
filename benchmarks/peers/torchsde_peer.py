"""torchsde: sdeint with Euler's scheme, a batch of paths as the state. Its Brownian interval is told the time step,
which makes it three times as fast."""

import random

import peer

task = peer.task(("W1", "W2"), length=16384)
with peer.imports():
    import importlib.metadata

    import torch
    import torchsde


class LinearSde(torch.nn.Module):
    """dx = a x dt + sigma x dW + tau dV; without tau, one noise makes it diagonal, which is quicker."""

    sde_type = "ito"

    def __init__(self, w):
        super().__init__()
        self.w, self.noise_type = w, "general" if w.tau else "diagonal"

    def f(self, t, x):
        return self.w.a * x

    def g(self, t, x):
        multiplicative = self.w.sigma * x
        if not self.w.tau:
            return multiplicative
        return torch.stack((multiplicative, torch.full_like(x, self.w.tau)), dim=-1)


def make(task):
    torch.set_num_threads(task.threads)
    torch.set_grad_enabled(False)
    w, seeds = task.workload, random.Random(task.seed)
    start = torch.ones((task.length, 1), dtype=torch.float32 if task.single else torch.float64)
    times = torch.tensor([0.0, task.steps * w.dt])

    def ends():
        noise = torchsde.BrownianInterval(0.0, task.steps * w.dt, size=(task.length, 2 if w.tau else 1),
                                          dtype=start.dtype, entropy=seeds.getrandbits(31), dt=w.dt)
        return torchsde.sdeint(LinearSde(w), start, times, bm=noise, method="euler", dt=w.dt)[-1, :, 0].numpy()

    return ends


if __name__ == "__main__":
    peer.measure(task, f"torchsde {importlib.metadata.version('torchsde')}, PyTorch {torch.__version__}", make)
