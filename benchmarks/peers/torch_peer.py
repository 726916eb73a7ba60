"""PyTorch, vectorised over paths, in place."""

import peer

task = peer.task(("W1", "W2", "W3", "W6"), length=16384)
with peer.imports():
    import torch

if task.gpu and not torch.cuda.is_available():
    peer.cannot_run("PyTorch sees no GPU here.")


class Batches:
    """Steps `length` paths together; the tensors are made once."""

    def __init__(self, task):
        self.w, self.steps = task.workload, task.steps
        device = "cuda" if task.gpu else "cpu"
        self.rng = torch.Generator(device).manual_seed(task.seed)
        self.x, self.factor, self.noise, self.v = torch.empty(
            (4, task.length), dtype=torch.float32 if task.single else torch.float64, device=device)
        self.word = torch.empty(task.length, dtype=torch.int64, device=device)

    def normal(self, out, scale, shift=0.0):
        return out.normal_(shift, scale, generator=self.rng)

    def ends(self):
        """W1 and W2"""
        self.x.fill_(1)
        for _ in range(self.steps):
            self.x.mul_(self.normal(self.factor, self.w.sigma_step, self.w.growth))
            if self.w.tau:
                self.x.add_(self.normal(self.noise, self.w.tau_step))
        return self.x.cpu().numpy()

    def ends_with_two_point_noise(self):
        """W3, with one bit of a 64-bit word for each step."""
        factors = self.x.new_tensor([self.w.growth - self.w.sigma_step, self.w.growth + self.w.sigma_step])
        self.x.fill_(1)
        for n in range(self.steps):
            if n % 64 == 0:
                self.word.random_(-2**63, None, generator=self.rng)
            self.x.mul_(torch.take(factors, self.word & 1, out=self.factor))
            self.word >>= 1
            self.x.add_(self.normal(self.noise, self.w.tau_step))
        return self.x.cpu().numpy()

    def ends_with_momentum(self):
        """W6"""
        self.x.fill_(1)
        self.v.zero_()
        for _ in range(self.steps):
            self.v.mul_(self.w.momentum)
            self.v.addcmul_(self.x, self.normal(self.factor, self.w.sigma_step, self.w.growth - 1))
            self.v.add_(self.normal(self.noise, self.w.tau_step))
            self.x.add_(self.v)
        return self.x.cpu().numpy()


def make(task):
    torch.set_num_threads(task.threads)
    torch.set_grad_enabled(False)
    batches = Batches(task)
    if task.workload.momentum:
        return batches.ends_with_momentum
    return batches.ends_with_two_point_noise if task.workload.two_point else batches.ends


if __name__ == "__main__":
    peer.measure(task, f"PyTorch {torch.__version__}", make)
