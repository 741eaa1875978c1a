"""Pictures are the same on every machine: boxes are measured by figures of ours, whichever fonts are installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from itertools import combinations
from pathlib import Path

import pytest
from exporting import write
from networking import job_of_labels, job_with

from kg.channels import dot as quote
from kg.export import about, layout
from kg.export.lettering import ems

LABELS = [
    "empowerment of new actors",
    "mmmmmmmm wwwwwwww",
    "WWWWWWWWWWWW MMM",
    "illicit fillings",
    "قدرت پنهان فناوری",
    "Ελλάς",
    "é—…",
]


def picture(source: bytes) -> str:
    """Return the SVG that Graphviz draws, without the names of fonts."""
    done = subprocess.run(["neato", "-n2", "-Tsvg"], input=source, capture_output=True, check=True)
    return re.sub(r' font-family="[^"]*"', "", done.stdout.decode())


def test_a_line_is_as_wide_as_its_letters() -> None:
    """What stands above or below a letter, or between letters without being seen, takes no room."""
    assert ems("mm") == 2 * ems("m") > ems("ii") * 3
    assert ems("") == 0
    assert ems("é") == ems("e") == ems("e\u0301")
    assert ems("می\u200cرود") == ems("میرود")
    assert ems("国") == 1
    assert ems("Ж") > ems("ж") > 0.6


@pytest.mark.skipif(not shutil.which("dot"), reason="Graphviz is not installed")
def test_no_label_is_wider_than_we_say_in_the_widest_of_the_common_fonts(founding: Path) -> None:
    """Graphviz measures every label of the vocabulary, in both languages, in DejaVu Sans."""
    if "DejaVu" not in subprocess.run(["fc-match", "DejaVu Sans"], capture_output=True, text=True, check=True).stdout:
        pytest.skip("DejaVu Sans is not installed")
    jobs = [job_with(founding, "effects", language) for language in ("en", "fa")]
    found = {line for job in jobs for node in about.network_of(job).nodes for line in layout.wrap(node.label)}
    words = sorted(found | set(LABELS))
    assert len(words) > 300
    nodes = "".join(f'n{i} [label={quote(line)}, pos="{i},{i}"];\n' for i, line in enumerate(words))
    font = 'node [shape=box, margin=0, width=0, height=0, fontname="DejaVu Sans", fontsize=100]'
    done = subprocess.run(
        ["neato", "-n2", "-Tplain"], input=f"graph {{ {font};\n{nodes} }}".encode(), capture_output=True, check=True
    )
    measured = {
        int(i): float(wide) * 72 / 100
        for i, wide in re.findall(r"^node n(\d+) \S+ \S+ (\S+)", done.stdout.decode(), re.M)
    }
    assert len(measured) == len(words)
    for i, wide in measured.items():
        assert wide <= ems(words[i]) + 0.5, f"{words[i]}: a box has half an em to spare"
        assert wide >= ems(words[i]) * 0.7 - 0.5, f"{words[i]}: a box need not be so much wider"


@pytest.mark.skipif(not shutil.which("neato"), reason="Graphviz is not installed")
@pytest.mark.parametrize("fonts", ["DejaVu Sans Mono", "no such font", "Helvetica"])
def test_a_picture_is_drawn_alike_whichever_font_is_there(fonts: str, tmp_path: Path) -> None:
    """Where a machine has another font, or a wider one, letters differ and nothing else."""
    source = write("dot", job_of_labels(LABELS), tmp_path / "labels.dot").read_bytes()
    other = source.replace(b"Helvetica,Arial,sans-serif", fonts.encode())
    assert other != source
    assert picture(other) == picture(source)


@pytest.mark.skipif(not shutil.which("neato"), reason="Graphviz is not installed")
@pytest.mark.parametrize("network", ["effects", "theories-topics"])
@pytest.mark.parametrize("language", ["en", "fa"])
def test_graphviz_finds_no_label_too_large(founding: Path, tmp_path: Path, network: str, language: str) -> None:
    """Its warning says that a label leaves its shape, and so crosses what lies beside it."""
    file = write("dot", job_with(founding, network, language), tmp_path / "network.dot")
    done = subprocess.run(["neato", "-n2", "-Tsvg", str(file)], capture_output=True, check=True)
    assert done.stderr == b""


@pytest.mark.parametrize("name", ["theories-topics", "actors-phenomena", "effects"])
def test_no_label_lies_upon_another(founding: Path, name: str) -> None:
    """A label that covers another is one that nobody reads; the boxes are those that are drawn."""
    network = about.network_of(job_with(founding, name))
    spots, boxes = layout.positions(network), {node.id: layout.box(node) for node in network.nodes}
    for one, other in combinations(spots, 2):
        apart = [abs(spots[one][side] - spots[other][side]) for side in (0, 1)]
        room = [(boxes[one][side] + boxes[other][side]) / 2 - 0.5 for side in (0, 1)]
        assert apart[0] >= room[0] or apart[1] >= room[1], (one, other)
