"""A full build of the founding corpus with validation, and one that finds nothing changed."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench.timing import alternate


def main(runs: int = 3) -> None:
    """Print medians of whole processes."""
    with tempfile.TemporaryDirectory() as folder:
        kg = [sys.executable, "-c", "import sys; from kg.__main__ import main; sys.exit(main(sys.argv[1:]))"]
        full = [*kg, "build", "--force", "--store", str(Path(folder) / "store")]
        times = alternate({"full build": full, "nothing changed": [word for word in full if word != "--force"]}, runs)
        for name, seconds in times.items():
            print(f"{name:16} {seconds:8.2f} s")


if __name__ == "__main__":
    main()
