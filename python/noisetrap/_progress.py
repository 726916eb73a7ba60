"""How far a run has come, on a terminal or in a notebook."""

import sys

LONG = 2.0  # seconds after which a run speaks by itself


class Bar:
    """A tqdm bar where tqdm is installed, else a line on standard error."""

    def __init__(self, what, scale):
        self._what, self._scale, self._bar, self._written = what, scale, None, False

    def __call__(self, done, total, seconds):
        if self._bar is None and not self._written:
            try:
                from tqdm.auto import tqdm

                self._bar = tqdm(total=total, desc=self._what, unit=self._scale, unit_scale=True, leave=False)
            except ImportError:
                pass
        if self._bar is not None:
            self._bar.update(done - self._bar.n)
            return
        left = f", {seconds * (total - done) / done:.0f} s left" if done > 0 else ""
        sys.stderr.write(f"\r\033[K{self._what}: {100 * done / total if total else 0:.0f} %{left}")
        sys.stderr.flush()
        self._written = True

    def close(self):
        if self._bar is not None:
            self._bar.close()
        elif self._written:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


class Told:
    """What a call tells, by its keyword `progress`: True or False, a function of (done, total, seconds), or None, which
    is a bar where somebody looks at standard error and the run takes long."""

    def __init__(self, progress, what, scale="path-steps"):
        self._bar = None
        if callable(progress):
            self.tell = progress
        elif progress is False or (progress is None and not _is_watched()):
            self.tell = None
        else:
            self._bar = Bar(what, scale)
            self._from = LONG if progress is None else 0
            self.tell = self._late

    def _late(self, done, total, seconds):
        if seconds >= self._from:
            self._bar(done, total, seconds)

    def __enter__(self):
        return self.tell

    def __exit__(self, *_):
        if self._bar is not None:
            self._bar.close()


def _is_watched():
    return "ipykernel" in sys.modules or (sys.stderr is not None and sys.stderr.isatty())
