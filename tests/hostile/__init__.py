"""Hostile and broken inputs through every door of `kg`: each a `Case`, made by code, run by one runner.

A module a door. What a case expects is what a careful user would want: refused in one line with the place,
or accepted with the right answer; never a crash, a hang, a traceback, a fetch, or a file left behind.
"""
