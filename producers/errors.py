"""What stops a producer."""


class PublishError(Exception):
    """Kafka doesn't take or give what it should; the message is one sentence.

    The stage stops: the feeds' states say what is published, so a new start goes on where this one ended.
    """


class StalledError(PublishError):
    """The process stood still for so long that others have its feeds now; a new start joins them."""
