"""Reasoning: rules, defined classes, the reasoner that confirms them, and why a thing belongs to a class."""
