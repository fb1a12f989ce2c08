"""The one way to log: structlog, to standard error, lines for people or JSON."""

import logging
import sys
from typing import TYPE_CHECKING, TextIO, cast

import structlog

from contracts.settings import StageSettings

if TYPE_CHECKING:
    from structlog.types import Processor
    from structlog.typing import FilteringBoundLogger

NOISY_LOGGERS = ("aiokafka", "faust", "kafka", "mode", "elastic_transport", "asyncio")
"""Libraries whose information-level lines say nothing to an operator."""

MUTED_LOGGERS = ("kafka.net.selector",)
"""Libraries whose warnings say nothing either: this one times its own start."""

REPEAT_SECONDS = 10.0


class QuietRepeats(logging.Filter):
    """Lets the same message of a noisy library through once in ten seconds.

    While a broker is away, some say the same thirty times a second.
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the message should be said."""
        if record.name.partition(".")[0] not in NOISY_LOGGERS:
            return True
        message = (record.name, str(record.msg))
        if record.created - self._said.get(message, float("-inf")) < REPEAT_SECONDS:
            return False
        self._said[message] = record.created
        return True


def configure(settings: StageSettings, stage: str, stream: TextIO | None = None) -> None:
    """Send our log lines and those of libraries to a stream, by default standard error, each naming the stage."""
    stream = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    for_people = settings.log_format == "console"
    renderer: list[Processor] = (
        [structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback)]
        if for_people
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
        )
    )
    handler.addFilter(QuietRepeats())
    level = settings.log_level.upper()
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in NOISY_LOGGERS:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))
    for name in MUTED_LOGGERS:
        logging.getLogger(name).setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(stage=stage)


def get(name: str) -> "FilteringBoundLogger":
    """Return the logger of a module."""
    return cast("FilteringBoundLogger", structlog.stdlib.get_logger(name))
