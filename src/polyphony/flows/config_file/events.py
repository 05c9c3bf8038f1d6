"""Events: event rules of a file, each by its name; ids of other things are written by name."""

from typing import Any

from polyphony.flows import rule_events
from polyphony.flows.config_file import shape
from polyphony.flows.config_file.names import Names
from polyphony.flows.config_file.shelves import Taking, meant, written
from polyphony.store import event_rules as store
from polyphony.store.database import Session


async def event_rules(session: Session, names: Names) -> dict[str, shape.EventRule]:
    """Write the set in force, in its order."""
    _, lines = await store.lines(session)
    return {str(one["id"]): _shaped(one, names) for one in lines}


def _shaped(line: dict[str, Any], names: Names) -> shape.EventRule:
    told = {name: line[name] for name in ("on", "when", "active") if name in line}
    return shape.EventRule.model_validate(told | {"do": written(line["do"], names)})


async def event_rule(take: Taking, name: str, one: shape.EventRule) -> None:
    """Take in one rule: in the place of the one of its name, else after all others."""
    version, lines = await store.lines(take.session)
    line = {"id": name, **one.model_dump(mode="json"), "do": meant(one.do, take.names)}
    there = [number for number, known in enumerate(lines) if known["id"] == name]
    wanted = [*lines]
    wanted[there[0] if there else len(lines) : (there[0] + 1) if there else len(lines)] = [line]
    await rule_events.set_rules(take.session, wanted, version, take.actor, how="import")
