"""Cold `kg ask` against a bare pyoxigraph script on the same store, and an rdflib script on the same graph."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench.timing import alternate
from kg import pipeline
from kg.ask.find import find
from kg.load.inputs import Inputs
from kg.store import local as store

BARE = """
import pyoxigraph as ox
store = ox.Store.read_only({db!r})
for row in store.query(open({query!r}).read(), use_default_graph_as_union=True):
    print(*row, sep="\\t")
"""

RDFLIB = """
import rdflib
graph = rdflib.Graph()
graph.parse({turtle!r})
for row in graph.query(open({query!r}).read()):
    print(*row, sep="\\t")
"""


def main(runs: int = 9) -> None:
    """Print medians and ratios."""
    import pyoxigraph as ox

    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder)
        pipeline.build(Inputs.of(), where / "store")
        query = where / "query.rq"
        question = find("weakens")
        default = ox.NamedNode("https://w3id.org/airkg/id/phenomenon/state-monopoly")
        query.write_text(question.bind({"phenomenon": default}))
        build = store.current(where / "store")
        opened = store.open_store(where / "store")
        graph = ox.Store()
        graph.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in opened)
        turtle = where / "graph.ttl"
        graph.dump(str(turtle), ox.RdfFormat.TURTLE, from_graph=ox.DefaultGraph())
        bare, slow = where / "bare.py", where / "slow.py"
        bare.write_text(BARE.format(db=str(build / "db"), query=str(query)))
        slow.write_text(RDFLIB.format(turtle=str(turtle), query=str(query)))
        python = sys.executable
        kg = [python, "-c", "import sys; from kg.__main__ import main; sys.exit(main(sys.argv[1:]))"]
        commands = {
            "kg ask": [*kg, "ask", "weakens", "-f", "tsv", "--store", str(where / "store")],
            "bare pyoxigraph": [python, str(bare)],
            "kg --help": [*kg, "--help"],
        }
        times = alternate(commands, runs)
        times |= alternate({"rdflib": [python, str(slow)]}, 2)
        for name, seconds in times.items():
            print(f"{name:16} {seconds * 1000:8.0f} ms")
        print(f"kg ask / bare pyoxigraph: {times['kg ask'] / times['bare pyoxigraph']:.2f} (at most 2.5)")
        print(f"rdflib / kg ask: {times['rdflib'] / times['kg ask']:.0f} (at least 20)")


if __name__ == "__main__":
    main()
