"""The state file and the lock by which commands find each other's engines."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tallywire.engines import EngineError, EngineSettings, find
from tallywire.engines.state import (
    STATE_FILE,
    DirectoryLock,
    EngineState,
    State,
    is_alive,
    read_state,
    remove_state,
    start_time,
    write_state,
)
from tallywire.engines.supervise import clear_remains


def own_engine(name: str = "Kafka", port: int = 19_092) -> EngineState:
    """Return an engine whose process is this very one."""
    created = start_time(os.getpid())
    assert created is not None
    return EngineState(name, "4.1.2", os.getpid(), created, port)


def state_of(*engines: EngineState) -> State:
    """Return a state that lists these engines."""
    return State(os.getpid(), datetime(2026, 3, 1, 12, tzinfo=UTC), engines)


def test_a_state_is_read_as_it_was_written(tmp_path: Path) -> None:
    """What is written comes back the same, with the ports by name."""
    state = state_of(own_engine(), own_engine("Elasticsearch", 19_200))
    write_state(tmp_path, state)
    assert read_state(tmp_path) == state
    assert (state.port("Kafka"), state.port("Elasticsearch"), state.port("Other")) == (19_092, 19_200, None)
    remove_state(tmp_path)
    remove_state(tmp_path)
    assert read_state(tmp_path) is None


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b'{"owner": 1, "started"', id="cut off"),
        pytest.param(b'{"owner": 1}', id="fields missing"),
        pytest.param(b"[]", id="another shape"),
        pytest.param(b"\xff\xfe", id="not text"),
    ],
)
def test_a_spoilt_state_file_counts_as_none(content: bytes, tmp_path: Path) -> None:
    """A state file with nothing sensible in it is as good as none."""
    (tmp_path / STATE_FILE).write_bytes(content)
    assert read_state(tmp_path) is None
    assert find(EngineSettings(data_dir=tmp_path)) is None


def test_a_living_process_is_told_from_one_that_took_its_id() -> None:
    """The same id with another start time is another process."""
    engine = own_engine()
    assert is_alive(engine)
    assert not is_alive(EngineState(engine.name, engine.version, engine.pid, engine.created - 60, engine.port))


def test_a_dead_process_is_not_alive() -> None:
    """A process that ended is gone, though its parent hasn't taken its exit code yet."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        created = start_time(process.pid)
        assert created is not None
        engine = EngineState("Kafka", "4.1.2", process.pid, created, 1)
        assert is_alive(engine)
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # dead, but still a zombie
        assert not is_alive(engine)
    assert not is_alive(engine)


def test_a_state_of_one_engine_is_not_a_running_pair(tmp_path: Path) -> None:
    """Half a pair isn't found."""
    write_state(tmp_path, state_of(own_engine()))
    assert find(EngineSettings(data_dir=tmp_path)) is None


def test_engines_that_do_not_answer_are_not_found(tmp_path: Path) -> None:
    """Processes that live but listen on no port aren't engines to be used."""
    write_state(tmp_path, state_of(own_engine(port=1), own_engine("Elasticsearch", 1)))
    assert find(EngineSettings(data_dir=tmp_path)) is None


def test_only_one_has_the_lock(tmp_path: Path) -> None:
    """A second taker is refused until the first gives the lock up."""
    first, second = DirectoryLock(tmp_path), DirectoryLock(tmp_path)
    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()
    second.release()


def test_a_killed_process_loses_the_lock(tmp_path: Path) -> None:
    """The system frees the lock of a process that was killed."""
    program = (
        "import pathlib, sys; from tallywire.engines.state import DirectoryLock; "
        "lock = DirectoryLock(pathlib.Path(sys.argv[1])); print(lock.acquire(), flush=True); input()"
    )
    command = [sys.executable, "-W", "ignore", "-c", program, str(tmp_path)]
    lock = DirectoryLock(tmp_path)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"True\n"
        assert not lock.acquire()
        holder.kill()
    assert lock.acquire()
    lock.release()


@pytest.mark.parametrize("fresh", [pytest.param(True, id="fresh"), pytest.param(False, id="kept")])
def test_only_a_fresh_start_removes_data(fresh: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a case's data
    """A stale state file always goes; the engines' data only when asked."""
    for folder in ("kafka", "elasticsearch"):
        (tmp_path / folder / "data").mkdir(parents=True)
    engine = own_engine()
    write_state(tmp_path, state_of(EngineState(engine.name, engine.version, engine.pid, 1.0, engine.port)))
    clear_remains(EngineSettings(data_dir=tmp_path), fresh=fresh)
    assert read_state(tmp_path) is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ([] if fresh else ["elasticsearch", "kafka"])


def test_engines_of_a_killed_process_that_go_on_are_named(tmp_path: Path) -> None:
    """When what an earlier process started doesn't end in time, a start fails and says which process."""
    write_state(tmp_path, state_of(own_engine()))
    settings = EngineSettings(data_dir=tmp_path, engine_stop_timeout=0.1)
    with pytest.raises(EngineError, match=rf"Kafka \(process {os.getpid()}\)"):
        clear_remains(settings, fresh=False)


def test_another_users_directory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock file that we may not open gives a clear error; root could open any, so the refusal is made up."""

    def refuse(path: Path, *_arguments: int) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("tallywire.engines.state.os.open", refuse)
    with pytest.raises(EngineError, match="belongs to another user; set TALLYWIRE_DATA_DIR"):
        DirectoryLock(tmp_path).acquire()
