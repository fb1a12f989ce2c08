"""What goes wrong in a processor, beside what its clients raise."""


class OutputTooLargeError(Exception):
    """A record's outputs are larger than Kafka takes: the record becomes a dead letter."""


class WorkerStalledError(Exception):
    """The process stood still for longer than its session lasts: its partitions may be another's by now."""


class RecordsMissingError(Exception):
    """Records of a partition were never handed over to the stage, though they stand in Kafka."""


class ClosedRecordMissingError(Exception):
    """A closed incident's record isn't where it was put away."""
