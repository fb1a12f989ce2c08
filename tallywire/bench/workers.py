"""Processes that measure: one request a line in, one answer a line out, JSON both ways.

A worker has a core and an interpreter to itself, so that the memory and the time measured are its own.
"""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from tallywire.errors import UserError

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class Worker:
    """A measuring process while its context is open."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = list(command)
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: S603 - the command is ours
            self._command,
            env={**os.environ, **ONE_THREAD},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            if kind is not None:
                self._process.kill()
            self._process.communicate()

    def ask(self, request: object) -> Mapping[str, Any]:
        """Return the worker's answer.

        Raises:
            UserError: It ended; what it printed says why.
        """
        if self._process is None or self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("Worker.ask needs its context: `with Worker(command) as worker`.")
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise UserError(f"{' '.join(self._command[:3])} ended without an answer: the lines above say why.")
        answer: Mapping[str, Any] = json.loads(line)
        return answer
