"""The user that engines run as, and directories that this user can use.

Elasticsearch refuses to run as root, so root gives both engines to an unprivileged user, who must be able to
reach their files: root's home, say, is closed to it.
"""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from tallywire.engines.errors import EngineError


@dataclass(frozen=True)
class Account:
    """An unprivileged user."""

    name: str
    uid: int
    gid: int


def engine_account(name: str) -> Account | None:
    """Return the user to run engines as; None: as whoever runs this program, which isn't root.

    Raises:
        EngineError: This is root, and there is no unprivileged user of that name.
    """
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise EngineError(
            f"There is no user {name!r} to run the engines as; set TALLYWIRE_ENGINE_USER to one."
        ) from None
    if entry.pw_uid == 0:
        raise EngineError("Elasticsearch refuses to run as root; set TALLYWIRE_ENGINE_USER to another user.")
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def closed_parent(path: Path) -> Path | None:
    """Return the topmost directory above or at `path` that is closed to other users; None: all are open."""
    resolved = path.resolve()
    for directory in reversed((resolved, *resolved.parents)):
        if directory.is_dir() and not directory.stat().st_mode & stat.S_IXOTH:
            return directory
    return None


def shared_directory(path: Path, account: Account | None, variable: str) -> Path:
    """Make a directory that belongs to us and that the engines' user can read; return it.

    Raises:
        EngineError: It can't be made, or a directory above it is closed to the engines' user.
    """
    try:
        missing = [place for place in (path, *path.parents) if not place.exists()]
        path.mkdir(parents=True, exist_ok=True)
        if account is not None:
            for place in missing:
                place.chmod(0o755)  # root's umask may say otherwise
    except OSError as error:
        raise EngineError(f"Can't make {path} ({error.strerror}); set {variable} to another directory.") from None
    if account is not None and (closed := closed_parent(path)):
        raise EngineError(
            f"The user {account.name}, whom root runs the engines as, can't enter {closed}; "
            f"set {variable} to a directory that it can."
        )
    return path


def own_directory(path: Path, account: Account | None) -> Path:
    """Make a directory that the engine may write to; return it.

    Raises:
        EngineError: It can't be made, or belongs to another user.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        if account is not None:
            os.chown(path, account.uid, account.gid)
    except OSError as error:
        raise EngineError(
            f"Can't use {path} ({error.strerror}); set TALLYWIRE_DATA_DIR to another directory."
        ) from None
    if account is None and not os.access(path, os.W_OK):
        raise EngineError(
            f"{path} belongs to another user; remove it or set TALLYWIRE_DATA_DIR to another directory."
        )
    return path


def own_file(path: Path, text: str, account: Account | None) -> Path:
    """Write a file that the engine may read and replace; return it."""
    path.write_text(text, encoding="utf-8")
    if account is not None:
        os.chown(path, account.uid, account.gid)
    return path
