"""Show promises: what is promised of a Case: clocks with policy and losers, the law, rungs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from polyphony.domain.sla import ClockType
from polyphony.store import clocks, configuration, sla
from polyphony.store.clocks import ClockRow
from polyphony.store.configuration import CALENDAR, ESCALATION, SLA_POLICY
from polyphony.store.database import Session
from polyphony.store.sla import Run, Said

Json = dict[str, Any]
Names = Mapping[str, Json]


async def of_case(session: Session, case: UUID, at: datetime) -> Json:
    """Return everything that is promised of a Case."""
    rows = await clocks.of_cases(session, [case])
    names = {
        str(one["id"]): {"id": one["id"], "name": one["name"]}
        for noun in (SLA_POLICY, ESCALATION, CALENDAR)
        for one in await configuration.all_of(session, noun)
    }
    said = await sla.said(session, case)
    return {
        "clocks": [_clock(row, names) for row in rows if row.state != "cancelled"],
        "hand": _hand(said, names),
        "legal": _legal(said),
        "runs": [_run(one) for one in await sla.runs(session, case)],
        "at": at,
    }


def _clock(row: ClockRow, names: Names) -> Json:
    plain = ("id", "type", "state", "target_ms", "consumed_ms", "running_since", "warn_at")
    legal = row.type == ClockType.LEGAL
    return {name: getattr(row, name) for name in (*plain, "due_at", "done_at", "level")} | {
        "policy": _named(names, row.policy_id),
        "losers": row.losers,
        "calendar": None if legal else _named(names, row.calendar_id),
        "escalation": _named(names, row.escalation_id),
        "escalate_at": row.escalate_at,
    }


def _hand(said: Said | None, names: Names) -> Json | None:
    if said is None or said.policy_id is None:
        return None
    policy = _named(names, said.policy_id) or {"id": said.policy_id, "name": ""}
    return policy | {"reason": said.reason, "by": said.by_name}


def _legal(said: Said | None) -> Json | None:
    if said is None or said.template is None:
        return None
    return {"template": said.template, "due_at": said.due_at, "extended": said.extended}


def _run(run: Run) -> Json:
    plain = ("id", "clock_id", "step", "round", "at", "action", "outcome", "ack_at", "ack_by")
    told = {name: getattr(run, name) for name in plain}
    return told | {"answerable": run.answerable and run.ack_at is None}


def _named(names: Names, id_: UUID | None) -> Json | None:
    return names.get(str(id_)) if id_ else None
