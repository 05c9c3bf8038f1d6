"""Note: a line for colleagues only; it never leaves by any door."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.domain.errors import Conflict, Invalid
from polyphony.domain.reply import TEXT_MAX
from polyphony.flows import draft
from polyphony.flows.carry_out import Staff, lock
from polyphony.flows.reply.send import Written
from polyphony.store import messages
from polyphony.store.database import Session
from polyphony.store.drafts import Place
from polyphony.store.keys import key
from polyphony.store.messages import MessageRow


@dataclass(frozen=True, slots=True)
class Note:
    """What colleagues should know; ``mentions`` are persons."""

    case: UUID
    text: str
    cid: UUID
    mentions: Sequence[UUID] = ()


async def note(session: Session, wish: Note, staff: Staff, at: datetime) -> Written:
    """Write a note; raise Invalid when it is empty or too long."""
    if not wish.text.strip() or len(wish.text) > TEXT_MAX:
        raise Invalid("note.length", {"field": "text", "max": TEXT_MAX})
    matter = await lock(session, [wish.case], at)
    before = await messages.by_cid(session, staff.id, wish.cid)
    if before is not None:
        return Written(before, wish.case, new=False)
    strips = matter.of(wish.case)
    if not strips:
        raise Conflict("note.no_interaction")
    line = MessageRow(
        id=key(at),
        interaction_id=strips[-1].id,
        position=(await messages.positions(session, 1))[0],
        kind="note",
        author_kind="person",
        author_id=staff.id,
        author_name=staff.name,
        at=at,
        cid=wish.cid,
        text=wish.text,
        facts={"mentions": [str(one) for one in wish.mentions]} if wish.mentions else {},
    )
    await messages.add(session, [line])
    case = matter.cases[wish.case]
    case.last_item, case.last_at = line.position, at
    matter.changed.add(case.id)
    matter.types["message"] = "message.noted"
    await matter.keep(session, staff.actor, [line.id])
    await draft.drop(session, Place(wish.case, staff.id, "note"))
    return Written(line.id, case.id)
