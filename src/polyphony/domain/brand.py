"""Brand: under which name and picture we write; which bytes are a picture browsers show."""

LOGO_MAX = 512 * 1024
"""Bytes a logo may have."""

_MARKS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


def picture_kind(data: bytes) -> str | None:
    """Return the media type of a picture by its first bytes; None when it is none of ours.

    Drawings with scripts in them (SVG) are none: a logo opens on foreign pages.
    """
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for mark, kind in _MARKS if data.startswith(mark)), None)
