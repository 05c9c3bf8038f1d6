"""Link: people tie Cases together, and untie them; both show it."""

from datetime import datetime
from uuid import UUID

from polyphony.domain.errors import Invalid
from polyphony.flows.carry_out import Staff, lock
from polyphony.store import cases
from polyphony.store.cases import Link
from polyphony.store.database import Session

KINDS = ("perhaps", "follows", "duplicate")
"""What people may say; merging and splitting leave links of their own."""


async def link(
    session: Session, case_id: UUID, other_id: UUID, kind: str, staff: Staff, at: datetime
) -> None:
    """Tie one Case to another; raise Invalid for an unknown kind or a Case tied to itself."""
    if kind not in KINDS or case_id == other_id:
        raise Invalid("case.link", {"field": "kind", "known": list(KINDS)})
    matter = await lock(session, [case_id, other_id], at)
    await cases.link(session, [Link(case_id, other_id, kind, at, "person", staff.id)])
    matter.changed |= {case_id, other_id}
    await matter.keep(session, staff.actor)


async def unlink(
    session: Session, case_id: UUID, other_id: UUID, kind: str, staff: Staff, at: datetime
) -> None:
    """Untie two Cases, whichever of them was tied to the other."""
    if kind not in KINDS:
        raise Invalid("case.link", {"field": "kind", "known": list(KINDS)})
    matter = await lock(session, [case_id, other_id], at)
    for one, two in ((case_id, other_id), (other_id, case_id)):
        await cases.unlink(session, one, two, kind)
    matter.changed |= {case_id, other_id}
    await matter.keep(session, staff.actor)
