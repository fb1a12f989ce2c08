"""What reaches the log of what libraries say."""

import logging

from contracts.logs import REPEAT_SECONDS, QuietRepeats


def record(name: str, message: str, at: float) -> logging.LogRecord:
    """Return a log record of a moment."""
    made = logging.LogRecord(name, logging.ERROR, "", 0, message, ("1",), None)
    made.created = at
    return made


def test_a_library_that_repeats_itself_is_heard_once_in_a_while() -> None:
    """The same template is the same message, and comes through again after the pause."""
    quiet = QuietRepeats()
    moments = [0.0, 0.1, REPEAT_SECONDS - 0.1, REPEAT_SECONDS, REPEAT_SECONDS + 0.1]
    heard = [quiet.filter(record("aiokafka.conn", "no node %s", at)) for at in moments]
    assert heard == [True, False, False, True, False]


def test_other_messages_and_our_own_are_always_heard() -> None:
    """Only repetitions of noisy libraries are dropped."""
    quiet = QuietRepeats()
    assert quiet.filter(record("aiokafka.conn", "no node %s", 0))
    assert quiet.filter(record("aiokafka.conn", "no topic %s", 0))
    assert quiet.filter(record("aiokafka.fetcher", "no node %s", 0))
    assert all(quiet.filter(record("processors.stage", "batch handled", 0)) for _ in range(3))
