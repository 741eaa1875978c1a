"""A progress line on stderr for work that takes over a second; nothing where stderr is no terminal."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STAGES = 4


@contextmanager
def bar(stages: int = STAGES, delay: float = 1.0) -> Iterator[Callable[[str], None]]:
    """Yield a function that names the stage at work; the bar appears after `delay` seconds."""
    if not sys.stderr.isatty():
        yield lambda stage: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    progress = Progress(*columns, console=Console(stderr=True), transient=True)
    task = progress.add_task("starting", total=stages)
    timer = threading.Timer(delay, progress.start)
    timer.daemon = True
    timer.start()
    try:
        yield lambda stage: progress.update(task, description=stage, advance=1)
    finally:
        timer.cancel()
        progress.stop()
