"""NumPy, vectorised over paths, in place, on one thread."""

import numpy as np

import peer


class Batches:
    """Steps `length` paths together; the arrays are made once."""

    def __init__(self, task):
        self.w, self.steps, self.length = task.workload, task.steps, task.length
        self.real = np.float32 if task.single else np.float64
        self.rng = np.random.Generator(np.random.PCG64(task.seed))
        self.x, self.factor, self.noise, self.v = np.empty((4, task.length), self.real)
        self.word, self.bit = np.empty((2, task.length), np.uint64)

    def normal(self, out, scale, shift=0.0):
        self.rng.standard_normal(dtype=self.real, out=out)
        np.multiply(out, self.real(scale), out=out)
        if shift:
            np.add(out, self.real(shift), out=out)

    def ends(self):
        """W1 and W2"""
        self.x.fill(1)
        for _ in range(self.steps):
            self.normal(self.factor, self.w.sigma_step, self.w.growth)
            np.multiply(self.x, self.factor, out=self.x)
            if self.w.tau:
                self.normal(self.noise, self.w.tau_step)
                np.add(self.x, self.noise, out=self.x)
        return self.x

    def ends_with_two_point_noise(self):
        """W3, with one bit of a 64-bit word for each step."""
        factors = np.array([self.w.growth - self.w.sigma_step, self.w.growth + self.w.sigma_step], self.real)
        self.x.fill(1)
        for n in range(self.steps):
            if n % 64 == 0:
                self.word[:] = self.rng.integers(0, 2**64, self.length, np.uint64)
            np.bitwise_and(self.word, np.uint64(1), out=self.bit)
            np.right_shift(self.word, np.uint64(1), out=self.word)
            np.take(factors, self.bit.view(np.int64), out=self.factor, mode="clip")
            np.multiply(self.x, self.factor, out=self.x)
            self.normal(self.noise, self.w.tau_step)
            np.add(self.x, self.noise, out=self.x)
        return self.x

    def ends_with_momentum(self):
        """W6"""
        self.x.fill(1)
        self.v.fill(0)
        for _ in range(self.steps):
            self.normal(self.factor, self.w.sigma_step, self.w.growth - 1)
            np.multiply(self.x, self.factor, out=self.factor)
            np.multiply(self.v, self.real(self.w.momentum), out=self.v)
            np.add(self.v, self.factor, out=self.v)
            self.normal(self.noise, self.w.tau_step)
            np.add(self.v, self.noise, out=self.v)
            np.add(self.x, self.v, out=self.x)
        return self.x

    def exits(self):
        """W4: paths that have left are taken out of the arrays."""
        self.x.fill(1)
        x, exit_steps, left = self.x, np.zeros(self.length), 0
        for n in range(1, self.steps + 1):
            factor, noise = self.factor[:len(x)], self.noise[:len(x)]
            self.normal(factor, self.w.sigma_step, self.w.growth)
            self.normal(noise, self.w.tau_step)
            np.multiply(x, factor, out=x)
            np.add(x, noise, out=x)
            stays = np.abs(x, out=factor) < self.w.radius
            leaving = len(x) - np.count_nonzero(stays)
            if leaving:
                x = x[stays]
                exit_steps[left:left + leaving] = n
                left += leaving
        return exit_steps


def make(task):
    batches = Batches(task)
    w = task.workload
    if w.radius:
        return batches.exits
    if w.momentum:
        return batches.ends_with_momentum
    return batches.ends_with_two_point_noise if w.two_point else batches.ends


if __name__ == "__main__":
    peer.measure(peer.task(("W1", "W2", "W3", "W4", "W6"), length=4096), f"NumPy {np.__version__}", make)
