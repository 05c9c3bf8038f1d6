"""Way: an answer by another channel: the Interaction by it is found in the Case, or begun."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from polyphony.domain.door import Way, judge
from polyphony.domain.errors import Conflict, Invalid
from polyphony.domain.event import Actor
from polyphony.flows.announce import announce
from polyphony.flows.carry_out import Matter, Staff, lock
from polyphony.store import cases, doors, dossier, interactions, messages
from polyphony.store.cases import Participant
from polyphony.store.database import Session
from polyphony.store.doors import DoorRow
from polyphony.store.interactions import InteractionRow
from polyphony.store.keys import key

REASON_MAX = 300


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which way somebody chose, and why not the one the customer used last."""

    case: UUID
    account: UUID
    identity: UUID
    reason: str = ""


def way_of(row: DoorRow) -> Way:
    """Return what the decision must know of a way."""
    return Way(
        kind=row.channel_kind,
        account_state=row.account_state,
        address_state=row.identity_state,
        level=row.level,
        participant=row.participant,
        live=row.live,
        stretch=row.state,
        last_in_at=row.last_in_at,
    )


async def by_way(session: Session, chosen: Chosen, staff: Staff, at: datetime) -> UUID:
    """Return the Interaction of a way, begun in the same Case when there is none.

    Raises Conflict ``reply.<why>`` when the way is shut, Invalid ``reply.reason_needed`` when it
    is another channel than the customer's last and nobody has said why yet.
    """
    matter = await lock(session, [chosen.case], at)
    found = [
        one
        for one in await doors.of_case(session, chosen.case)
        if (one.account_id, one.identity_id) == (chosen.account, chosen.identity)
    ]
    if not found:
        raise Conflict("reply.no_way")
    judged = judge(way_of(found[0]))
    if not judged.allowed:
        raise Conflict("reply." + judged.why)
    await _reason(session, chosen, found[0])
    open_ = found[0].interaction_id is not None and found[0].state != "ended"
    if found[0].interaction_id is not None and open_:
        return found[0].interaction_id
    return (await begin(session, matter, found[0], staff.actor)).id


async def _reason(session: Session, chosen: Chosen, row: DoorRow) -> None:
    """Demand a reason once for each channel that is not the customer's last."""
    last = await dossier.reply_to(session, chosen.case)
    if last is None or last.channel_kind == row.channel_kind or chosen.reason.strip():
        return
    if not await messages.explained(session, chosen.case, row.channel_kind):
        facts = {"field": "reason", "last": last.channel_kind, "max": REASON_MAX}
        raise Invalid("reply.reason_needed", facts)


async def begin(
    session: Session, matter: Matter, row: DoorRow, actor: Actor
) -> InteractionRow:  # fmt: skip
    """Begin an Interaction by a way in the one Case of a matter: whoever acts answers by it."""
    case = next(iter(matter.cases.values()))
    begun = InteractionRow(
        id=key(matter.at),
        case_id=case.id,
        channel_kind=row.channel_kind,
        account_id=row.account_id,
        identity_id=row.identity_id,
        record_id=row.record_id,
        thread_key="",
        direction="out",
        mode="async",
        state="quiet",
        language=case.language,
        subject=case.title,
        agent_id=actor.id if actor.kind == "person" else None,
        opened_at=matter.at,
        last_in_at=None,
        last_out_at=matter.at,
        first_human_reply_at=None,
        ended_at=None,
        ended_by=None,
    )
    await interactions.add(session, [begun])
    await cases.admit(session, [Participant(case.id, row.identity_id, "written_to", matter.at)])
    types: dict[UUID | str, str] = {begun.id: "interaction.began"}
    await announce(session, actor=actor, types=types, interactions=[begun.id])
    return begun
