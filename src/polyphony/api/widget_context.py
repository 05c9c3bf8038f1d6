"""Widget context: what the roof hands to the customers' side of web chat."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from starlette.requests import Request

from polyphony.ports import Files, KeyRing
from polyphony.store.database import Database

Say = Callable[[str, str, str, object], None]
"""Topic, kind, from, data: tells fleeting news to sockets."""


@dataclass(frozen=True, slots=True)
class WidgetContext:
    """What the roof hands to the customers' side.

    ``own`` are our own origins (the demo page stands there); ``client`` tells the network address
    of a caller behind trusted proxies; ``say`` spreads fleeting news.
    """

    database: Database
    files: Files
    keys: KeyRing
    now: Callable[[], datetime]
    own: Callable[[], frozenset[str]]
    say: Say
    client: Callable[[Request], str] = field(
        default=lambda request: request.client.host if request.client else ""
    )
