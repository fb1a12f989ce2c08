"""What a user can get wrong: each error is one clear sentence with what to do, and an exit code."""

from contracts.settings import SettingsError

EXIT_USER = 2
"""Exit code of what the user can mend: an argument, a setting, a file.  No restart helps."""

EXIT_ENGINE = 3
"""Exit code of an engine that can't be reached: a later try may succeed."""


class UserError(Exception):
    """Something that the user can mend; the message says what is wrong and what to do."""


class EngineDownError(UserError):
    """An engine can't be reached; the message says which, and how to start it."""


def user_errors() -> tuple[type[Exception], ...]:
    """Return every error that is told in one sentence, those of the stages included."""
    from processors.extract.offline import RowError  # noqa: PLC0415 - needed only when something went wrong
    from producers.feedlist import FeedListError  # noqa: PLC0415 - as above
    from sinks.errors import SinkError  # noqa: PLC0415 - as above
    from tallywire.engines.errors import EngineError  # noqa: PLC0415 - as above

    return (*_engine_errors(), UserError, SettingsError, RowError, FeedListError, EngineError, SinkError)


def exit_code(error: Exception) -> int:
    """Return the exit code for one of `user_errors`."""
    return EXIT_ENGINE if isinstance(error, _engine_errors()) else EXIT_USER


def _engine_errors() -> tuple[type[Exception], ...]:
    from producers.errors import PublishError  # noqa: PLC0415 - as above
    from sinks.errors import UnavailableError  # noqa: PLC0415 - as above

    return (EngineDownError, PublishError, UnavailableError)
