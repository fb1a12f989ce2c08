"""Makes the gazetteer's file when the project is built or installed, from the packages that carry GeoNames.

The repository holds no copy of GeoNames; the lock says which version of it a build uses.
"""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class GazetteerHook(BuildHookInterface[Any]):
    """Makes `processors/extract/data/gazetteer.zip` unless the one that is there is of the same packages."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Make the file and have the wheel carry it, though git ignores it."""
        sys.path.insert(0, str(Path(self.root)))
        from processors.extract.train import gazetteer  # noqa: PLC0415 - needs the path above

        if not gazetteer.is_current(gazetteer.OUTPUT):
            self.app.display_info("Making the gazetteer (half a minute) ...")
            gazetteer.main()
        build_data["artifacts"].append(str(gazetteer.OUTPUT.relative_to(self.root)))
