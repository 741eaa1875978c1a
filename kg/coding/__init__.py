"""Coding: what a coder needs beside the files themselves."""
