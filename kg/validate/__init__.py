"""Validating: shapes on what is asserted, checks on the whole, the linter on the ontology."""
