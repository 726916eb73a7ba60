"""What goes wrong, in one sentence."""


class InputError(ValueError):
    """The input cannot be run as it is: one sentence that says what is wrong, where, and what would be right.

    key      the key to blame, as "ensemble.paths"; None where there is none
    where    the file and its line, or the --set; None where the input was given by keywords
    nearest  what may have been meant; None where nothing is near
    """

    def __init__(self, sentence, key=None, where=None, nearest=None):
        super().__init__(sentence)
        self.key, self.where, self.nearest = key or None, where or None, nearest or None

    def __reduce__(self):
        return InputError, (str(self), self.key, self.where, self.nearest)


class DeviceError(RuntimeError):
    """A GPU has failed. What it had computed is worth nothing."""
