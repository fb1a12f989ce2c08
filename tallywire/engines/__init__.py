"""The local engines: a real Apache Kafka and a real Elasticsearch as child processes, without Docker.

    with start(EngineSettings()) as engines:
        print(engines.bootstrap_servers, engines.elasticsearch_url)

`start` reuses engines that run already, `find` only looks for them.
"""

from tallywire.engines.errors import EngineError
from tallywire.engines.progress import ProgressCallback, ProgressEvent
from tallywire.engines.settings import EngineSettings
from tallywire.engines.supervise import RunningEngines, find, start

__all__ = [
    "EngineError",
    "EngineSettings",
    "ProgressCallback",
    "ProgressEvent",
    "RunningEngines",
    "find",
    "start",
]
