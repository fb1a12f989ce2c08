"""One start of both engines, from nothing to both answering."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from tallywire.engines import elasticsearch, kafka, state
from tallywire.engines.account import Account, shared_directory
from tallywire.engines.errors import EngineError
from tallywire.engines.java import Java, find_java
from tallywire.engines.ports import free_ports, require_free
from tallywire.engines.process import GuardedProcess, Launch, death_notice, interrupts_deferred, spawn
from tallywire.engines.programs import Programs, have_programs
from tallywire.engines.progress import ProgressCallback, ProgressEvent
from tallywire.engines.settings import EngineSettings

LOOK_EVERY_SECONDS = 0.1
ANSWERS: dict[str, Callable[[int], bool]] = {kafka.NAME: kafka.answers, elasticsearch.NAME: elasticsearch.answers}


@dataclass(frozen=True)
class Plans:
    """What both engines are to be."""

    kafka: kafka.KafkaPlan
    elasticsearch: elasticsearch.ElasticsearchPlan


@dataclass(frozen=True)
class Launcher:
    """Starts the engines; each process it starts is in `processes` before anything can interrupt."""

    settings: EngineSettings
    account: Account | None
    progress: ProgressCallback
    processes: list[GuardedProcess]

    def launch(self) -> Plans:
        """Start both engines and wait until they answer; return as what.

        Raises:
            EngineError: They can't be had or don't start.
        """
        settings = self.settings
        cache = shared_directory(settings.cache_dir, self.account, "TALLYWIRE_CACHE_DIR")
        java = find_java(os.environ, self.account, cache, download=settings.java_download)
        plans = make_plans(settings)
        programs = have_programs(cache, self.account, self.progress)
        self._start_both(plans, java, programs)
        self._wait_until_all_answer()
        return plans

    def _start_both(self, plans: Plans, java: Java, programs: Programs) -> None:
        elasticsearch.install(plans.elasticsearch, programs.elasticsearch, self.account)
        kafka.install(plans.kafka, self.account)
        # Elasticsearch first, because it takes longest.
        self._spawn(elasticsearch.server_launch(plans.elasticsearch, java, programs))
        if kafka.needs_format(plans.kafka):
            self._run(kafka.format_launch(plans.kafka, java, programs))
        self._spawn(kafka.server_launch(plans.kafka, java, programs))

    def _spawn(self, launch: Launch) -> GuardedProcess:
        self.progress(ProgressEvent("start", launch.name, 0, 1))
        with interrupts_deferred():
            guarded = spawn(launch, self.account, self.settings.engine_stop_timeout)
            self.processes.append(guarded)
        self._write_state()  # at once, so that the next start after our kill waits for what still stops
        return guarded

    def _run(self, launch: Launch) -> None:
        """Run a program to its end."""
        guarded = self._spawn(launch)
        while (code := guarded.process.poll()) is None:
            time.sleep(LOOK_EVERY_SECONDS / 2)
        if code != 0:
            raise EngineError(death_notice(launch, code))
        with interrupts_deferred():
            self.processes.remove(guarded)
            guarded.lifeline.close()

    def _write_state(self) -> None:
        engines = tuple(state.engine_state(guarded) for guarded in self.processes)
        state.write_state(self.settings.data_dir, state.State(os.getpid(), datetime.now(UTC), engines))

    def _wait_until_all_answer(self) -> None:
        waiting = list(self.processes)
        deadline = time.monotonic() + self.settings.engine_start_timeout
        while waiting:
            time.sleep(LOOK_EVERY_SECONDS)
            for guarded in list(waiting):
                if has_answered(guarded, overdue=time.monotonic() > deadline):
                    waiting.remove(guarded)
                    self.progress(ProgressEvent("start", guarded.launch.name, 1, 1))


def has_answered(guarded: GuardedProcess, *, overdue: bool) -> bool:
    """Return whether an engine answers.

    Raises:
        EngineError: It ended, or it doesn't answer and is overdue.
    """
    launch = guarded.launch
    if (code := guarded.process.poll()) is not None:
        raise EngineError(death_notice(launch, code))
    if ANSWERS[launch.name](launch.port):
        return True
    if overdue:
        raise EngineError(death_notice(launch, None))
    return False


def make_plans(settings: EngineSettings) -> Plans:
    """Return the plans of both engines, with free ports where the settings leave them open.

    Raises:
        EngineError: A port is in use.
    """
    spare = free_ports(4)
    kafka_port = settings.kafka_port or spare[0]
    elasticsearch_port = settings.elasticsearch_port or spare[1]
    require_free(kafka_port, kafka.NAME, "TALLYWIRE_KAFKA_PORT")
    require_free(elasticsearch_port, elasticsearch.NAME, "TALLYWIRE_ELASTICSEARCH_PORT")
    return Plans(
        kafka.KafkaPlan(
            home=settings.data_dir / "kafka",
            port=kafka_port,
            controller_port=spare[2],
            heap_mb=settings.kafka_heap_mb,
            quick_start=settings.engine_quick_start,
        ),
        elasticsearch.ElasticsearchPlan(
            home=settings.data_dir / "elasticsearch",
            port=elasticsearch_port,
            transport_port=spare[3],
            heap_mb=settings.elasticsearch_heap_mb,
            quick_start=settings.engine_quick_start,
        ),
    )
