"""Turns the numbers of `noisetrap reproduce`, `validate` and `compare` into figures and self-contained pages."""
