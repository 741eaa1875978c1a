"""airkg: a knowledge graph of what the literature on AI and international relations claims."""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "KgError": "errors",
    "Inputs": "load.inputs",
    "build": "pipeline",
    "load": "pipeline",
    "anchor": "coding.anchor",
    "coverage": "coding.coverage",
    "open_store": "store.local",
    "default_path": "store.local",
    "Answer": "ask.answer",
    "answer": "ask.answer",
    "catalogue": "ask.find",
    "local": "grounds",
}

__all__ = ["__version__", *_HOMES]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        import importlib

        return getattr(importlib.import_module(f"kg.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'kg' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
