"""A journal as a file: rules and steps of a run, kept to be lived through by every build."""

import gzip
import json
from base64 import b64decode, b64encode
from dataclasses import astuple
from datetime import datetime
from pathlib import Path

from polyphony.store import journal
from polyphony.store.database import Session
from polyphony.store.journal import Cycle, Rules

FIRST = datetime.fromisoformat("2020-01-01T00:00:00+00:00")


async def kept(session: Session) -> bytes:
    """Return the whole journal of a database as the bytes of a file."""
    steps = [one async for page in journal.cycles(session, FIRST, None) for one in page]
    versions = sorted({one.policy for one in steps})
    rules = await journal.rules(session, versions)
    body = {"rules": [_plain(one) for one in rules], "steps": [_plain(one) for one in steps]}
    return gzip.compress(json.dumps(body).encode(), mtime=0)


def _plain(one: object) -> list[object]:
    return [
        {"b": b64encode(part).decode()} if isinstance(part, bytes)
        else {"t": part.isoformat()} if isinstance(part, datetime) else part
        for part in astuple(one)
    ]  # fmt: skip


def _value(part: object) -> object:
    if not isinstance(part, dict):
        return part
    return b64decode(part["b"]) if "b" in part else datetime.fromisoformat(part["t"])


def read(path: Path) -> tuple[list[Rules], list[Cycle]]:
    """Read rules and steps again."""
    body = json.loads(gzip.decompress(path.read_bytes()))
    return (
        [Rules(*map(_value, one)) for one in body["rules"]],
        [Cycle(*map(_value, one)) for one in body["steps"]],
    )
