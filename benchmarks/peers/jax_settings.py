"""What JAX must be told before it is imported: threads, precision, device."""

import os

import peer


def apply(task):
    flags = [] if task.threads > 1 else ["--xla_cpu_multi_thread_eigen=false", "intra_op_parallelism_threads=1"]
    os.environ["XLA_FLAGS"] = " ".join([os.environ.get("XLA_FLAGS", ""), *flags])
    os.environ["JAX_ENABLE_X64"] = str(not task.single)
    if not task.gpu:
        os.environ["JAX_PLATFORMS"] = "cpu"


def require_device(task):
    import jax
    try:
        jax.devices("gpu" if task.gpu else "cpu")
    except RuntimeError:
        peer.cannot_run("JAX sees no GPU here.")
