"""Step in: a supervisor changes somebody's status, with a reason the agent reads."""

from datetime import datetime
from uuid import UUID

from polyphony.domain.errors import Invalid
from polyphony.domain.event import Actor
from polyphony.domain.move import By
from polyphony.domain.notice import NewNotice, NoticeKind
from polyphony.flows import attend
from polyphony.flows.attend import Doer, Wish
from polyphony.flows.carry_out import Staff
from polyphony.flows.notify import notify
from polyphony.store.database import Session


async def step_in(session: Session, agent: UUID, wish: Wish, staff: Staff, at: datetime) -> None:
    """Set somebody's status over his head; who, from what, to what and why stand on the log.

    Raises Invalid ``presence.reason_needed`` without a reason, else as ``attend.choose``.
    """
    reason = (wish.reason or "").strip()
    if not reason:
        raise Invalid("presence.reason_needed")
    actor = Actor("person", staff.id, staff.cid)
    await attend.choose(session, agent, wish, at, Doer(actor, By.SUPERVISOR))
    if agent != staff.id:
        kind = NoticeKind.PRESENCE_CHANGED
        await notify(session, [NewNotice(agent, kind, from_name=staff.name, text=reason)], at)
