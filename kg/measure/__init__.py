"""Measuring: networks, their figures, and where contested claims stand."""
