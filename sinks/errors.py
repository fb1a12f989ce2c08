"""What can go wrong outside the records: an engine that's down, not set up, or not ours to use."""


class SinkError(Exception):
    """The sink can't go on; the message is one sentence that says what to do."""


class UnavailableError(SinkError):
    """An engine can't do it now; the same request may succeed later."""


class UnknownIncidentError(SinkError):
    """There is no incident of that id."""
