"""Keeping: the sealed store on this machine."""
