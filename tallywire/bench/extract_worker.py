"""Runs the extractor on articles, as the benchmark of extraction asks."""

import json
import os
import sys
import time

import psutil

from processors.extract import extract
from processors.extract.offline import read_row


def main() -> None:
    """Answer each line, a list of rows, with the CPU seconds that they took and the memory then in use."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    for line in sys.stdin:
        articles = [read_row(row) for row in json.loads(line)]
        started = time.process_time()
        for article in articles:
            extract(article)
        seconds = time.process_time() - started
        answer = {"seconds": seconds, "resident": psutil.Process().memory_info().rss}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
