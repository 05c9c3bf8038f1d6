"""Ninety days of a pretended past: customers, Cases and messages, written by COPY in slices."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from polyphony.simulator.cast import cast
from polyphony.simulator.colleagues import answers
from polyphony.simulator.draws import Draws
from polyphony.simulator.matters import Told, matters
from polyphony.simulator.personas import customer
from polyphony.store.database import Session
from polyphony.store.demo import customers_at, pour
from polyphony.store.keys import keys
from polyphony.store.messages import positions

SLICES = 10
FACES = 5_000
CASES = 12_000
DAYS = 90
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the past happened: department, mailbox and widget, who answered (id, name).

    ``firm_chat`` is the widget in which firms are known (None = the same one).
    """

    department: UUID
    mail: UUID
    chat: UUID
    agents: Sequence[tuple[UUID, str]]
    firm_chat: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Face:
    """One customer of the past with the ids of everything that makes him."""

    key: str
    name: str
    email: str
    language: str
    tier: str
    chats: bool
    firm: bool
    customer: UUID
    record: UUID
    identity: UUID
    chat_identity: UUID


@dataclass(frozen=True, slots=True)
class _Past:
    """One settled Case of the past with its lines (kind, text) and their ids and positions."""

    case: UUID
    interaction: UUID
    face: _Face
    at: datetime
    chat: bool
    told: Told
    agent: tuple[UUID, str]
    lines: Sequence[tuple[UUID, int, str, str]]

    @property
    def end(self) -> datetime:
        """When it was closed."""
        return self.at + (timedelta(minutes=12) if self.chat else timedelta(hours=5))


async def write(
    session: Session, place: Place, draws: Draws, at: datetime, part: tuple[int, Sequence[str]]
) -> None:
    """Write one slice of the past: ``part`` is its number and the references of its Cases.

    A slice has its own customers, so that it can be written without the others.
    """
    number, references = part
    born = at - (DAYS + 1) * _DAY
    faces = list(_faces(draws, number, born))
    await _pour_faces(session, faces, (place, born))
    plan = list(_plan(draws, faces, (number, len(references)), (place, at)))
    count = sum(len(lines) for *_, lines in plan)
    counter = iter(await positions(session, count))
    past = [_with_positions(one, counter) for one in plan]
    await _pour_cases(session, past, references, place)
    await _pour_talks(session, past, place)


