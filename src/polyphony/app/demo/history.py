"""Ninety days of a pretended past: customers, Cases and messages, written by COPY."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from polyphony.simulator.draws import Draws
from polyphony.simulator.personas import Customer, customer
from polyphony.simulator.stories import stories
from polyphony.store.company import Found
from polyphony.store.database import Session
from polyphony.store.demo import pour, skip_positions
from polyphony.store.keys import keys

CASES = 6_000
DAYS = 90
_ANSWER = {
    "en": "Thank you for writing. We have looked into it and it is settled now.",
    "cs": "Děkujeme za zprávu. Podívali jsme se na to a je to vyřízené.",
    "pl": "Dziękujemy za wiadomość. Sprawdziliśmy to i sprawa jest załatwiona.",
    "ru": "Спасибо за сообщение. Мы проверили, вопрос решён.",
}


@dataclass(frozen=True, slots=True)
class _Face:
    """One customer of the past with the ids of everything that makes him."""

    who: Customer
    customer: UUID
    record: UUID
    identity: UUID


@dataclass(frozen=True, slots=True)
class _Past:
    """One settled Case of the past."""

    case: UUID
    interaction: UUID
    asked: UUID
    answered: UUID
    face: _Face
    at: datetime
    title: str
    text: str
    agent: str


async def write(
    session: Session, found: Found, draws: Draws, at: datetime, numbers: Sequence[str]
) -> None:
    """Write the past; ``numbers`` are the references of the Cases, CASES of them."""
    faces = _faces(draws, at - timedelta(days=DAYS + 1))
    await _pour_faces(session, list(faces.values()), at - timedelta(days=DAYS + 1))
    past = list(_past(draws, list(faces.values()), sorted(found.people), at))
    department, queue_account = found.departments["Customer care"], found.accounts["mail"]
    await pour(
        session,
        "case_",
        ["id", "reference", "record_id", "department_id", "title", "preview", "state",
         "state_since", "language", "opened_via", "opened_at", "first_solved_at", "solved_at",
         "closed_at", "last_at", "last_item", "last_customer", "last_staff", "demo"],
        (
            (p.case, number, p.face.record, department, p.title, p.text[:120], "closed",
             p.at + timedelta(hours=3), p.face.who.persona.language, "email", p.at,
             p.at + timedelta(hours=2), p.at + timedelta(hours=2), p.at + timedelta(hours=3),
             p.at + timedelta(hours=2), 2 * n + 2, 2 * n + 1, 2 * n + 2, True)
            for n, (p, number) in enumerate(zip(past, numbers, strict=True))
        ),
    )  # fmt: skip
    await _pour_talks(session, past, queue_account, found)
    # Positions 1 … 2n were given by hand: the sequence must be past them.
    await skip_positions(session, 2 * len(past) + 1)


def _faces(draws: Draws, at: datetime) -> dict[str, _Face]:
    faces: dict[str, _Face] = {}
    for number in range(3_000):
        who = customer(draws, number, "mail.demo.example")
        if who.email not in faces:
            faces[who.email] = _Face(who, *keys(at, 3))
    return faces


async def _pour_faces(session: Session, faces: Sequence[_Face], at: datetime) -> None:
    await pour(
        session, "customer", ["id", "name", "language", "tier", "created_at"],
        ((f.customer, f.who.name, f.who.persona.language, _tier(f), at) for f in faces),
    )  # fmt: skip
    await pour(
        session, "record", ["id", "customer_id", "source", "source_key", "name", "at"],
        ((f.record, f.customer, "email", f.who.email, f.who.name, at) for f in faces),
    )  # fmt: skip
    await pour(
        session, "identity", ["id", "kind", "address", "raw", "first_seen"],
        ((f.identity, "email", f.who.email, f.who.email, at) for f in faces),
    )  # fmt: skip
    await pour(
        session, "identity_use", ["identity_id", "record_id", "role", "level", "method", "since"],
        ((f.identity, f.record, "uses", 1, "from", at) for f in faces),
    )  # fmt: skip


def _tier(face: _Face) -> str:
    return "vip" if face.who.persona.vip else "standard"


def _past(
    draws: Draws, faces: Sequence[_Face], agents: Sequence[str], at: datetime
) -> Iterator[_Past]:
    begin = at - timedelta(days=DAYS)
    for number in range(CASES):
        moment = begin + (DAYS - 1) * timedelta(days=1) * (number / CASES)
        moment += timedelta(minutes=20 * draws.unit("minute", number))
        face = draws.pick(faces, "past", number)
        story = draws.weighted([(s, s.weight) for s in stories()], "past story", number)
        told = story.told[face.who.persona.language]
        case, interaction, asked, answered = keys(moment, 4)
        yield _Past(case, interaction, asked, answered, face, moment, told.subject, told.opening,
                    draws.pick(agents, "past agent", number))  # fmt: skip


async def _pour_talks(session: Session, past: Sequence[_Past], account: UUID, found: Found) -> None:
    await pour(
        session, "participant", ["case_id", "identity_id", "how", "at"],
        ((p.case, p.face.identity, "opened", p.at) for p in past),
    )  # fmt: skip
    await pour(
        session, "interaction",
        ["id", "case_id", "channel_kind", "account_id", "identity_id", "record_id", "thread_key",
         "mode", "state", "language", "subject", "opened_at", "last_in_at", "last_out_at",
         "first_human_reply_at", "ended_at", "ended_by"],
        ((p.interaction, p.case, "email", account, p.face.identity, p.face.record,
          f"{p.asked}@mail.demo.example", "async", "ended", p.face.who.persona.language, p.title,
          p.at, p.at, p.at + timedelta(hours=2), p.at + timedelta(hours=2),
          p.at + timedelta(hours=3), "agent") for p in past),
    )  # fmt: skip
    await pour(
        session, "message",
        ["id", "interaction_id", "position", "kind", "author_kind", "author_id", "author_name",
         "identity_id", "text", "subject", "language", "delivery_state", "at"],
        (row for n, p in enumerate(past) for row in _lines(n, p, found)),
    )  # fmt: skip


def _lines(number: int, past: _Past, found: Found) -> Iterator[tuple[object, ...]]:
    language = past.face.who.persona.language
    yield (
        past.asked,
        past.interaction,
        2 * number + 1,
        "in",
        "customer",
        None,
        past.face.who.name,
        past.face.identity,
        past.text,
        past.title,
        language,
        None,
        past.at,
    )
    yield (
        past.answered,
        past.interaction,
        2 * number + 2,
        "out",
        "person",
        found.people[past.agent],
        past.agent.capitalize(),
        past.face.identity,
        _ANSWER[language],
        past.title,
        language,
        "sent",
        past.at + timedelta(hours=2),
    )
