"""Note: a line for colleagues only; it names some, asks one for advice, or is whispered to one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.domain.errors import Conflict, Forbidden, Invalid
from polyphony.domain.notice import NewNotice, NoticeKind
from polyphony.domain.permission import CaseFacts
from polyphony.domain.reply import TEXT_MAX
from polyphony.flows import draft, notify
from polyphony.flows.carry_out import Matter, Staff, lock
from polyphony.flows.reply.send import Written
from polyphony.store import followers, inbox, messages
from polyphony.store.database import Session
from polyphony.store.drafts import Place
from polyphony.store.keys import key
from polyphony.store.messages import MessageRow


@dataclass(frozen=True, slots=True)
class Mention:
    """Whom a note names: a person, or a department (all its members)."""

    kind: str
    id: UUID


@dataclass(frozen=True, slots=True)
class Note:
    """What colleagues should know.

    ``consult`` asks one colleague for advice: the lines of the two are a thread beside the matter.
    ``whisper`` makes it a line only that person, its author and the department's supervisors hear.
    """

    case: UUID
    text: str
    cid: UUID
    mentions: Sequence[Mention] = ()
    consult: UUID | None = None
    whisper: UUID | None = None


async def note(session: Session, wish: Note, staff: Staff, at: datetime) -> Written:
    """Write a note and tell whom it concerns.

    Raises Invalid when it is empty, too long or names somebody who does not see the Case;
    Forbidden when neither side of a whisper leads the department.
    """
    if not wish.text.strip() or len(wish.text) > TEXT_MAX:
        raise Invalid("note.length", {"field": "text", "max": TEXT_MAX})
    matter = await lock(session, [wish.case], at)
    before = await messages.by_cid(session, staff.id, wish.cid)
    if before is not None:
        return Written(before, wish.case, new=False)
    facts = (await inbox.facts(session, [wish.case]))[wish.case]
    await _whisperers(session, wish, staff, facts)
    heard, said = await _named(session, wish, staff, facts)
    line = await _write(session, matter, wish, staff, said)
    await notify.notify(
        session,
        [
            NewNotice(one, kind, wish.case, line.id, staff.name, wish.text)
            for one, kind in heard.items()
        ],
        at,
        staff.actor,
    )
    return Written(line.id, wish.case)


async def _whisperers(session: Session, wish: Note, staff: Staff, facts: CaseFacts) -> None:
    if wish.whisper is None:
        return
    if wish.mentions or wish.consult is not None:
        raise Invalid("note.whisper_names", {"field": "mentions"})
    if {staff.id, wish.whisper}.isdisjoint(await notify.leads_of(session, facts)):
        raise Forbidden("note.whisper", {"needs": ["supervisor"]})


async def _named(
    session: Session, wish: Note, staff: Staff, facts: CaseFacts
) -> tuple[dict[UUID, NoticeKind], dict[str, object]]:
    """Return who is told and why, and what the line remembers of it."""
    persons = [one.id for one in wish.mentions if one.kind == "person"]
    persons += [one for one in (wish.consult, wish.whisper) if one is not None]
    lookers = await notify.lookers(session, persons, facts)
    blind = sorted(str(one) for one in persons if not lookers.get(one, False))
    if blind:
        raise Invalid("note.names_unseen", {"field": "mentions", "people": blind})
    heard = dict.fromkeys(persons, NoticeKind.MENTION)
    for one in wish.mentions:  # one by one: a note names few departments
        if one.kind == "department":
            everybody = await followers.members(session, one.id)
            heard |= dict.fromkeys(everybody, NoticeKind.MENTION)
    if wish.whisper is not None:
        heard[wish.whisper] = NoticeKind.WHISPER
    heard.pop(staff.id, None)
    return heard, await _facts(session, wish)


async def _facts(session: Session, wish: Note) -> dict[str, object]:
    ids = [one.id for one in wish.mentions]
    ids += [one for one in (wish.consult, wish.whisper) if one is not None]
    names = await followers.names(session, ids)
    unknown = sorted(str(one) for one in ids if one not in names)
    if unknown:
        raise Invalid("note.names_unknown", {"field": "mentions", "ids": unknown})
    facts: dict[str, object] = {}
    if wish.mentions:
        facts["mentions"] = [
            {"kind": one.kind, "id": str(one.id), "name": names[one.id]} for one in wish.mentions
        ]
    if wish.consult is not None:
        facts["consult"] = {"with": str(wish.consult), "name": names[wish.consult]}
    if wish.whisper is not None:
        facts |= {"whisper_to": str(wish.whisper), "whisper_name": names[wish.whisper]}
    return facts


async def _write(
    session: Session, matter: Matter, wish: Note, staff: Staff, facts: dict[str, object]
) -> MessageRow:
    strips = matter.of(wish.case)
    if not strips:
        raise Conflict("note.no_interaction")
    line = MessageRow(
        id=key(matter.at),
        interaction_id=strips[-1].id,
        position=(await messages.positions(session, 1))[0],
        kind="note",
        author_kind="person",
        author_id=staff.id,
        author_name=staff.name,
        at=matter.at,
        cid=wish.cid,
        text=wish.text,
        facts=facts,
    )
    await messages.add(session, [line])
    if wish.whisper is None:  # nobody else learns that something was said
        case = matter.cases[wish.case]
        case.last_item, case.last_at = line.position, matter.at
        matter.changed.add(case.id)
    matter.types["message"] = "message.noted"
    await matter.keep(session, staff.actor, [line.id])
    await draft.drop(session, Place(wish.case, staff.id, "note"))
    return line
