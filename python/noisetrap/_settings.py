"""How runs are run, unless a call says otherwise."""

import contextvars

_current = contextvars.ContextVar("noisetrap_settings", default={})


class settings:
    """Settings of all runs inside a with statement, in this thread or task alone.

        with noisetrap.settings(threads=1, precision="double"):
            ...

    They are the keys of the table [run]: backend (or device), threads, precision, arithmetic, lanes, chunk,
    instruction_set. They go before what a file says, and after what a call says.
    """

    def __init__(self, **keywords):
        from ._request import run_settings

        self._keys = run_settings(keywords)
        self._tokens = []

    def __enter__(self):
        self._tokens.append(_current.set({**_current.get(), **self._keys}))
        return self

    def __exit__(self, *_):
        _current.reset(self._tokens.pop())


def current():
    """{key of [run]: value}"""
    return dict(_current.get())
