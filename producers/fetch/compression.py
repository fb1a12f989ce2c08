"""Decompressing an answer piece by piece, never past a limit: a few kilobytes may stand for gigabytes."""

import zlib
from collections.abc import Iterator
from typing import Protocol

import brotli  # type: ignore[import-untyped]  # publishes no types
from backports import zstd

ACCEPTED = "gzip, deflate, br, zstd"
"""What `Accept-Encoding` offers."""
PIECE_BYTES = 262_144
"""Most that one step decompresses to."""
ZLIB_OR_GZIP = 47
"""Window bits by which zlib finds out which of the two headers there is."""
RAW_DEFLATE = -15


class CompressionError(ValueError):
    """The body isn't compressed as its header says, or broke off."""


class Decompressor(Protocol):
    """Turns compressed pieces into plain ones."""

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Yield what the data stands for, at most `PIECE_BYTES` at a time.

        Raises:
            CompressionError: It isn't compressed so.
        """

    def finish(self) -> None:
        """Check that the compressed body is complete.

        Raises:
            CompressionError: It isn't.
        """


def decompressor(content_encoding: str | None) -> Decompressor:
    """Return what undoes a `Content-Encoding`.

    Raises:
        CompressionError: It is one that nobody asked for.
    """
    match (content_encoding or "identity").strip().lower():
        case "identity" | "":
            return _Identity()
        case "gzip" | "x-gzip" | "deflate":
            return _Zlib()
        case "br":
            return _Brotli()
        case "zstd":
            return _Zstd()
        case other:
            raise CompressionError(f"compressed as {other[:40]!r}")


class _Identity:
    def pieces(self, data: bytes) -> Iterator[bytes]:
        yield data

    def finish(self) -> None:
        """Do nothing: a plain body is as long as it is."""


class _Zlib:
    """gzip in any number of members, zlib, and the bare deflate that some servers send under that name."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(ZLIB_OR_GZIP)
        self._began = False

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._stream.eof:
                self._stream = zlib.decompressobj(ZLIB_OR_GZIP)
            plain = self._step(data)
            data = self._stream.unconsumed_tail or self._stream.unused_data.lstrip(b"\0")
            yield plain

    def _step(self, data: bytes) -> bytes:
        first, self._began = not self._began, True
        try:
            return self._stream.decompress(data, PIECE_BYTES)
        except zlib.error as error:
            if not first:
                raise CompressionError(str(error)) from error
        self._stream = zlib.decompressobj(RAW_DEFLATE)
        try:
            return self._stream.decompress(data, PIECE_BYTES)
        except zlib.error as error:
            raise CompressionError(str(error)) from error

    def finish(self) -> None:
        if not self._stream.eof:
            raise CompressionError("broke off")


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def pieces(self, data: bytes) -> Iterator[bytes]:
        try:
            yield self._stream.process(data, output_buffer_limit=PIECE_BYTES)
            while not self._stream.can_accept_more_data():
                yield self._stream.process(b"", output_buffer_limit=PIECE_BYTES)
        except brotli.error as error:
            raise CompressionError(str(error)) from error

    def finish(self) -> None:
        if not self._stream.is_finished():
            raise CompressionError("broke off")


class _Zstd:
    """One frame or several, one after the other."""

    def __init__(self) -> None:
        self._stream = zstd.ZstdDecompressor()

    def pieces(self, data: bytes) -> Iterator[bytes]:
        try:
            while data or not (self._stream.needs_input or self._stream.eof):
                if self._stream.eof:
                    self._stream = zstd.ZstdDecompressor()
                plain = self._stream.decompress(data, PIECE_BYTES)
                data = self._stream.unused_data if self._stream.eof else b""
                yield plain
        except zstd.ZstdError as error:
            raise CompressionError(str(error)) from error

    def finish(self) -> None:
        if not self._stream.eof:
            raise CompressionError("broke off")