def _faces(draws: Draws, number: int, born: datetime) -> Iterator[_Face]:
    if number == 0:
        for who in cast().values():
            for turn in range(1 + len(who.people)):
                name, email = who.as_named(turn)
                tier = "vip" if who.vip else "standard"
                local = email.partition("@")[0]
                chats = "chat" in who.over
                about = (local, name, email, who.language, tier, chats, who.vip)
                yield _Face(*about, *keys(born, 4))
    for turn in range(FACES // SLICES):
        one = customer(draws, number * FACES + turn, "mail.demo.example", 0)
        tier = "vip" if one.persona.vip else "standard"
        chats = any(kind == "chat" for kind, _ in one.persona.channels)
        known = (one.key, one.name, one.email, one.persona.language, tier, chats, False)
        yield _Face(*known, *keys(born, 4))


async def _pour_faces(
    session: Session, faces: Sequence[_Face], where: tuple[Place, datetime]
) -> None:
    place, at = where
    chats = [one for one in faces if one.chats]
    sites = {False: str(place.chat), True: str(place.firm_chat or place.chat)}
    await pour(
        session, "customer", ["id", "name", "language", "tier", "created_at"],
        ((f.customer, f.name, f.language, f.tier, at) for f in faces),
    )  # fmt: skip
    await pour(
        session, "record", ["id", "customer_id", "source", "source_key", "name", "at"],
        ((f.record, f.customer, "email", f.email, f.name, at) for f in faces),
    )  # fmt: skip
    await pour(
        session, "identity", ["id", "kind", "scope", "address", "raw", "first_seen"],
        [(f.identity, "email", "", f.email, f.email, at) for f in faces]
        + [(f.chat_identity, "chat", sites[f.firm], f"u:{f.key}", f.key, at) for f in chats],
    )  # fmt: skip
    await pour(
        session, "identity_use", ["identity_id", "record_id", "role", "level", "method", "since"],
        [(f.identity, f.record, "uses", 1, "from", at) for f in faces]
        + [(f.chat_identity, f.record, "uses", 2, "transport", at) for f in chats],
    )  # fmt: skip


_Planned = tuple[_Past, Sequence[tuple[str, str]]]


def _plan(
    draws: Draws,
    faces: Sequence[_Face],
    part: tuple[int, int],
    where: tuple[Place, datetime],
) -> Iterator[_Planned]:
    (number, count), (place, at) = part, where
    begin = at - DAYS * _DAY
    words = answers()
    for turn in range(count):
        mark = (number, turn)
        moment = begin + (DAYS - 1) * _DAY * (turn / count)
        moment += timedelta(minutes=20 * draws.unit("minute", *mark))
        # Some write often, most hardly ever.
        face = faces[int(len(faces) * draws.unit("past", *mark) ** 2)]
        matter = draws.weighted([(m, m.weight) for m in matters()], "past story", *mark)
        told = matter.told[face.language]
        chat = face.chats and draws.unit("past chat", *mark) < 0.55
        said = words[face.language]["chat" if chat else "bodies"]
        answer = str(draws.pick(said if isinstance(said, list) else [str(said)], "said", *mark))
        lines = [("in", " ".join(told.opening.split()) if chat else told.opening), ("out", answer)]
        if draws.unit("past more", *mark) < 0.4:
            lines += [("in", told.thanks)]
        case, interaction = keys(moment, 2)
        agent = draws.pick(place.agents, "past agent", *mark)
        yield _Past(case, interaction, face, moment, chat, told, agent, ()), lines


def _with_positions(one: _Planned, counter: Iterator[int]) -> _Past:
    past, lines = one
    ids = keys(past.at, len(lines))
    numbered = [
        (id_, next(counter), kind, text) for id_, (kind, text) in zip(ids, lines, strict=True)
    ]
    return _Past(
        past.case, past.interaction, past.face, past.at, past.chat, past.told, past.agent, numbered
    )


async def _pour_cases(
    session: Session, past: Sequence[_Past], references: Sequence[str], place: Place
) -> None:
    await pour(
        session,
        "case_",
        ["id", "reference", "record_id", "department_id", "title", "preview", "state",
         "state_since", "language", "owner_id", "opened_via", "opened_at", "first_solved_at",
         "solved_at", "closed_at", "last_at", "last_item", "last_customer", "last_staff", "demo"],
        (
            (p.case, number, p.face.record, place.department, p.told.subject,
             p.lines[-1][3][:120], "closed", p.end, p.face.language, p.agent[0],
             "chat" if p.chat else "email", p.at, p.end, p.end, p.end, _when(p, len(p.lines) - 1),
             p.lines[-1][1], p.lines[0][1], p.lines[1][1], True)
            for p, number in zip(past, references, strict=True)
        ),
    )  # fmt: skip


def _when(past: _Past, line: int) -> datetime:
    """Return when a line was said: minutes apart in a chat, hours apart by mail."""
    return past.at + line * (timedelta(minutes=3) if past.chat else timedelta(hours=2))


async def _pour_talks(session: Session, past: Sequence[_Past], place: Place) -> None:
    await pour(
        session, "participant", ["case_id", "identity_id", "how", "at"],
        ((p.case, _identity(p), "opened", p.at) for p in past),
    )  # fmt: skip
    await pour(
        session, "interaction",
        ["id", "case_id", "channel_kind", "account_id", "identity_id", "record_id", "thread_key",
         "mode", "state", "language", "subject", "agent_id", "opened_at", "last_in_at",
         "last_out_at", "first_human_reply_at", "ended_at", "ended_by"],
        ((p.interaction, p.case, *_channel(p, place),
          _identity(p), p.face.record, "" if p.chat else f"{p.lines[0][0]}@mail.demo.example",
          "live" if p.chat else "async", "ended", p.face.language, p.told.subject, p.agent[0],
          p.at, _last_in(p), _when(p, 1), _when(p, 1), p.end, "agent") for p in past),
    )  # fmt: skip
    await pour(
        session, "message",
        ["id", "interaction_id", "position", "kind", "author_kind", "author_id", "author_name",
         "identity_id", "text", "subject", "language", "delivery_state", "at"],
        (_row(p, line) for p in past for line in range(len(p.lines))),
    )  # fmt: skip


def _channel(past: _Past, place: Place) -> tuple[str, UUID]:
    return ("chat", place.chat) if past.chat else ("email", place.mail)


def _identity(past: _Past) -> UUID:
    return past.face.chat_identity if past.chat else past.face.identity


def _last_in(past: _Past) -> datetime:
    return _when(past, max(n for n, line in enumerate(past.lines) if line[2] == "in"))


def _row(past: _Past, line: int) -> tuple[object, ...]:
    id_, position, kind, text = past.lines[line]
    ours = kind == "out"
    return (
        id_,
        past.interaction,
        position,
        kind,
        "person" if ours else "customer",
        past.agent[0] if ours else None,
        past.agent[1] if ours else past.face.name,
        _identity(past),
        text,
        "" if past.chat else past.told.subject,
        past.face.language,
        "sent" if ours else None,
        _when(past, line),
    )


async def note(session: Session, at: datetime, author: UUID, words: Mapping[str, str]) -> int:
    """Write notes about members of the cast by their address; return how many."""
    known = await customers_at(session, list(words))
    await pour(
        session, "customer_note", ["id", "customer_id", "author_id", "text", "at"],
        ((*keys(at, 1), known[address], author, text, at)
         for address, text in words.items() if address in known),
    )  # fmt: skip
    return len(known)
