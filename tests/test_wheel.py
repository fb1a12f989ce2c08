"""What ships is whole: the built wheel holds every file that the program reads, and runs by itself."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("contracts", "producers", "processors", "sinks", "tallywire")
ARTICLE = (
    '{"id": "a", "title": "Bomb kills 12 in Quetta market", "text": "A bomb killed at least 12 people at a market in '
    'Quetta, Pakistan, on Monday, police said.", "published": "2026-03-03"}\n'
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "uv", "build", "--wheel", "--no-build-isolation", "--offline", "--quiet"]
    subprocess.run([*build, "--out-dir", str(folder), str(ROOT)], check=True)
    (built,) = folder.glob("*.whl")
    return built


def tracked(package: str) -> set[str]:
    """Return the package's files that git tracks or would track, relative to the root."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", package]
    return set(subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split())


def test_every_file_of_the_packages_is_in_it(wheel: Path) -> None:
    """Mappings, schemas, sample feeds, word lists and saved objects included, and nothing else."""
    with zipfile.ZipFile(wheel) as bundle:
        inside = {name for name in bundle.namelist() if ".dist-info/" not in name}
    made = {"processors/extract/data/gazetteer.zip", "processors/extract/data/encoder.zip"}
    assert inside == made | {name for package in PACKAGES for name in tracked(package)}


def test_it_runs_away_from_the_sources(wheel: Path, tmp_path: Path) -> None:
    """Unpacked elsewhere, the command line reads its data from the wheel's own files."""
    with zipfile.ZipFile(wheel) as bundle:
        bundle.extractall(tmp_path)
    site = sysconfig.get_paths()["purelib"]
    ended = subprocess.run(
        [sys.executable, "-S", "-m", "tallywire", "extract"],
        input=ARTICLE,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{site}"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert '"Quetta"' in ended.stdout
    assert '"low":12' in ended.stdout
