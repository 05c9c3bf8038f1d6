"""Staff: how people of the house open a line, which topics they may hold, what rights change."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket

from polyphony.domain.permission import Scope, fingerprint, tags, watches
from polyphony.flows import sign_in
from polyphony.live.entry import Door, Guest, House, origin_in
from polyphony.live.fan import Fan, News
from polyphony.live.line import ENDED, Line
from polyphony.live.socket import serve
from polyphony.store import dossier, inbox, people
from polyphony.store.database import Database, Session
from polyphony.store.feed import Ticket

CASE, VISITOR, ME = "case:", "visitor:", "me"
BOARD, SEALED = "board", "sealed"
PLACES_MAX = 5
"""More departments and Queues than these are fetched in one go."""


@dataclass
class Staff:
    """The staff's door of one process."""

    house: House

    def door(self) -> Door:
        """Return the door as the socket uses it."""
        return Door(self.admit, topics, origin_in(self.house.origins))

    async def stream(self, websocket: WebSocket) -> None:
        """Serve one socket of /v1/stream."""
        await serve(websocket, self.house, self.door())

    async def admit(
        self, session: Session, ticket: Ticket, connection: HTTPConnection
    ) -> Guest | None:
        """Let in who holds a ticket of a living session of his own."""
        kind, _, id_ = ticket.principal.partition(":")
        if kind != "person" or await people.over(session, [ticket.session_id], self.house.now()):
            return None
        token = connection.cookies.get(self.house.cookie)
        if token is not None:
            own = await sign_in.recognise(session, token, self.house.now())
            if own is None or own.id != ticket.session_id:
                return None
        scope = (await people.scopes(session, [UUID(id_)])).get(UUID(id_))
        return None if scope is None else guest_of(scope, ticket.session_id)


def guest_of(scope: Scope, session_id: UUID) -> Guest:
    """Return what a line of a person must know of him."""
    return Guest(scope, tags(scope), session_id, fingerprint(scope))


async def topics(session: Session, scope: Scope, wanted: Collection[str]) -> Collection[str]:
    """Return those of the wanted topics the person may hold: Cases he sees, his own, boards."""
    cases = _ids(wanted, CASE)
    stretches = _ids(wanted, VISITOR)
    of_stretch = await dossier.places(session, scope, "interaction", list(stretches))
    seen = await inbox.visible(session, scope, list(cases))
    found = {topic for id_, topic in cases.items() if id_ in seen}
    found |= {topic for id_, topic in stretches.items() if id_ in of_stretch}
    return found | ({ME} & set(wanted)) | boards(scope, wanted)


def boards(scope: Scope, wanted: Collection[str]) -> set[str]:
    """Return those of the wanted boards the person may watch; sealed work is its members' alone."""
    found = set()
    for topic in wanted:
        prefix, _, rest = topic.partition(":")
        if prefix != BOARD:
            continue
        place, _, sealed = rest.partition(":")
        if watches(scope, place, sealed=sealed == SEALED) and sealed in ("", SEALED):
            found.add(topic)
    return found


def _ids(wanted: Collection[str], prefix: str) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for topic in wanted:
        if topic.startswith(prefix):
            try:
                id_ = UUID(topic.removeprefix(prefix))
            except ValueError:
                continue
            if str(id_) == topic.removeprefix(prefix):
                found[id_] = topic
    return found


@dataclass
class Rights:
    """Applies changes of rights to the open lines, before anything else is sent."""

    database: Database
    fan: Fan

    async def changed(self, changes: Sequence[News]) -> None:
        """Close the lines of ended sessions; recompute the tags of changed people."""
        ended = {c.row.entity_id for c in changes if c.row.type == "sign_in.revoked"}
        for line in tuple(self.fan.lines):
            if line.session_id in ended:
                line.close(ENDED, "session ended")
                self.fan.remove(line)
        persons = Counter(c.row.entity_id for c in changes if c.row.type == "person.grants_changed")
        lines = [line for line in self.fan.lines if line.scope.id in persons]
        await self.refresh(lines, told=persons)

    async def refresh(
        self, lines: Sequence[Line], *, told: Mapping[UUID | None, int] | None = None
    ) -> None:
        """Compare lines with the present rights; reset what changed, close who is out.

        ``told``: how many changes the log tells of each person. Then even who has the same again
        by now is reset: what happened in between was told to others only.
        """
        lines = [line for line in lines if line.scope.kind == "person"]
        if not lines:
            return
        wanted = {line.scope.id for line in lines if line.scope.id is not None}
        async with self.database.reads() as session:
            now = await people.scopes(session, sorted(wanted))
            for line in lines:
                scope = now.get(line.scope.id) if line.scope.id is not None else None
                if scope is None:
                    line.close(ENDED, "account disabled")
                    self.fan.remove(line)
                elif told or fingerprint(scope) != line.grants:
                    once = told is not None and told.get(scope.id) == 1
                    where = changed_places(line.scope, scope) if once else ["all"]
                    await self._regrant(session, line, scope, where)

    async def _regrant(
        self, session: Session, line: Line, scope: Scope, where: Sequence[str]
    ) -> None:
        self.fan.retopic(line, set(await topics(session, scope, line.topics)))
        self.fan.tally['resets_total{reason="grants"}'] += 1
        opened = {topic for topic in line.topics if topic.startswith(CASE)}
        line.scope, line.grants = scope, fingerprint(scope)
        self.fan.retag(line, fixed=tags(scope), opened=opened)
        for one in where:
            line.reset(one, "grants")


def changed_places(before: Scope, now: Scope) -> list[str]:
    """Name what to fetch afresh when rights changed: departments and Queues, or everything.

    Only for a single change. After several, what is the same at the end may have been another in
    between.
    """
    if replace(before, departments=now.departments, queues=now.queues) != now:
        return ["all"]
    found = [f"dept:{one}" for one in before.departments ^ now.departments]
    found += [f"queue:{one}" for one in before.queues ^ now.queues]
    return sorted(found) if 0 < len(found) <= PLACES_MAX else ["all"]
