"""Turns the numbers of `noisetrap reproduce` into figures and one self-contained page."""
