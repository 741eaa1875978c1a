"""The shapes as one Turtle file, for people who validate an export with a SHACL validator of their own.

Validators take one file of shapes, ours are one a noun. The files are joined as they were written, under one block of
prefixes. Some shapes hold only for what no rule has touched; they are switched on when asserted data are asked for.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kg import __version__, resources

if TYPE_CHECKING:
    from kg.export import Job

_OFF = "    sh:deactivated true ;\n"
"""How a shape for asserted data alone is written; a test compares what is left with the parsed files."""


def write(job: Job, path: Path) -> None:
    """Write all shapes, in the order of the files' names."""
    path.write_text(merged(job.asserted), encoding="utf-8", newline="\n")


def merged(asserted: bool = False) -> str:
    """Return the text of all shapes.

    Args:
        asserted: switch on the shapes that hold only for data without what rules derive.

    """
    prefixes: dict[str, None] = {}
    blocks = []
    for file in resources.files("shapes", "*.ttl"):
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        prefixes.update(dict.fromkeys(line for line in lines if line.startswith("@prefix ")))
        blocks.append("".join(line for line in lines if not line.startswith("@prefix ")).strip("\n") + "\n")
    whole = "asserted data" if asserted else "data with all that rules derive"
    head = f"# Shapes of airkg {__version__}, for {whole}: joined from the files of shapes/.\n\n"
    text = head + "".join(prefixes) + "\n" + "\n".join(blocks)
    return text.replace(_OFF, "") if asserted else text
