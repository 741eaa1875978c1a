"""Asking: the ready questions, an answer with its grounds, the page it becomes."""
