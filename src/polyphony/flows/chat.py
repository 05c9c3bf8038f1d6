"""Chat: a visitor's lines, ticks, files and tickets; what his own screen shows of the matter."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote
from uuid import UUID

import orjson

from polyphony.domain import chat, chat_words, reference
from polyphony.domain.case import CaseState
from polyphony.domain.errors import Invalid, NotFound
from polyphony.domain.event import Actor
from polyphony.domain.service_hours import service_hours, to_datetime, to_ms
from polyphony.flows import elsewhere, expect
from polyphony.flows.announce import announce
from polyphony.flows.call_back import shown
from polyphony.flows.expect import Place, at_the_door
from polyphony.flows.greet import principal
from polyphony.flows.rate import ratable
from polyphony.store import arrivals, callbacks, chat_cases, chat_lines, feed
from polyphony.store import chat as chats
from polyphony.store.arrivals import NewArrival
from polyphony.store.chat import ChatAccount, ChatSession, Upload
from polyphony.store.chat_cases import ChatCase
from polyphony.store.chat_lines import Ticks, Wanted
from polyphony.store.database import Session
from polyphony.store.keys import key, keys

POSITION_MAX = 2**62


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a visitor as it is kept: raw, once per key."""

    account_id: UUID
    key: str
    body: bytes
    at: datetime


async def keep(session: Session, batch: Sequence[Line]) -> list[UUID]:
    """Keep many lines in one statement; a repeated one answers with the id it had before."""
    first: dict[tuple[UUID, str], Line] = {}
    for one in batch:
        first.setdefault((one.account_id, one.key), one)
    ids = keys(batch[0].at, len(first)) if batch else []
    kept = await arrivals.keep(
        session,
        [
            NewArrival(id_, one.account_id, one.key, one.body, None, len(one.body), one.at)
            for id_, one in zip(ids, first.values(), strict=True)
        ],
    )
    return [kept[(one.account_id, one.key)][0] for one in batch]


def kept_at(arrival: UUID) -> datetime:
    """Return the moment a line was kept first, as its id tells: the same for every repeat."""
    return to_datetime(arrival.int >> 80)


def line(who: ChatSession, said: chat.Said, files: Sequence[Upload], at: datetime) -> Line:
    """Return the arrival: what was said, by whom, and what is proved of him."""
    email = who.email or who.email_claimed
    body: dict[str, object] = {
        "v": 1,
        "key": who.key,
        "cid": said.cid,
        "session": who.id,
        "text": said.text,
        "name": who.name or _unnamed(who),
        "level": max(1, who.assurance),
        "language": who.language or "",
        "page": who.page or "",
        "at": at,
    }
    if email:
        body |= {"email": email, "email_level": chat.PROVED_NOW if who.email else 0}
    if said.case:
        body["case"] = said.case
    if said.matter and not said.case:
        body["matter"] = said.matter
    if who.attributes:
        body["attributes"] = who.attributes
    if files:
        body["files"] = [
            {"sha256": f.sha256, "name": f.name, "media_type": f.media_type, "size": f.size}
            for f in files
        ]
    return Line(who.account_id, f"{who.key}:{said.cid}", orjson.dumps(body), at)


def _unnamed(who: ChatSession) -> str:
    return chat_words.visitor(who.language or "", who.id.hex[-4:])


async def uploads_of(session: Session, who: ChatSession, ids: Sequence[UUID]) -> list[Upload]:
    """Return the visitor's own uploads; raise Invalid when one is unknown."""
    found = await chats.uploads(session, principal(who.id), ids)
    if len(found) != len(ids):
        raise Invalid("chat.files", {"unknown": len(ids) - len(found)})
    return found


async def add_upload(session: Session, who: ChatSession, upload: Upload, at: datetime) -> None:
    """Note a stored file as this visitor's upload."""
    await chats.add_upload(session, principal(who.id), upload, at)


