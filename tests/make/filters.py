"""Facts for filter trees from what screens know of a Case: the same joining the client does."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from polyphony.domain.filter import Facts

OVER = ("done", "cancelled")


def at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def facts_of(case: Mapping[str, Any], work: Sequence[Mapping[str, Any]], read: int = 0) -> Facts:
    live = [one for one in work if one["state"] not in OVER]
    clocks = [
        one["due_at"]
        for one in case["clocks"]
        if one["state"] in ("running", "breached") and one["due_at"]
    ]
    parked = any(one["state"] == "parked" and one["wake_at"] for one in live)
    waits = case["state"] in ("wait_customer", "wait_third_party") and case["due_at"]
    return Facts(
        state=case["state"],
        priority=case["priority"],
        tier=case["customer"]["tier"],
        department=case["department_id"],
        opened_at=at(case["opened_at"]),
        last_at=at(case["last_at"]),
        due_at=min(map(at, clocks)) if clocks else None,
        customer=case["customer"]["id"],
        owner=case["owner_id"],
        language=case["language"],
        queue=frozenset(one["queue_id"] for one in live if one["queue_id"]),
        agent=frozenset(one["agent_id"] for one in live if one["agent_id"]),
        channel=frozenset(case["channels"]),
        tags=frozenset(case["tags"]),
        unread=case["last_customer"] > case["last_staff"] and case["last_customer"] > read,
        help=case["help"] is not None,
        snoozed=bool(parked or waits),
        text=(
            case["title"],
            case["preview"],
            case["customer"]["name"],
            case["reference"],
            case["reference"].replace(" ", ""),
        ),
    )


def facts_from_json(given: Mapping[str, Any]) -> Facts:
    """Facts as the vector file writes them."""
    sets = {name: frozenset(given.get(name, ())) for name in ("queue", "agent", "channel", "tags")}
    moments = {name: at(given.get(name)) for name in ("opened_at", "last_at", "due_at")}
    rest = {name: value for name, value in given.items() if name not in {*sets, *moments}}
    return Facts(**{**rest, **sets, **moments})
