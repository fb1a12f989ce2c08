"""Downloads from a repository served on loopback, and the committed lock files."""

import gc
import hashlib
import http.server
import os
import re
import threading
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tallywire.engines.artifacts import ELASTICSEARCH_LOCK, KAFKA_LOCK, Artifact, fetch, read_lock, unpack
from tallywire.engines.errors import EngineError
from tallywire.engines.progress import ProgressEvent, ignore

pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # jgo leaves a failed download open

CONTENT = b"the bytes of a jar" * 4096


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files without a word on standard error."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing."""


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a directory that jgo's configuration names as the only Maven repository, over HTTP."""
    root = tmp_path / "served"
    root.mkdir()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(root)))
    configuration = tmp_path / "jgo.conf"
    configuration.write_text(f"[repositories]\nlocal = http://127.0.0.1:{server.server_port}\n")
    monkeypatch.setenv("JGO_CONFIG_FILE", str(configuration))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield root
    server.shutdown()
    thread.join()
    server.server_close()
    gc.collect()  # what was left open is closed here, not in a later test


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return an empty cache directory."""
    directory = tmp_path / "cache"
    directory.mkdir()
    return directory


def artifact(name: str = "thing", content: bytes = CONTENT) -> Artifact:
    """Return an artifact locked to a content."""
    return Artifact("org.example", name, "1.0", "jar", "", hashlib.sha256(content).hexdigest())


def serve(root: Path, item: Artifact, content: bytes = CONTENT) -> None:
    """Put a file into the served repository."""
    (root / item.path).parent.mkdir(parents=True)
    (root / item.path).write_bytes(content)


def files_below(directory: Path) -> list[str]:
    """Return the files below a directory, as relative paths."""
    return sorted(str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file())


def test_a_download_is_checked_and_reported(served: Path, repository: Path) -> None:
    """Missing files are downloaded into the Maven layout, with their progress told up to the last byte."""
    wanted = [artifact("first"), artifact("second")]
    for item in wanted:
        serve(served, item)
    events: list[ProgressEvent] = []
    paths = fetch(wanted, repository, events.append)
    assert [path.read_bytes() for path in paths] == [CONTENT, CONTENT]
    assert files_below(repository) == [str(item.path) for item in wanted]
    finished = {event.subject for event in events if event.finished}
    assert finished == {"first-1.0.jar", "second-1.0.jar"}
    assert {event.total for event in events} == {len(CONTENT)}


def test_what_is_cached_is_not_downloaded_again(served: Path, repository: Path) -> None:
    """A cached file with the right checksum needs no repository."""
    item = artifact()
    serve(served, item)
    fetch([item], repository, ignore)
    (served / item.path).unlink()
    assert fetch([item], repository, ignore) == [repository / item.path]


def test_a_download_with_another_checksum_is_refused(served: Path, repository: Path) -> None:
    """A served file that isn't the locked one gives a clear error and is not kept."""
    item = artifact()
    serve(served, item, b"something else")
    with pytest.raises(EngineError, match="is not the file that the lock names"):
        fetch([item], repository, ignore)
    assert files_below(repository) == []


def test_a_cached_file_with_another_checksum_is_refused(served: Path, repository: Path) -> None:
    """A cached file that was changed gives an error that names it, though the repository has the right one."""
    item = artifact()
    serve(served, item)
    (cached,) = fetch([item], repository, ignore)
    cached.write_bytes(b"changed")
    with pytest.raises(EngineError, match=re.escape(str(cached))):
        fetch([item], repository, ignore)


@pytest.mark.usefixtures("served")
def test_what_nobody_serves_gives_a_clear_error(repository: Path) -> None:
    """An artifact that no repository has is named in one sentence."""
    with pytest.raises(EngineError, match=r"Could not download thing-1\.0\.jar \(no repository has it\)"):
        fetch([artifact()], repository, ignore)


def test_no_network_gives_a_clear_error(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unused_port: int
) -> None:
    """An unreachable repository is tried again, then told in one sentence."""
    configuration = tmp_path / "jgo.conf"
    configuration.write_text(f"[repositories]\nlocal = http://127.0.0.1:{unused_port}\n")
    monkeypatch.setenv("JGO_CONFIG_FILE", str(configuration))
    with pytest.raises(EngineError, match="check the network"):
        fetch([artifact()], repository, ignore)


