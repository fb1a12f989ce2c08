"""Finding a Java: parsing versions is pure; the search runs on directories made for the test."""

from pathlib import Path

import pytest

from tallywire.engines.account import Account
from tallywire.engines.errors import EngineError
from tallywire.engines.java import (
    banner_feature,
    candidate_homes,
    choose,
    feature_version,
    find_java,
    release_feature,
)


def make_java(home: Path, version: str, *, release_file: bool = True) -> Path:
    """Make a directory that looks like an installed Java of that version."""
    executable = home / "bin" / "java"
    executable.parent.mkdir(parents=True)
    executable.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-01-21' >&2\n")
    executable.chmod(0o755)
    if release_file:
        (home / "release").write_text(f'IMPLEMENTOR="Somebody"\nJAVA_VERSION="{version}"\n')
    return home


@pytest.mark.parametrize(
    ("version", "feature"),
    [
        pytest.param("21.0.4", 21, id="three numbers"),
        pytest.param("25", 25, id="first release"),
        pytest.param("26-ea", 26, id="early access"),
        pytest.param("17.0.15+6-Debian-1deb12u1", 17, id="packager's suffix"),
        pytest.param("1.8.0_402", 8, id="before Java 9"),
        pytest.param("unknown", None, id="no number"),
    ],
)
def test_feature_version(version: str, feature: int | None) -> None:
    """A Java version gives its feature number, in the numbering before Java 9 too."""
    assert feature_version(version) == feature


@pytest.mark.parametrize(
    ("release", "feature"),
    [
        pytest.param('A="b"\nJAVA_VERSION="21.0.1"\nJAVA_VERSION_DATE="2025-10-01"\n', 21, id="quoted"),
        pytest.param("JAVA_VERSION=22\n", 22, id="bare"),
        pytest.param('JAVA_VERSION_DATE="2025-10-01"\n', None, id="only the date"),
        pytest.param("", None, id="empty"),
    ],
)
def test_release_feature(release: str, feature: int | None) -> None:
    """The `release` file's JAVA_VERSION counts, not the lines named alike."""
    assert release_feature(release) == feature


@pytest.mark.parametrize(
    ("banner", "feature"),
    [
        pytest.param('openjdk version "21.0.4" 2024-07-16 LTS\nOpenJDK Runtime', 21, id="openjdk"),
        pytest.param('java version "1.8.0_402"\nJava(TM) SE', 8, id="oracle 8"),
        pytest.param("The operation couldn't be completed. Unable to locate a Java Runtime.", None, id="macOS stub"),
    ],
)
def test_banner_feature(banner: str, feature: int | None) -> None:
    """What `java -version` prints gives the feature number."""
    assert banner_feature(banner) == feature


def test_a_fitting_java_home_wins(tmp_path: Path) -> None:
    """JAVA_HOME is taken before the path and the usual places, though others fit."""
    chosen = make_java(tmp_path / "chosen", "25.0.1")
    make_java(tmp_path / "usual" / "jdk-21", "21.0.1")
    found = choose({"JAVA_HOME": str(chosen), "PATH": ""}, None, [f"{tmp_path}/usual/*"])
    assert (found.home, found.feature) == (chosen, 25)


def test_the_path_comes_before_the_usual_places(tmp_path: Path) -> None:
    """A fitting Java on the path is taken though an older fitting one lies in a usual place."""
    on_path = make_java(tmp_path / "on-path", "24")
    make_java(tmp_path / "usual" / "jdk-21", "21.0.1")
    found = choose({"PATH": str(on_path / "bin")}, None, [f"{tmp_path}/usual/*"])
    assert found.home == on_path


def test_a_jdk_that_is_not_the_default_is_found(tmp_path: Path) -> None:
    """With a too old JAVA_HOME and path, the oldest that fits among the usual places is taken."""
    old = make_java(tmp_path / "old", "17.0.9")
    for version in ("27-ea", "21.0.4", "25.0.1", "11.0.2"):
        make_java(tmp_path / "usual" / f"jdk-{version}", version)
    (tmp_path / "usual" / "not-a-jdk").mkdir()
    found = choose({"JAVA_HOME": str(old), "PATH": str(old / "bin")}, None, [f"{tmp_path}/usual/*"])
    assert (found.home.name, found.feature) == ("jdk-21.0.4", 21)


def test_without_a_release_file_java_is_asked(tmp_path: Path) -> None:
    """A Java whose packager left the release file out tells its version itself."""
    home = make_java(tmp_path / "jdk", "23.0.2", release_file=False)
    assert choose({"JAVA_HOME": str(home)}, None, []).feature == 23


def test_nothing_that_fits_gives_one_clear_error(tmp_path: Path) -> None:
    """Without a fitting Java the error names what was found, and what to install or set."""
    old = make_java(tmp_path / "old", "17.0.9")
    with pytest.raises(EngineError, match="Java 21 or newer") as caught:
        choose({"JAVA_HOME": str(old), "PATH": ""}, None, [])
    message = str(caught.value)
    assert f"{old} is Java 17" in message
    assert "JAVA_HOME" in message
    assert "TALLYWIRE_JAVA_DOWNLOAD" in message
    assert "\n" not in message


def test_a_java_closed_to_the_engines_user_is_refused(tmp_path: Path) -> None:
    """When root runs the engines as another user, a Java below a closed directory doesn't fit, and it says so."""
    home = make_java(tmp_path / "closed" / "jdk", "21.0.4")
    (tmp_path / "closed").chmod(0o700)
    with pytest.raises(EngineError, match="closed to the user somebody"):
        choose({"JAVA_HOME": str(home)}, Account("somebody", 65_000, 65_000), [])


def test_candidates_are_each_seen_once(tmp_path: Path) -> None:
    """Links to the same Java, common in /usr/lib/jvm, are one candidate."""
    home = make_java(tmp_path / "jvm" / "jdk-21", "21")
    (tmp_path / "jvm" / "default").symlink_to(home)
    environment = {"JAVA_HOME": str(home), "PATH": str(home / "bin")}
    assert list(candidate_homes(environment, [f"{tmp_path}/jvm/*"])) == [home]


def test_a_java_is_downloaded_only_when_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the setting on, a missing Java is fetched into our cache directory; without it, nothing is."""
    asked: list[Path] = []

    def java_home(*, cache_dir: Path, **_options: str) -> Path:
        asked.append(cache_dir)
        return make_java(cache_dir / "jdk", "21.0.4")

    monkeypatch.setattr("tallywire.engines.java.cjdk.java_home", java_home)
    with pytest.raises(EngineError):
        find_java({}, None, tmp_path, download=False, places=())
    assert asked == []
    assert find_java({}, None, tmp_path, download=True, places=()).feature == 21
    assert asked == [tmp_path / "java"]
