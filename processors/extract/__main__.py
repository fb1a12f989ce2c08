"""`python -m processors.extract < articles.jsonl > incidents.jsonl`."""

import sys

from processors.extract.offline import RowError, main

if __name__ == "__main__":
    try:
        main(sys.stdin)
    except RowError as error:
        sys.exit(str(error))
