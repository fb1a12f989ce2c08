"""Downloads the engines' programs, locked to one version and SHA-256 checksum a file.

Maven coordinates stand in the lock files beside this module; `jgo` knows where such artifacts are served (its
own configuration file may name a mirror). A download is written aside, checked, and only then moved into place,
so an interrupted one leaves nothing behind that looks whole.
"""

import hashlib
import os
import shutil
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import requests
from jgo.config import GlobalSettings
from jgo.env import LockedDependency, LockFile
from jgo.maven import MavenContext, PythonResolver

from tallywire.engines.errors import EngineError
from tallywire.engines.progress import ProgressCallback, ProgressEvent

KAFKA_LOCK = Path(__file__).with_name("kafka.lock.toml")
ELASTICSEARCH_LOCK = Path(__file__).with_name("elasticsearch.lock.toml")

PARALLEL_DOWNLOADS = 6
ATTEMPTS = 3
STALL_SECONDS = 20
STALE_SECONDS = 86_400
ASIDE = ".aside-"


@dataclass(frozen=True)
class Artifact:
    """One file of a Maven repository, and the SHA-256 of its content in hexadecimal."""

    group: str
    name: str
    version: str
    packaging: str
    classifier: str
    sha256: str

    @property
    def filename(self) -> str:
        """Return the file's name."""
        classifier = f"-{self.classifier}" if self.classifier else ""
        return f"{self.name}-{self.version}{classifier}.{self.packaging}"

    @property
    def path(self) -> Path:
        """Return the file's place in a Maven repository."""
        return Path(*self.group.split("."), self.name, self.version, self.filename)


class Cancelled(Exception):  # noqa: N818 - not an error: another download failed, or the user pressed Ctrl-C
    """This download is no longer wanted."""


def read_lock(path: Path) -> tuple[Artifact, ...]:
    """Return the artifacts that a lock file names.

    Raises:
        EngineError: The file isn't a lock, or an artifact has no checksum in it.
    """
    try:
        locked = LockFile.load(path).dependencies
    except (ValueError, FileNotFoundError) as error:
        raise EngineError(f"{path} is no lock file of engines: {error}") from error
    return tuple(_artifact(item, path) for item in locked)


def _artifact(locked: LockedDependency, path: Path) -> Artifact:
    if not locked.sha256:
        raise EngineError(f"{path} has no checksum for {locked.artifactId}; make it anew.")
    return Artifact(
        group=locked.groupId,
        name=locked.artifactId,
        version=locked.version,
        packaging=locked.packaging,
        classifier=locked.classifier or "",
        sha256=locked.sha256,
    )


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check(artifact: Artifact, path: Path) -> None:
    """Check a file against its lock.

    Raises:
        EngineError: It has another checksum.
    """
    actual = file_sha256(path)
    if actual != artifact.sha256:
        raise EngineError(
            f"{path} is not the file that the lock names: its SHA-256 is {actual}, not {artifact.sha256}. "
            "Delete it to download it again; if that gives the same, what is served was changed: don't run it."
        )


def fetch(artifacts: Sequence[Artifact], repository: Path, report: ProgressCallback) -> list[Path]:
    """Return the artifacts' files, checked; those not in the repository directory yet are downloaded.

    Raises:
        EngineError: A file can't be downloaded or has another checksum than its lock.
    """
    _sweep(repository)
    cancel = threading.Event()
    with ThreadPoolExecutor(PARALLEL_DOWNLOADS, thread_name_prefix="download") as pool:
        futures = [pool.submit(_have, artifact, repository, report, cancel) for artifact in artifacts]
        try:
            for future in as_completed(futures):
                future.result()
        finally:  # after Ctrl-C or an error the others end at their next chunk
            cancel.set()
            pool.shutdown(wait=False, cancel_futures=True)
    return [repository / artifact.path for artifact in artifacts]


def _sweep(repository: Path) -> None:
    """Remove what downloads that were killed left aside, a day after."""
    for aside in repository.glob(f"{ASIDE}*"):
        with suppress(FileNotFoundError):  # another process was faster
            if time.time() - aside.stat().st_mtime > STALE_SECONDS:
                shutil.rmtree(aside)


