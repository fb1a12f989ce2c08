"""What can go wrong with the local engines and is the user's to mend."""


class EngineError(Exception):
    """A local engine can't be had or can't run; the message is a sentence that says what to do."""