async def note_ticks(
    session: Session, who: ChatSession, body: Mapping[str, object], at: datetime
) -> None:
    """Take what the widget received and showed; our answers rise along the ladder, never fall.

    With a ``case`` only its own answers count as read: what waits in another stays unread.
    """
    case = case_id(body.get("case")) if body.get("case") is not None else None
    ticks = Ticks(_position(body.get("delivered")), _position(body.get("read")), case)
    await chat_lines.note_ticks(session, who, ticks, at)
    raised = await chat_lines.raise_deliveries(session, who, ticks, at)
    await announce(
        session,
        actor=Actor("customer", who.identity_id, name=who.name),
        messages=sorted(one.message_id for one in raised),
    )


def case_id(value: object) -> UUID:
    """Return the id of a Case as a widget names it; raise NotFound when it is none."""
    try:
        return UUID(str(value))
    except ValueError:
        raise NotFound("chat.case") from None


async def read_so_far(session: Session, case_id: UUID) -> int:
    """Return how far any of us has read a Case."""
    return await chat_lines.staff_position(session, case_id)


async def staff_read(session: Session, case_id: UUID, before: int, upto: int) -> None:
    """Tell the customers' own screens that one of us has read their lines up to a position."""
    if upto <= before:
        return
    await announce(
        session,
        actor=Actor("system"),
        chat_messages=sorted(await chat_lines.newly_read(session, case_id, before, upto)),
    )


def _position(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | None):
        raise Invalid("chat.position")
    if value is not None and not 0 <= value <= POSITION_MAX:
        raise Invalid("chat.position")
    return value or 0


@dataclass(frozen=True, slots=True)
class Screen:
    """What the widget shows when it opens: matters, lines, who answers, our hours, the wait.

    ``cursor`` is the place in the log; ``wait`` what a newcomer would wait now, None = unknown.
    """

    cursor: str
    cases: Sequence[Mapping[str, object]]
    messages: Sequence[Mapping[str, object]]
    agent: str
    hours: Mapping[str, object]
    wait: Mapping[str, object] | None


async def screen(session: Session, who: ChatSession, account: ChatAccount, at: datetime) -> Screen:
    """Return what the visitor may see; the cursor is taken first, so nothing falls between."""
    edge = await feed.horizon(session)
    listed = await matters(session, who, at)
    messages = await chat_lines.history(session, who)
    agent, _, _ = await chats.agent_of(session, who)
    open_ = await hours(session, account, at)
    wait = await at_the_door(session, account.id, at)
    if not open_["open"] and wait is not None and wait.outage is None:
        wait = None
    return Screen(str(edge.cursor), listed, messages, agent, open_, wait.shown() if wait else None)


async def matters(
    session: Session, who: ChatSession, at: datetime
) -> Sequence[Mapping[str, object]]:
    """Return the visitor's own matters, the one spoken of last first; what he is told is kept."""
    listed = await chat_cases.listed(session, who)
    stands = await expect.waits(session, [who.identity_id], at) if listed else {}
    await expect.keep(session, stands, at)
    places = {case: one.place for (_, case), one in stands.items()}
    asked = await callbacks.of_visitors(session, [who.identity_id]) if listed else []
    back = {one.case_id: shown(one) for one in asked}
    return [{**_matter(one, places.get(one.id)), "callback": back.get(one.id)} for one in listed]


def _matter(one: ChatCase, place: Place | None) -> Mapping[str, object]:
    """A matter as its customer may know it: his own words, never our title or our notes."""
    return {
        "id": one.id,
        "reference": reference.shown(one.reference),
        "state": "done" if one.state in (CaseState.SOLVED, CaseState.CLOSED) else "open",
        "title": next((row for row in one.title.splitlines() if row.strip()), "")[:120],
        "last": {
            "text": one.last_text,
            "from": {"in": "me", "out": "agent"}.get(one.last_from, ""),
            "at": one.last_at,
        },
        "unread": one.unread,
        "read": one.read,
        "agent": one.agent,
        "wait": place.shown() if place else None,
        "ratable": ratable(one),
        "score": one.score,
    }


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lines a widget asks for: behind or before a position, of one Case or of all."""

    after: object = None
    before: object = None
    case: object = None


async def lines_after(
    session: Session, who: ChatSession, asked: Asked
) -> tuple[Sequence[Mapping[str, object]], str, str]:
    """Return the lines asked for, who answers, and the place in the log."""
    wanted = Wanted(
        case=case_id(asked.case) if asked.case else None,
        after=_number(asked.after) or 0,
        before=_number(asked.before),
    )
    edge = await feed.horizon(session)
    messages = await chat_lines.history(session, who, wanted)
    agent, _, _ = await chats.agent_of(session, who)
    return messages, agent, str(edge.cursor)


async def owns(session: Session, who: ChatSession, case: UUID) -> bool:
    """Tell whether a Case is one of the visitor's own."""
    return await chat_lines.owns(session, who, case)


