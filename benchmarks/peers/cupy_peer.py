"""CuPy, vectorised over paths: W1 on a GPU, with a fused kernel for the step beside the generator's."""

import peer

task = peer.task(("W1",), length=1 << 20)
with peer.imports():
    import cupy

if not cupy.cuda.is_available():
    peer.cannot_run("CuPy sees no GPU here.")


@cupy.fuse()
def step(x, multiplicative, additive, growth, sigma, tau):
    return (growth + sigma * multiplicative) * x + tau * additive


def make(task):
    w, real = task.workload, cupy.float32 if task.single else cupy.float64
    rng = cupy.random.Generator(cupy.random.Philox4x3210(task.seed))
    noise = cupy.empty((2, task.length), real)
    constants = real(w.growth), real(w.sigma_step), real(w.tau_step)

    def batch():
        x = cupy.ones(task.length, real)
        for _ in range(task.steps):
            rng.standard_normal(dtype=real, out=noise)
            x = step(x, *noise, *constants)
        return x.get()

    step(cupy.ones(1, real), *noise[:, :1], *constants)
    return batch


if __name__ == "__main__":
    peer.measure(task, f"CuPy {cupy.__version__}", make, compiles=True)
