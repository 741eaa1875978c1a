"""The command `kg`: parse, one call, print."""
