"""JAX: lax.scan over the steps of an array of paths, with its default keys (Threefry), compiled ahead."""

import itertools

import jax_settings
import peer

task = peer.task(("W1", "W2", "W3", "W6"), length=4096)
jax_settings.apply(task)
with peer.imports():
    import jax
    import jax.numpy as jnp
    from jax import lax, random

jax_settings.require_device(task)

WORD = 32  # bits


def steps_for(w, real, length):
    """The workload's step and its first state; a step takes the state and (its number, its key)."""

    def normals(key):
        return random.normal(key, length, real)

    def two_normals(key):
        """In float32 one draw of both is quicker, in float64 (many times) one draw of each."""
        return random.normal(key, (2, length), real) if real == jnp.float32 else map(normals, random.split(key))

    def with_two_normals(x, number_and_key):
        multiplicative, additive = two_normals(number_and_key[1])
        return (w.growth + w.sigma_step * multiplicative) * x + w.tau_step * additive

    def with_one_normal(x, number_and_key):
        return (w.growth + w.sigma_step * normals(number_and_key[1])) * x

    def with_two_point_noise(state, number_and_key):
        (x, word), (number, key) = state, number_and_key
        bits_key, key = random.split(key)
        word = lax.cond(number % WORD == 0, lambda: random.bits(bits_key, (length,), jnp.uint32), lambda: word >> 1)
        factor = jnp.where(word & 1, w.growth + w.sigma_step, w.growth - w.sigma_step).astype(real)
        return factor * x + w.tau_step * normals(key), word

    def with_momentum(state, number_and_key):
        x, v = state
        multiplicative, additive = two_normals(number_and_key[1])
        v = w.momentum * v + (w.growth - 1 + w.sigma_step * multiplicative) * x + w.tau_step * additive
        return x + v, v

    x = jnp.ones(length, real)
    if w.momentum:
        return with_momentum, (x, jnp.zeros_like(x))
    if w.two_point:
        return with_two_point_noise, (x, jnp.zeros(length, jnp.uint32))
    return (with_two_normals if w.tau else with_one_normal), x


def make(task):
    step, start = steps_for(task.workload, jnp.float32 if task.single else jnp.float64, task.length)

    @jax.jit
    def ends(number):
        keys = random.split(random.fold_in(random.key(task.seed), number), task.steps)
        state, _ = lax.scan(lambda state, at: (step(state, at), None), start, (jnp.arange(task.steps), keys))
        return state[0] if isinstance(state, tuple) else state

    numbers = itertools.count()
    compiled = ends.lower(next(numbers)).compile()
    return lambda: compiled(next(numbers))


if __name__ == "__main__":
    peer.measure(task, f"JAX {jax.__version__}", make, compiles=True)
