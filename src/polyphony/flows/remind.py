"""Remind: whose planned return is over hears of it, a while later those who lead him."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from polyphony.domain.notice import NewNotice, NoticeKind
from polyphony.domain.presence import RETURN_LATE
from polyphony.flows.notify import leads_over, notify
from polyphony.store import followers, presence
from polyphony.store.database import Session


async def remind(session: Session, at: datetime) -> None:
    """Tell agents that their break is over by their own plan; once each, then their leads once."""
    due = await presence.overdue_returns(session, at, RETURN_LATE)
    if not due:
        return
    told = [NewNotice(agent, NoticeKind.RETURN_DUE) for agent, before in due.items() if not before]
    told += await _to_leads(session, [agent for agent, before in due.items() if before])
    await notify(session, told, at)


async def _to_leads(session: Session, late: Sequence[UUID]) -> list[NewNotice]:
    names = await followers.names(session, late)
    told = []
    for agent, leads in (await leads_over(session, late)).items():
        told += [
            NewNotice(lead, NoticeKind.RETURN_DUE, from_name=names.get(agent, ""))
            for lead in leads
            if lead != agent
        ]
    return told
