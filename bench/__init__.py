"""Measurements, run by hand: `make bench`, or `python -m bench.cold`. No test is timed."""
