"""Lines: where a queue names other queues (ladder, related, overflow), by ids and by names."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from polyphony.flows.config_file import queue_shape
from polyphony.flows.config_file.names import Names

Json = dict[str, Any]
LINKS = ("ladder", "related", "overflow_before", "overflow_after")
"""Fields in which other queues may stand: taken in once all queues are there."""


def by_names(row: Mapping[str, Any], names: Names) -> Json:
    """Write the fields of a queue that name others; a queue that is gone is left out."""
    ladder = row["ladder"]
    return {
        "ladder": None if ladder is None else [_rung(one, names) for one in ladder],
        "related": _named(row["related"], names),
        "overflow_before": _rules(row["overflow_before"], names),
        "overflow_after": _rules(row["overflow_after"], names),
    }


def _named(ids: list[str], names: Names) -> list[str]:
    return [name for one in ids if (name := names.of("queues", one))]


def _rung(one: Json, names: Names) -> Json:
    return one | {"add_queue_members": _named(one.get("add_queue_members") or [], names)}


def _rules(given: list[Json], names: Names) -> list[Json]:
    found = []
    for one in given:
        action = dict(one["action"])
        id_ = action.pop("queue_id", None)
        name = names.of("queues", id_)
        if id_ is None or name is not None:
            found.append(one | {"action": action | ({"queue": name} if name else {})})
    return found


def by_ids(one: queue_shape.Queue, ref: Callable[[str, str], UUID | None]) -> Json:
    """Read the fields of a queue that name others; ``ref`` (name, field) knows what they are."""

    def rules(field: str, given: list[queue_shape.Overflow]) -> list[Json]:
        return [rule(field, each) for each in given]

    def rule(field: str, given: queue_shape.Overflow) -> Json:
        said = given.model_dump(exclude_none=True, exclude_defaults=True)
        action: Json = {
            "do": given.action.do,
            **({"text": given.action.text} if given.action.text else {}),
        }
        if given.action.queue is not None:
            action["queue_id"] = str(ref(given.action.queue, field))
        return {"when": given.when, "conditions": said["conditions"], "action": action}

    def rung(given: queue_shape.Rung) -> Json:
        said = given.model_dump(exclude_defaults=True)
        if given.add_queue_members:
            joined = [str(ref(name, "ladder")) for name in given.add_queue_members]
            said["add_queue_members"] = joined
        return said

    return {
        "ladder": None if one.ladder is None else [rung(each) for each in one.ladder],
        "related": [ref(name, "related") for name in one.related],
        "overflow_before": rules("overflow_before", one.overflow_before),
        "overflow_after": rules("overflow_after", one.overflow_after),
    }
