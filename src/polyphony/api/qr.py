"""QR: a text as the picture a telephone reads, as one path of an SVG."""

import segno

QUIET = 4
"""Modules of white around a code; telephones need it."""


def drawing(text: str) -> dict[str, object]:
    """Return the side of the code in modules, white border included, and its squares as a path."""
    rows = segno.make(text, error="m", micro=False).matrix
    parts = [
        f"M{x + QUIET} {y + QUIET}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
        if dark
    ]
    return {"size": len(rows) + 2 * QUIET, "path": "".join(parts)}
