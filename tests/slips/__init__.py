"""Slips that were planted to see whether the tests see them."""
