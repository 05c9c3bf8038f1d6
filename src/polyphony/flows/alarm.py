"""Alarm: those who lead are told of what needs them, and say that they took care of it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from polyphony.domain.alert import UNSAID, NewAlert
from polyphony.domain.errors import Conflict, NotFound
from polyphony.domain.event import SYSTEM, Actor
from polyphony.domain.notice import NewNotice, NoticeKind
from polyphony.domain.permission import Scope, sees, supervised
from polyphony.flows.announce import announce
from polyphony.flows.carry_out import Staff
from polyphony.flows.notify import notify
from polyphony.store import alerts, followers, inbox, people
from polyphony.store.alerts import AlertRow
from polyphony.store.database import Session


async def alarm(
    session: Session, wanted: Sequence[NewAlert], at: datetime, actor: Actor = SYSTEM
) -> list[UUID]:
    """Raise alerts that are not raised already, and tell those who lead; return the new ones."""
    made = await alerts.raise_(session, wanted, at)
    if not made:
        return []
    await announce(session, actor=actor, types={"alert": "alert.raised"}, alerts=made)
    fresh = await alerts.of(session, made)
    await notify(session, await _told(session, fresh), at, actor)
    return made


async def _told(session: Session, fresh: Sequence[AlertRow]) -> list[NewNotice]:
    """Write a notice to each lead of the department; kinds with notices of their own are told."""
    said = [one for one in fresh if one.kind not in UNSAID]
    leads = await people.scopes(session, await followers.supervisors(session)) if said else {}
    return [
        NewNotice(lead, NoticeKind.ALERT, one.case_id, from_name=one.name)
        for one in said
        for lead, scope in sorted(leads.items())
        if one.department_id in supervised(scope)
    ]


async def settle(session: Session, id_: UUID, scope: Scope, staff: Staff, at: datetime) -> UUID:
    """Say that one took care of an alert; it is not raised again while it lasts.

    Raises NotFound for what the caller does not lead, or may not see, Conflict when it is over.
    """
    found = await alerts.lock(session, id_)
    if found is None or found.department_id not in supervised(scope):
        raise NotFound("alert")
    if found.case_id is not None:
        facts = (await inbox.facts(session, [found.case_id])).get(found.case_id)
        if facts is None or not sees(scope, facts):
            raise NotFound("alert")
    if found.settled_at is not None or found.gone_at is not None:
        raise Conflict("alert.over")
    await alerts.settle(session, id_, staff.id, at)
    types: dict[UUID | str, str] = {"alert": "alert.settled"}
    await announce(session, actor=staff.actor, types=types, alerts=[id_])
    return id_
