"""Turns the numbers of `noisetrap reproduce` and `noisetrap validate` into figures and self-contained pages."""
