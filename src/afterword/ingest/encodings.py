"""Bodies that come compressed: they are read as if they had come plain, up to the same size."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

from afterword.ingest.acceptance import Refusal
from afterword.ingest.metrics import Refused

CONTENT_ENCODING = b"content-encoding"
PLAIN = (b"", b"identity")
GZIP = (b"gzip", b"x-gzip")
GZIP_WINDOW = zlib.MAX_WBITS | 16
"""How zlib is told that a gzip header comes first."""
BROKEN = "The body says that it is compressed with gzip, and cannot be decompressed."


def decode_body(body: bytes, headers: Mapping[bytes, bytes], *, bytes_max: int) -> bytes:
    """The body as it was before it was compressed. Raises Refusal: 415, 400, and 413 beyond `bytes_max`."""
    encoding = headers.get(CONTENT_ENCODING, b"").strip().lower()
    if encoding in PLAIN:
        return body
    if encoding not in GZIP:
        name = encoding.decode("latin-1")[:32]
        text = f"Bodies are read plain or compressed with gzip, not with {name!r}."
        raise Refusal(Refused.BODY, 415, text, headers=[(b"accept-encoding", b"gzip")])
    return _inflate(body, bytes_max)


def _inflate(body: bytes, bytes_max: int) -> bytes:
    inflater = zlib.decompressobj(GZIP_WINDOW)
    try:
        inflated = inflater.decompress(body, bytes_max + 1)
    except zlib.error as error:
        raise Refusal(Refused.BODY, 400, BROKEN) from error
    if len(inflated) > bytes_max:
        raise Refusal(Refused.SIZE, 413, f"A body may have at most {bytes_max} bytes, also decompressed.")
    # More files behind the first are allowed, too, and sent by nobody: thousands of them would take long.
    if not inflater.eof or inflater.unused_data:
        raise Refusal(Refused.BODY, 400, BROKEN)
    return inflated