def _number(value: object) -> int | None:
    return _position(int(value)) if isinstance(value, str) and value.isdecimal() else None


async def hours(session: Session, account: ChatAccount, at: datetime) -> Mapping[str, object]:
    """Say whether somebody is here now, else when the next one comes."""
    calendar = await chats.calendar(session, account.calendar_id)
    known = service_hours(
        calendar.zone,
        calendar.frames,
        calendar.exceptions,
        always=calendar.always,
        country=calendar.country,
        worked=calendar.worked,
    )
    now = to_ms(at)
    if known.is_open(now):
        return {"open": True, "opens_at": None}
    opens = known.opens(now)
    return {"open": False, "opens_at": None if opens is None else to_datetime(opens).isoformat()}


def look(account: ChatAccount) -> dict[str, object]:
    """Return the settings a page may know; never a secret, never an origin."""
    shown = ("title", "greeting", "color", "position", "theme", "launcher")
    found = {name: account.settings[name] for name in shown if account.settings.get(name)}
    if account.brand is not None:
        found = {"title": account.brand, "color": account.brand_colour, **found}
    if account.logo_sha256 is not None:
        mark = quote(account.address, safe="")
        found["logo"] = f"v1/chat/logo?key={mark}&v={account.logo_sha256[:12]}"
    return {
        **found,
        "language": account.language,
        "mail": account.mail_account is not None,
        "link": elsewhere.may_open(account),
    }


async def ticket(session: Session, who: ChatSession, at: datetime) -> str:
    """Return a ticket for one socket: single use, at most 30 seconds."""
    drawn = secrets.token_urlsafe(32)
    await feed.add_ticket(
        session,
        hashlib.sha256(drawn.encode()).digest(),
        feed.Ticket(principal(who.id), who.id),
        at,
        at + timedelta(seconds=chat.TICKET_S),
    )
    return drawn


async def file_of(session: Session, who: ChatSession, file_id: object) -> Upload:
    """Return a file of the visitor's own chats; NotFound hides every other."""
    try:
        found = await chats.file_of(session, who, UUID(str(file_id)))
    except ValueError:
        found = None
    if found is None:
        raise NotFound("chat.file")
    return found


def new_upload(sha256: str, name: object, media_type: str, size: int, at: datetime) -> Upload:
    """Return a stored file as an upload; the name is a label without a path."""
    shown = chat.label(name, 255).replace("\\", "/").rpartition("/")[2]
    plain = media_type.partition(";")[0].strip().lower()[:100]
    kind = plain if plain.isascii() and plain.count("/") == 1 else "application/octet-stream"
    return Upload(key(at), sha256, shown or "file", kind, size)


async def end(session: Session, who: ChatSession, at: datetime) -> None:
    """Let the visitor go: his leaving is kept like a line, his bearer opens nothing any more."""
    gone: list[Line] = []
    for talk in await chats.open_talks(session, who):
        left = key(at)
        body: dict[str, object] = {"v": 1, "key": who.key, "cid": left, "what": "leave", "at": at}
        body |= {"name": who.name or _unnamed(who), "case": talk}
        gone.append(Line(who.account_id, f"{who.key}:{left}", orjson.dumps(body), at))
    if gone:
        await keep(session, gone)
    await chats.end(session, who.id, at)
