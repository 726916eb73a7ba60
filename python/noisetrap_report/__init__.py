"""Turns the numbers of `noisetrap reproduce`, `validate`, `compare` and `sweep` into figures and
self-contained pages."""
