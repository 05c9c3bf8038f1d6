"""UUIDv7 from the given moment: keys that sort by time and are unique without asking anybody."""

import os
import threading
from datetime import datetime
from uuid import UUID

_SHAPE = (7 << 76) | (2 << 62)
_lock = threading.Lock()
_last = [0]  # the number after the one given last


def key(at: datetime) -> UUID:
    """Return one new key of the moment ``at`` (aware); keys of one process never go back."""
    return keys(at, 1)[0]


def keys(at: datetime, n: int) -> list[UUID]:
    """Return ``n`` new keys of one moment, in ascending order."""
    chance = os.urandom(8 * n)
    first = _reserve(int(at.timestamp() * 1000), n)
    return [
        UUID(
            int=_SHAPE
            | ((first + i) >> 12) << 80
            | ((first + i) & 0xFFF) << 64
            | int.from_bytes(chance[8 * i : 8 * i + 8], "big") >> 2
        )
        for i in range(n)
    ]


def _reserve(ms: int, n: int) -> int:
    """Take ``n`` numbers of 60 bits: the millisecond, then a counter that may run into the next."""
    with _lock:
        start = max(ms << 12, _last[0])
        _last[0] = start + n
        return start
