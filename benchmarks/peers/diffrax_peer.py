"""diffrax: Euler's scheme with UnsafeBrownianPath, which its documentation calls the quick one for fixed steps, and an
array of paths as the state."""

import itertools

import jax_settings
import peer

task = peer.task(("W1", "W2"), length=4096)
jax_settings.apply(task)
with peer.imports():
    import diffrax
    import jax
    import jax.numpy as jnp
    import lineax

jax_settings.require_device(task)


def terms_for(w, shape, key):
    """a x dt + sigma x dW + tau dV, each noise independent for each path."""

    def noise(diffusion, key):
        path = diffrax.UnsafeBrownianPath(shape, key)
        return diffrax.ControlTerm(lambda t, x, args: lineax.DiagonalLinearOperator(diffusion(x)), path)

    key_w, key_v = jax.random.split(key)
    terms = [diffrax.ODETerm(lambda t, x, args: w.a * x), noise(lambda x: w.sigma * x, key_w)]
    if w.tau:
        terms.append(noise(lambda x: jnp.full_like(x, w.tau), key_v))
    return diffrax.MultiTerm(*terms)


def make(task):
    w = task.workload
    start = jnp.ones(task.length, jnp.float32 if task.single else jnp.float64)

    @jax.jit
    def ends(number):
        key = jax.random.fold_in(jax.random.key(task.seed), number)
        terms = terms_for(w, jax.ShapeDtypeStruct(start.shape, start.dtype), key)
        solution = diffrax.diffeqsolve(
            terms, diffrax.Euler(), t0=0.0, t1=task.steps * w.dt, dt0=w.dt, y0=start, max_steps=task.steps,
            saveat=diffrax.SaveAt(t1=True), adjoint=diffrax.ForwardMode(), throw=False)
        return solution.ys[0]

    numbers = itertools.count()
    compiled = ends.lower(next(numbers)).compile()
    return lambda: compiled(next(numbers))


if __name__ == "__main__":
    peer.measure(task, f"diffrax {diffrax.__version__}, JAX {jax.__version__}", make, compiles=True)
