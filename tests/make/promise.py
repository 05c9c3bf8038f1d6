"""Policies, ladders, and a clock of a Case that climbs one."""

from datetime import timedelta
from uuid import UUID

from psycopg.types.json import Jsonb
from tests.make.moment import AT, new_id

from polyphony.store.database import Session


async def policy(
    session: Session,
    name: str = "Promise",
    *,
    scope: dict[str, list[str]] | None = None,
    rank: int = 0,
    escalation: UUID | None = None,
    on_change: str = "stricter",
    calendar: UUID | None = None,
    **targets: int,
) -> UUID:
    made = new_id()
    await session.execute(
        "INSERT INTO sla_policy (id, name, rank, scope, targets, escalation_id, on_change,"
        " calendar_id) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [
            *(made, name, rank, Jsonb(scope or {})),
            *(Jsonb({f"{one}_s": s for one, s in targets.items()}), escalation, on_change),
            calendar,
        ],
    )
    return made


async def ladder(session: Session, *steps: dict[str, object], name: str = "Late") -> UUID:
    made = new_id()
    await session.execute(
        "INSERT INTO escalation (id, name, steps) VALUES (%s, %s, %s)",
        [made, name, Jsonb(list(steps))],
    )
    return made


async def climbing(
    session: Session,
    case: UUID,
    interaction: UUID,
    calendar: UUID,
    escalation: UUID,
    *,
    target_s: int = 3600,
    rung_s: int = 3600,
    rung: int = 0,
) -> UUID:
    """A clock of the first answer that runs since AT; its next rung is reached after ``rung_s``."""
    made = new_id()
    await session.execute(
        "INSERT INTO sla_clock (id, case_id, interaction_id, type, state, calendar_id, target_ms,"
        " running_since, warn_at, due_at, escalation_id, rung, rung_ms, escalate_at)"
        " VALUES (%s, %s, %s, 'first_response', 'running', %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            *(made, case, interaction, calendar, target_s * 1000, AT),
            *(AT + timedelta(seconds=target_s * 3 // 4), AT + timedelta(seconds=target_s)),
            *(escalation, rung, rung_s * 1000, AT + timedelta(seconds=rung_s)),
        ],
    )
    return made
