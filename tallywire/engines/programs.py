"""The engines' programs in the cache directory: Kafka's jars and Elasticsearch's unpacked archive."""

from dataclasses import dataclass
from pathlib import Path

from tallywire.engines.account import Account, shared_directory
from tallywire.engines.artifacts import ELASTICSEARCH_LOCK, KAFKA_LOCK, Artifact, fetch, read_lock, unpack
from tallywire.engines.progress import ProgressCallback

CHECKSUM_DIGITS = 12


@dataclass(frozen=True)
class Programs:
    """What there is to run, and in which versions."""

    kafka_jars: tuple[Path, ...]
    kafka_version: str
    elasticsearch: Path
    elasticsearch_version: str


def unpacked_name(archive: Artifact) -> str:
    """Return the name of an archive's unpacked directory; it tells from which content it was unpacked."""
    return f"{archive.name}-{archive.version}-{archive.sha256[:CHECKSUM_DIGITS]}"


def have_programs(cache: Path, account: Account | None, report: ProgressCallback) -> Programs:
    """Return the programs as the lock files name them, downloading and unpacking what the cache lacks.

    Raises:
        EngineError: Something can't be downloaded, or isn't what the lock names.
    """
    repository = shared_directory(cache / "maven", account, "TALLYWIRE_CACHE_DIR")
    kafka = read_lock(KAFKA_LOCK)
    (archive,) = read_lock(ELASTICSEARCH_LOCK)
    elasticsearch = cache / unpacked_name(archive)
    if elasticsearch.is_dir():
        jars = fetch(kafka, repository, report)
    else:
        zipped, *jars = fetch((archive, *kafka), repository, report)
        unpack(zipped, elasticsearch, report)
        zipped.unlink(missing_ok=True)
    return Programs(tuple(jars), kafka[0].version, elasticsearch, archive.version)