@pytest.fixture
def unused_port() -> int:
    """Return a port that nothing listens on."""
    with http.server.HTTPServer(("127.0.0.1", 0), QuietHandler) as server:
        return server.server_port


def interrupt(_event: ProgressEvent) -> None:
    """Raise what Ctrl-C raises."""
    raise KeyboardInterrupt


def test_an_interrupted_download_leaves_nothing(served: Path, repository: Path) -> None:
    """After Ctrl-C in the middle neither a part of a file nor a directory is left that looks whole."""
    wanted = [artifact(f"thing-{number}") for number in range(20)]
    for item in wanted:
        serve(served, item)
    with pytest.raises(KeyboardInterrupt):
        fetch(wanted, repository, interrupt)
    assert files_below(repository) == []


def test_what_killed_downloads_left_is_swept_after_a_day(repository: Path) -> None:
    """Leftovers of a killed process go once they are old; a running process's own stay."""
    for name, age in ((".aside-old", 100_000), (".aside-new", 0)):
        (repository / name).mkdir()
        changed = (repository / name).stat().st_mtime - age
        os.utime(repository / name, (changed, changed))
    fetch([], repository, ignore)
    assert [path.name for path in repository.iterdir()] == [".aside-new"]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Return a zip with one top folder that holds a program and a text."""
    path = tmp_path / "server.zip"
    with zipfile.ZipFile(path, "w") as bundle:
        for name, mode in (("server-1/bin/run", 0o755), ("server-1/notice.txt", 0o600)):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            bundle.writestr(entry, name)
    return path


def test_unpacking_keeps_programs_executable(archive: Path, tmp_path: Path) -> None:
    """Programs can be run and everything can be read by the engines' user."""
    unpack(archive, tmp_path / "server", ignore)
    assert (tmp_path / "server" / "bin" / "run").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "server" / "notice.txt").stat().st_mode & 0o777 == 0o644


def test_an_interrupted_unpacking_leaves_nothing(archive: Path, tmp_path: Path) -> None:
    """After Ctrl-C in the middle the directory isn't there, so the next start unpacks again."""
    with pytest.raises(KeyboardInterrupt):
        unpack(archive, tmp_path / "server", interrupt)
    assert [path.name for path in tmp_path.iterdir()] == [archive.name]


def test_unpacking_where_another_process_was_faster(archive: Path, tmp_path: Path) -> None:
    """A directory that appeared meanwhile is taken as it is."""
    unpack(archive, tmp_path / "server", ignore)
    unpack(archive, tmp_path / "server", ignore)
    assert (tmp_path / "server" / "notice.txt").read_text() == "server-1/notice.txt"


def without_checksum(text: str) -> str:
    """Return a lock's text less its checksums."""
    return re.sub(r"^sha256 = .*\n", "", text, flags=re.MULTILINE)


def truncated(text: str) -> str:
    """Return a text cut off in the middle of a value."""
    return text[: text.index('sha256 = "') + 12]


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        pytest.param(without_checksum, "no checksum for elasticsearch", id="no checksum"),
        pytest.param(truncated, "is no lock file", id="cut off"),
    ],
)
def test_a_spoilt_lock_is_refused(spoil: Callable[[str], str], complaint: str, tmp_path: Path) -> None:
    """A lock without a checksum, or that is no lock, gives a clear error."""
    path = tmp_path / "engine.lock.toml"
    path.write_text(spoil(ELASTICSEARCH_LOCK.read_text()))
    with pytest.raises(EngineError, match=complaint):
        read_lock(path)


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in (KAFKA_LOCK, ELASTICSEARCH_LOCK)])
def test_the_committed_locks_name_no_address(path: Path) -> None:
    """Each file has a SHA-256, none is named twice, and no registry's address stands in the lock."""
    locked = read_lock(path)
    assert all(re.fullmatch("[0-9a-f]{64}", item.sha256) for item in locked)
    assert len({item.path for item in locked}) == len(locked)
    assert "://" not in path.read_text()


def test_the_kafka_lock_holds_one_kafka_and_a_logger() -> None:
    """All of Kafka's own jars are of one version, and slf4j has log4j of the same version behind it."""
    locked = read_lock(KAFKA_LOCK)
    assert len({item.version for item in locked if item.group == "org.apache.kafka"}) == 1
    assert len({item.version for item in locked if item.group == "org.apache.logging.log4j"}) == 1
    assert {"kafka-server", "slf4j-api", "log4j-slf4j-impl", "log4j-core"} <= {item.name for item in locked}
