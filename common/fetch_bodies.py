"""Content encodings, undone piece by piece so that a bomb never unfolds."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING

import brotli
import zstandard

from common.fetch_errors import FetchMalformedError, FetchTooLargeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
PIECE = 64 * 1024
# The largest window that RFC 8878 asks a decoder to support; more is an attack.
ZSTD_WINDOW = 8 * 1024 * 1024
# Small bodies compress without measure (a page of spaces), and harm nobody.
RATIO_FREE = 1024 * 1024


def decode_body(
    wire: bytes,
    encoding: str,
    *,
    max_bytes: int,
    max_ratio: int,
    check_deadline: Callable[[], None],
) -> bytes:
    """Undo the content encoding within the limits."""
    pieces: list[bytes] = []
    size = 0
    try:
        for piece in _pieces(wire, encoding):
            check_deadline()
            size += len(piece)
            if size > max_bytes:
                raise FetchTooLargeError(f"The answer unfolds to more than {max_bytes:,} bytes.")
            if size > RATIO_FREE and size > max_ratio * len(wire):
                raise FetchTooLargeError(
                    f"The answer unfolds to more than {max_ratio} times its size."
                )
            pieces.append(piece)
    except (zlib.error, brotli.error, zstandard.ZstdError, EOFError) as error:
        raise FetchMalformedError(
            f"The answer is not the {encoding} data it says it is."
        ) from error
    return b"".join(pieces)


def _pieces(wire: bytes, encoding: str) -> Iterator[bytes]:
    names = [name.strip().lower() for name in encoding.split(",") if name.strip()]
    names = [name for name in names if name != "identity"]
    if not names or not wire:
        return iter([wire] if wire else [])
    if len(names) > 1:  # nobody stacks encodings but to hide a bomb in a bomb
        raise FetchMalformedError("The answer is encoded more than once.")
    match names[0]:
        case "gzip" | "x-gzip":
            return _inflate(wire, 16 + zlib.MAX_WBITS)
        case "deflate":
            return _inflate(wire, _deflate_bits(wire))
        case "br":
            return _unbrotli(wire)
        case "zstd":
            return _unzstd(wire)
        case unknown:
            raise FetchMalformedError(f"The answer's encoding is unknown: {unknown[:40]}")


def _deflate_bits(wire: bytes) -> int:
    """Tell zlib data from the raw deflate that some servers send under that name."""
    has_zlib_header = (
        len(wire) > 1 and wire[0] & 0x0F == 8 and int.from_bytes(wire[:2], "big") % 31 == 0
    )
    return zlib.MAX_WBITS if has_zlib_header else -zlib.MAX_WBITS


def _inflate(wire: bytes, bits: int) -> Iterator[bytes]:
    rest = wire
    is_first = True
    while rest:
        stream = zlib.decompressobj(bits)
        try:
            while not stream.eof:
                piece = stream.decompress(rest, PIECE)
                rest = stream.unconsumed_tail
                if piece:
                    yield piece
                elif not rest and not stream.eof:
                    raise EOFError
        except zlib.error:
            if is_first:
                raise
            return  # padding after the last member, which gzip says to ignore
        rest = stream.unused_data
        is_first = False
        if bits < zlib.MAX_WBITS + 1:  # only gzip has further members
            return


def _unbrotli(wire: bytes) -> Iterator[bytes]:
    stream = brotli.Decompressor()
    piece = stream.process(wire, output_buffer_limit=PIECE)
    while piece:
        yield piece
        if stream.is_finished():
            return
        piece = stream.process(b"", output_buffer_limit=PIECE)
    if not stream.is_finished():
        raise EOFError


def _unzstd(wire: bytes) -> Iterator[bytes]:
    # Small sips: 4 bytes can stand for a block of 128 KiB.
    sip = 128
    decompressor = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW)
    stream = decompressor.decompressobj()
    with io.BytesIO(wire) as source:
        while chunk := source.read(sip):
            if stream.eof:
                stream = decompressor.decompressobj()
            if piece := stream.decompress(chunk):
                yield piece
            if stream.eof:
                source.seek(-len(stream.unused_data), io.SEEK_CUR)
    if not stream.eof:
        raise EOFError
