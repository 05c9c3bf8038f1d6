"""Show: wallboards are set up, and screens on walls are let in by link and PIN."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from polyphony.domain.errors import Conflict, Forbidden, Invalid, NotFound, RateLimited
from polyphony.domain.permission import HOUSE, Scope, watches
from polyphony.ports import KeyRing
from polyphony.store import boards, changes
from polyphony.store.boards import BoardRow, Knocked, NewLink
from polyphony.store.database import Session

TRIES = 5
LOCKED_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Setter:
    """Who sets a board up."""

    scope: Scope
    id: UUID


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to change of a board; None = it stays."""

    name: str | None = None
    pages: list[Mapping[str, object]] | None = None
    thresholds: dict[str, dict[str, int]] | None = None
    seconds: int | None = None
    language: str | None = None

    def of(self, board: BoardRow) -> BoardRow:
        """Return the board as it is wished."""
        return replace(
            board,
            name=board.name if self.name is None else self.name,
            pages=board.pages if self.pages is None else self.pages,
            thresholds=board.thresholds if self.thresholds is None else self.thresholds,
            seconds=board.seconds if self.seconds is None else self.seconds,
            language=board.language if self.language is None else self.language,
        )


def _watches(scope: Scope, department: UUID | None) -> bool:
    return watches(scope, HOUSE if department is None else str(department))


async def visible(session: Session, scope: Scope) -> list[BoardRow]:
    """Return the boards the actor may watch."""
    return [one for one in await boards.all_of(session) if _watches(scope, one.department_id)]


async def one(session: Session, scope: Scope, id_: UUID, *, lock: bool = False) -> BoardRow:
    """Return a board the actor may watch; else NotFound."""
    found = await boards.one(session, id_, lock=lock)
    if found is None or not _watches(scope, found.department_id):
        raise NotFound("board")
    return found


async def set_up(session: Session, board: BoardRow, by: Setter) -> BoardRow:
    """Add a board; raise Forbidden for a place the actor may not watch."""
    if not _watches(by.scope, board.department_id):
        raise Forbidden("rights.missing", {"needs": ["boards"]})
    if await boards.count(session) >= boards.BOARD_LIMIT:
        raise Conflict("board.too_many", {"most": boards.BOARD_LIMIT})
    await _check(session, board)
    await boards.add(session, board)
    await changes.record(session, "board", board.id, (None, _state(board)), by.id)
    return board


async def change(
    session: Session, id_: UUID, wish: Wish, version: int | None, by: Setter
) -> BoardRow:
    """Change what a board shows; raise Conflict when somebody was faster."""
    before = await one(session, by.scope, id_, lock=True)
    if version is not None and version != before.version:
        raise Conflict("board.changed", {"version": before.version})
    board = wish.of(before)
    await _check(session, board)
    await boards.change(session, board)
    await changes.record(session, "board", id_, (_state(before), _state(board)), by.id)
    return replace(board, version=before.version + 1)


async def take_down(session: Session, id_: UUID, by: Setter) -> None:
    """Remove a board; its links show nothing any more."""
    before = await one(session, by.scope, id_, lock=True)
    await boards.remove(session, id_)
    await changes.record(session, "board", id_, (_state(before), None), by.id)


def _state(board: BoardRow) -> dict[str, object]:
    return {
        "name": board.name,
        "department_id": None if board.department_id is None else str(board.department_id),
        "pages": board.pages,
        "thresholds": board.thresholds,
        "seconds": board.seconds,
        "language": board.language,
    }


async def _check(session: Session, board: BoardRow) -> None:
    """A board names Queues of its own place only."""
    named = sorted({UUID(str(queue)) for page in board.pages for queue in _queues(page)})
    if not named:
        return
    known = {one.id for one in await boards.queue_names(session, board.department_id)}
    strange = [str(one) for one in named if one not in known]
    if strange:
        raise Invalid("board.queue_unknown", {"queues": strange[:20]})


def _queues(page: object) -> list[object]:
    found = page.get("queues") if isinstance(page, dict) else None
    return found if isinstance(found, list) else []


# ── links ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Link:
    """A new link: where it hangs, the PIN, until when."""

    id: UUID
    name: str
    pin: str
    expires_at: datetime | None


async def link(session: Session, board: UUID, new: Link, keys: KeyRing, by: Setter) -> str:
    """Make a link to a board; return its token, which is told only now."""
    await one(session, by.scope, board, lock=True)
    if len(await boards.links(session, board)) >= boards.LINK_LIMIT:
        raise Conflict("board.too_many_links", {"most": boards.LINK_LIMIT})
    token = secrets.token_urlsafe(32)
    mac = keys.mac("board pin", f"{new.id}:{new.pin}")
    kept = NewLink(new.id, board, new.name, hashed(token), mac, new.expires_at, by.id)
    await boards.add_link(session, kept)
    return token


def hashed(token: str) -> bytes:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


@dataclass(frozen=True, slots=True)
class Proof:
    """What a screen shows beside the token: the PIN, or the key it was given for it."""

    pin: str = ""
    key: str = ""


async def let_in(
    session: Session, token: str, proof: Proof, keys: KeyRing, at: datetime
) -> tuple[Knocked, str] | None:
    """Return the link and the key that opens it again; None for a wrong PIN (commit the try).

    Raises NotFound for a token of no link, RateLimited while too many tries were wrong.
    """
    found = await boards.knock(session, hashed(token))
    if found is None or (found.expires_at is not None and found.expires_at <= at):
        raise NotFound("board")
    key = _key(keys, token, found)
    if proof.key and hmac.compare_digest(proof.key.encode(), key.encode()):
        return found, key
    if found.locked_until is not None and found.locked_until > at:
        wait = int((found.locked_until - at).total_seconds()) + 1
        raise RateLimited("rate.too_often", {"after_s": wait, "policy": "board pin"})
    if proof.pin and keys.checks("board pin", f"{found.id}:{proof.pin}", found.pin_mac):
        await boards.tried(session, found.id, 0, None)
        return found, key
    tries = found.tries + 1 if proof.pin else found.tries
    locked = at + LOCKED_FOR if tries >= TRIES else None
    await boards.tried(session, found.id, 0 if locked else tries, locked)
    return None


def _key(keys: KeyRing, token: str, link: Knocked) -> str:
    """The screen's own proof: it dies with the link, and with another PIN."""
    return keys.mac("board screen", f"{token}:{link.id}:{link.pin_mac.hex()}").hex()
