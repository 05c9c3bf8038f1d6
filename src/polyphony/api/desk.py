"""Desk: what all handlers of this process share, and what one call knows about its caller."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated
from uuid import UUID

import orjson
from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, model_validator
from starlette.responses import Response

from polyphony.domain.channel import Manifest
from polyphony.domain.errors import Forbidden, NotFound, RateLimited
from polyphony.domain.event import Actor
from polyphony.domain.permission import Act, Deny, Scope, decide, supervised
from polyphony.flows.carry_out import Staff
from polyphony.flows.sign_in import Caller
from polyphony.ports import Outside
from polyphony.store import dossier, inbox, people
from polyphony.store.database import Database, Session
from polyphony.store.keys import key

Json = dict[str, object]


class In(BaseModel):
    """A body: unknown fields are refused (no mass assignment), text is bounded."""

    model_config = ConfigDict(extra="forbid", str_max_length=500_000)

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, given: object) -> object:
        """Refuse text no database keeps: U+0000 and lone surrogates."""
        if not storable(given):
            raise ValueError("text holds U+0000 or half a character")
        return given


def storable(value: object) -> bool:
    """Tell whether every text in a JSON value can be kept; depth costs no stack."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, str):
            if "\0" in one or any("\ud800" <= char <= "\udfff" for char in one):
                return False
        elif isinstance(one, dict):
            left += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            left += one
    return True


@dataclass
class Pace:
    """Token bucket per principal, in this process: 1,200 a minute, 100 at once."""

    per_s: float = 20.0
    burst: float = 100.0
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)

    def spend(self, who: str) -> int:
        """Take one token; return what is left. Raises RateLimited when there is none."""
        now = time.monotonic()
        left, at = self._left.get(who, (self.burst, now))
        left = min(self.burst, left + (now - at) * self.per_s)
        if left < 1:
            raise RateLimited("rate.too_often", {"after_s": 1, "policy": "default"})
        if len(self._left) > 10_000:
            self._left.clear()
        self._left[who] = (left - 1, now)
        return int(left - 1)


@dataclass
class Desk:
    """The front desk of one web process.

    ``cookie`` is the session cookie's name, ``origins`` are those of our own pages, ``facts`` the
    settings every screen must know (undo_s, offline, demo). ``demo`` acts exist only in the demo.
    """

    database: Database
    outside: Outside
    origins: frozenset[str]
    cookie: str
    secure: bool
    loopback: bool
    build: str
    facts: Mapping[str, object] = field(default_factory=dict)
    manifests: Sequence[Manifest] = ()
    pace: Pace = field(default_factory=Pace)
    ready: Callable[[], Awaitable[Mapping[str, bool]]] | None = None
    address: str = ""
    vitals: Callable[[], Mapping[str, float]] | None = None
    argon: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))

    def now(self) -> datetime:
        """Return this moment."""
        return self.outside.now()


@dataclass
class Call:
    """One request of a signed-in person, inside its transaction."""

    desk: Desk
    session: Session
    signed: people.SignIn
    at: datetime
    caller: Caller
    request_id: str
    language: str
    cid: UUID | None = None
    entity: tuple[str, UUID] | None = None
    facts: Json = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        """The rights of the caller."""
        return self.signed.scope

    @property
    def me(self) -> UUID:
        """The person who calls."""
        if self.signed.scope.id is None:  # pragma: no cover - sessions belong to persons
            raise NotFound("person")
        return self.signed.scope.id

    @property
    def actor(self) -> Actor:
        """The caller as the cause of what follows."""
        return Actor("person", self.me, self.cid)

    @property
    def staff(self) -> Staff:
        """The caller as the flows of Cases know him; rights are checked before."""
        lead = bool(supervised(self.scope))
        return Staff(self.me, self.signed.name, lead, self.cid)

    def key(self) -> UUID:
        """Make a new id of this moment."""
        return key(self.at)

    async def may(self, act: Act, case: UUID) -> None:
        """Check one act on a Case; raise NotFound when it is not visible, Forbidden when denied."""
        facts = (await inbox.facts(self.session, [case])).get(case)
        if facts is None:
            raise NotFound("case")
        require(decide(self.scope, act, facts))

    async def case_of(self, act: Act, table: str, id_: UUID) -> UUID:
        """Return the Case of a thing, checked for one act; NotFound when it is not visible."""
        found = await dossier.places(self.session, self.scope, table, [id_])
        if id_ not in found:
            raise NotFound(table)
        await self.may(act, found[id_])
        return found[id_]


def require(decision: object) -> None:
    """Raise what a denial means."""
    if isinstance(decision, Deny):
        if decision.hidden:
            raise NotFound("case")
        raise Forbidden("rights.missing", {"needs": list(decision.needs)})


async def _call(request: Request) -> Call:
    found: Call = request.state.call
    return found


async def _desk(request: Request) -> Desk:
    found: Desk = request.app.state.desk
    return found


Now = Annotated[Call, Depends(_call)]
"""The call, for handlers of signed-in people."""
AtDesk = Annotated[Desk, Depends(_desk)]
"""The desk, for handlers anybody may call."""


def answer(
    data: object = None, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer with JSON; times in UTC with Z."""
    if data is None:
        return Response(status_code=204, headers=dict(headers or {}))
    return Response(
        orjson.dumps(data, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS),
        status_code=status,
        media_type="application/json",
        headers=dict(headers or {}),
    )
