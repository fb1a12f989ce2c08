"""The unprivileged user, and directories that it can use."""

import os
import pwd
import stat
from pathlib import Path

import pytest

from tallywire.engines.account import Account, closed_parent, engine_account, own_directory, shared_directory
from tallywire.engines.errors import EngineError
from tallywire.engines.settings import default_cache_dir, default_data_dir

ME = Account("me", os.geteuid(), os.getegid())


def test_root_gives_the_engines_to_another_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """Root runs the engines as the user of the settings; anybody else as themselves."""
    monkeypatch.setattr("os.geteuid", lambda: 0)
    nobody = pwd.getpwnam("nobody")
    assert engine_account("nobody") == Account("nobody", nobody.pw_uid, nobody.pw_gid)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert engine_account("nobody") is None


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        pytest.param("no-such-user-here", "There is no user", id="unknown"),
        pytest.param("root", "refuses to run as root", id="root itself"),
    ],
)
def test_a_user_that_will_not_do_is_refused(name: str, complaint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown user and root itself give a clear error."""
    monkeypatch.setattr("os.geteuid", lambda: 0)
    with pytest.raises(EngineError, match=complaint):
        engine_account(name)


def test_root_keeps_its_files_where_others_can_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Root's directories lie outside its closed home; another user's inside."""
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert default_data_dir() == Path("/var/lib/tallywire")
    assert default_cache_dir() == Path("/var/cache/tallywire")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert default_data_dir().is_relative_to(Path.home())
    assert default_cache_dir().is_relative_to(Path.home())


def test_the_topmost_closed_directory_is_named(tmp_path: Path) -> None:
    """Of the directories above a path, the first that others can't enter is found."""
    closed = tmp_path / "closed"
    (closed / "inner").mkdir(parents=True)
    closed.chmod(0o700)
    above = closed_parent(tmp_path)
    assert closed_parent(closed / "inner" / "file") == (above or closed)


def test_a_directory_closed_to_the_engines_user_is_refused(tmp_path: Path) -> None:
    """The error names the closed directory and the variable to change."""
    tmp_path.chmod(0o700)
    with pytest.raises(EngineError, match="TALLYWIRE_CACHE_DIR") as caught:
        shared_directory(tmp_path / "cache", ME, "TALLYWIRE_CACHE_DIR")
    assert "can't enter" in str(caught.value)


def test_made_directories_are_open_whatever_the_umask(tmp_path: Path) -> None:
    """Directories made for another user are open to it under a strict umask; without one they stay strict."""
    before = os.umask(0o077)
    try:
        with pytest.raises(EngineError):  # pytest's own directories are closed
            shared_directory(tmp_path / "shared" / "deep", ME, "TALLYWIRE_DATA_DIR")
        shared_directory(tmp_path / "own", None, "TALLYWIRE_DATA_DIR")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "shared" / "deep").stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / "own").stat().st_mode) == 0o700


def test_a_file_in_the_way_gives_a_clear_error(tmp_path: Path) -> None:
    """A directory that can't be made is told of with the variable to change."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EngineError, match="set TALLYWIRE_DATA_DIR"):
        shared_directory(tmp_path / "file" / "data", None, "TALLYWIRE_DATA_DIR")
    with pytest.raises(EngineError, match="set TALLYWIRE_DATA_DIR"):
        own_directory(tmp_path / "file" / "data", None)