def _have(artifact: Artifact, repository: Path, report: ProgressCallback, cancel: threading.Event) -> None:
    path = repository / artifact.path
    if cancel.is_set():
        raise Cancelled
    if path.exists():
        check(artifact, path)
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=ASIDE, dir=repository) as aside:
            downloaded = _download(artifact, Path(aside), _reporter(report, cancel))
            check(artifact, downloaded)
            downloaded.chmod(0o644)
            downloaded.replace(path)
    except OSError as error:
        raise EngineError(f"Can't write {path}: {error.strerror or error}.") from error


Update = Callable[[int], None]
Reporter = Callable[[str, int], AbstractContextManager[Update]]
"""What jgo calls at a download's start; the function in the context is called with each chunk's size."""


def _reporter(report: ProgressCallback, cancel: threading.Event) -> Reporter:
    @contextmanager
    def download(filename: str, total: int) -> Iterator[Update]:
        done = 0

        def update(size: int) -> None:
            nonlocal done
            if cancel.is_set():
                raise Cancelled
            done += size
            report(ProgressEvent("download", filename, done, total))

        report(ProgressEvent("download", filename, 0, total))
        yield update

    return download


def _download(artifact: Artifact, directory: Path, reporter: Reporter) -> Path:
    """Download a file into an otherwise empty repository directory, with a few attempts."""
    context = maven(directory, PythonResolver(progress_callback=reporter))
    wanted = context.project(artifact.group, artifact.name).at_version(artifact.version)
    failure: Exception | None = None
    for _attempt in range(ATTEMPTS):
        try:
            return wanted.artifact(artifact.classifier, artifact.packaging).resolve()
        except requests.RequestException as error:
            shutil.rmtree(directory / artifact.path.parent, ignore_errors=True)
            failure = error
        except RuntimeError as error:  # jgo's word for it; it leaves nothing behind
            raise EngineError(_failure(artifact, "no repository has it")) from error
    raise EngineError(_failure(artifact, f"no connection: {type(failure).__name__}")) from failure


def _failure(artifact: Artifact, reason: str) -> str:
    return (
        f"Could not download {artifact.filename} ({reason}); "
        "check the network, then try again: what is here already stays."
    )


def maven(directory: Path, resolver: PythonResolver | None = None) -> MavenContext:
    """Return jgo's access to Maven repositories: those of its own configuration, by default Maven Central."""
    return MavenContext(
        resolver=resolver,
        repo_cache=directory,
        remote_repos=GlobalSettings.load().repositories or None,
        timeout=STALL_SECONDS,
    )


def unpack(archive: Path, directory: Path, report: ProgressCallback) -> None:
    """Unpack a zip's one top folder as `directory`, with the programs in it executable.

    It appears whole or not at all.

    Raises:
        EngineError: It can't be unpacked there.
    """
    try:
        with (
            tempfile.TemporaryDirectory(prefix=ASIDE, dir=directory.parent) as aside,
            zipfile.ZipFile(archive) as bundle,
        ):
            _extract(bundle, Path(aside), archive.name, report)
            (top,) = Path(aside).iterdir()
            top.replace(directory)
    except OSError as error:
        if directory.is_dir():
            return  # another process was faster
        raise EngineError(f"Can't unpack {archive} to {directory}: {error.strerror or error}.") from error


def _extract(bundle: zipfile.ZipFile, directory: Path, subject: str, report: ProgressCallback) -> None:
    members = bundle.infolist()
    for number, member in enumerate(members):
        report(ProgressEvent("unpack", subject, number, len(members)))
        extracted = bundle.extract(member, directory)
        executable = member.is_dir() or (member.external_attr >> 16) & 0o111
        os.chmod(extracted, 0o755 if executable else 0o644)  # noqa: PTH101 - extract returns a string
    report(ProgressEvent("unpack", subject, len(members), len(members)))
