"""Finds a Java that runs the engines: `JAVA_HOME`, then the path, then the usual places, else a download."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cjdk

from tallywire.engines.account import Account, closed_parent
from tallywire.engines.errors import EngineError

MINIMUM = 21
"""The oldest Java that Elasticsearch 9 runs on; Kafka 4 needs 17."""

USUAL_PLACES = (
    "/usr/lib/jvm/*",
    "/usr/lib64/jvm/*",
    "/usr/java/*",
    "/usr/local/java/*",
    "/opt/java/*",
    "/opt/jdk*",
    "/opt/homebrew/opt/openjdk*",
    "/usr/local/opt/openjdk*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
    "~/Library/Java/JavaVirtualMachines/*/Contents/Home",
    "~/.sdkman/candidates/java/*",
    "~/.jdks/*",
    "~/.asdf/installs/java/*",
    "~/.local/share/mise/installs/java/*",
)

RELEASE_LINE = re.compile(r'^JAVA_VERSION="?([^"\n]+)"?', re.MULTILINE)
BANNER = re.compile(r'version "([^"]+)"')
PRINT_VERSION_SECONDS = 20


@dataclass(frozen=True)
class Java:
    """An installed Java: its home and its feature version, such as 21."""

    home: Path
    feature: int

    @property
    def executable(self) -> Path:
        """Return the program to run."""
        return self.home / "bin" / "java"


@dataclass(frozen=True)
class Refused:
    """A Java that doesn't fit, and why."""

    home: Path
    reason: str


def feature_version(version: str) -> int | None:
    """Return the feature number of a Java version: 21 of `21.0.4`, 8 of `1.8.0_402`, 25 of `25-ea`."""
    match = re.match(r"(?:1\.)?(\d+)", version)
    return int(match.group(1)) if match else None


def release_feature(release: str) -> int | None:
    """Return the feature version that a JDK's `release` file states."""
    match = RELEASE_LINE.search(release)
    return feature_version(match.group(1)) if match else None


def banner_feature(banner: str) -> int | None:
    """Return the feature version in what `java -version` prints."""
    match = BANNER.search(banner)
    return feature_version(match.group(1)) if match else None


def measured_feature(home: Path) -> int | None:
    """Return the feature version of the Java in a directory; None: it holds none that runs."""
    executable = home / "bin" / "java"
    if not os.access(executable, os.X_OK):
        return None
    try:
        stated = release_feature((home / "release").read_text(encoding="utf-8", errors="replace"))
    except OSError:
        stated = None  # some packagers leave the file out
    return stated or printed_feature(executable)


def printed_feature(executable: Path) -> int | None:
    """Return the feature version that a Java prints of itself; None: it doesn't run."""
    try:
        printed = subprocess.run(  # noqa: S603 - a Java found on this machine
            [executable, "-version"], capture_output=True, text=True, check=False, timeout=PRINT_VERSION_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return banner_feature(printed.stderr + printed.stdout)


def candidate_homes(environment: Mapping[str, str], places: Iterable[str] = USUAL_PLACES) -> Iterator[Path]:
    """Yield directories that may hold a Java, the user's choice first, each once."""
    seen: set[Path] = set()
    for home in _all_homes(environment, places):
        resolved = home.resolve()
        if resolved not in seen:
            seen.add(resolved)
            yield home


def _all_homes(environment: Mapping[str, str], places: Iterable[str]) -> Iterator[Path]:
    if chosen := environment.get("JAVA_HOME"):
        yield Path(chosen)
    if found := shutil.which("java", path=environment.get("PATH", "")):
        yield Path(found).resolve().parents[1]
    for place in places:
        pattern = Path(place).expanduser()
        yield from sorted(Path(pattern.anchor).glob(str(pattern.relative_to(pattern.anchor))))


def judge(home: Path, account: Account | None) -> Java | Refused | None:
    """Return what is to be said of a directory: a Java that fits, one that doesn't, or None: no Java."""
    feature = measured_feature(home)
    if feature is None:
        return None
    if feature < MINIMUM:
        return Refused(home, f"is Java {feature}")
    if account is not None and (closed := closed_parent(home)):
        return Refused(home, f"is Java {feature}, but {closed} is closed to the user {account.name}")
    return Java(home, feature)


def choose(environment: Mapping[str, str], account: Account | None, places: Iterable[str] = USUAL_PLACES) -> Java:
    """Return the Java of `JAVA_HOME` or the path if it fits, else the oldest fitting one of the usual places.

    The oldest, because Elasticsearch may not know the newest yet.

    Raises:
        EngineError: None fits; the message says which were found and what to install.
    """
    refused: list[Refused] = []
    preferred = set(candidate_homes(environment, ()))
    fitting: list[Java] = []
    for home in candidate_homes(environment, places):
        verdict = judge(home, account)
        if isinstance(verdict, Java):
            if home in preferred:
                return verdict
            fitting.append(verdict)
        elif isinstance(verdict, Refused):
            refused.append(verdict)
    if fitting:
        return min(fitting, key=lambda java: java.feature)
    raise EngineError(_nothing_fits(refused))


def _nothing_fits(refused: list[Refused]) -> str:
    found = "; ".join(f"{item.home} {item.reason}" for item in refused)
    return (
        f"The engines need Java {MINIMUM} or newer, and none was found{f' ({found})' if found else ''}. "
        f"Install one ({_install_hint(sys.platform)}), or set JAVA_HOME to one, "
        "or set TALLYWIRE_JAVA_DOWNLOAD=true to have one downloaded."
    )


def _install_hint(platform: str) -> str:
    if platform == "darwin":
        return f"`brew install openjdk@{MINIMUM}`"
    return f"a package such as openjdk-{MINIMUM}-jre-headless or temurin-{MINIMUM}-jre"


def find_java(
    environment: Mapping[str, str],
    account: Account | None,
    cache: Path,
    *,
    download: bool,
    places: Iterable[str] = USUAL_PLACES,
) -> Java:
    """Return a Java that runs the engines, downloading one into `cache` when allowed and none is found.

    Raises:
        EngineError: There is none, or it can't be downloaded.
    """
    try:
        return choose(environment, account, places)
    except EngineError:
        if not download:
            raise
    return _downloaded(cache)


def _downloaded(cache: Path) -> Java:
    options: dict[str, Any] = {"vendor": "temurin-jre", "version": str(MINIMUM), "cache_dir": cache / "java"}
    try:
        home = Path(cjdk.java_home(**options))
    except cjdk.CjdkError as error:
        raise EngineError(f"No Java {MINIMUM} could be downloaded ({error}); install one.") from error
    feature = measured_feature(home)
    if feature is None:
        raise EngineError(f"The Java downloaded to {home} doesn't run on this machine; install one.")
    return Java(home, feature)
