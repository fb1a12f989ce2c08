"""Answers in every compression that is accepted, cut off at a limit and refused when they break off."""

import gzip
import zlib

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from producers.fetch.compression import PIECE_BYTES, CompressionError, decompressor


def raw_deflate(data: bytes) -> bytes:
    """Return deflate without the header that the standard asks for."""
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


COMPRESSORS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
    "identity": bytes,
}


@given(st.binary(max_size=5_000), st.sampled_from(sorted(COMPRESSORS)), st.integers(1, 700))
def test_compressed_data_comes_out_as_it_was(data: bytes, name: str, size: int) -> None:
    """Whatever the pieces in which it arrives."""
    packed, stream = COMPRESSORS[name](data), decompressor(name)
    plain = b"".join(
        piece for start in range(0, len(packed), size) for piece in stream.pieces(packed[start : start + size])
    )
    if packed:
        stream.finish()
    assert plain == data


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_several_members_are_one_body(name: str) -> None:
    """Gzip members and zstd frames may follow each other."""
    stream, packed = decompressor(name), COMPRESSORS[name](b"one ") + COMPRESSORS[name](b"two")
    assert b"".join(stream.pieces(packed)) == b"one two"


def test_bare_deflate_is_read() -> None:
    """Some servers leave the header of deflate out."""
    assert b"".join(decompressor("deflate").pieces(raw_deflate(b"text"))) == b"text"


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_bomb_comes_out_in_bounded_pieces(name: str) -> None:
    """A bomb can be left at any piece: none is larger than the limit of a step."""
    packed = COMPRESSORS[name](b"\0" * 20_000_000)
    assert len(packed) < 100_000
    pieces = decompressor(name).pieces(packed)
    assert all(len(next(pieces)) <= 2 * PIECE_BYTES for _ in range(10))


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_broken_data_is_refused(name: str) -> None:
    """What isn't compressed as said, or breaks off, is no body."""
    with pytest.raises(CompressionError):
        list(decompressor(name).pieces(b"<rss>plain text, and enough of it to be sure</rss>" * 20))
    cut = decompressor(name)
    with pytest.raises(CompressionError):  # noqa: PT012 - either step may notice
        list(cut.pieces(COMPRESSORS[name](b"some text")[:-3]))
        cut.finish()


def test_unknown_compression_is_refused() -> None:
    """Nobody asked for it."""
    with pytest.raises(CompressionError):
        decompressor("compress")
