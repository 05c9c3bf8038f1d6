"""Apply: compare a file with what is, say the differences, and take them in, all or nothing."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from polyphony.domain.event import Actor
from polyphony.flows.config_file import call_out, promises
from polyphony.flows.config_file.compare import Difference, differences
from polyphony.flows.config_file.events import event_rule
from polyphony.flows.config_file.export import present
from polyphony.flows.config_file.kinds import case_kind
from polyphony.flows.config_file.shelves import STEPS as SHELVES
from polyphony.flows.config_file.shelves import Taking
from polyphony.flows.config_file.text import Read
from polyphony.flows.config_file.work import Work
from polyphony.store.database import Session

STEPS: Mapping[str, Any] = {**SHELVES, "case_kinds": case_kind, "event_rules": event_rule}
"""What takes in the things of sections that need no line of their own."""


async def diff(session: Session, found: Read) -> list[Difference]:
    """Say what taking in a file would change; nothing is changed."""
    return differences(found, await present(session))


async def apply(session: Session, found: Read, at: datetime, actor: Actor) -> list[Difference]:
    """Take a file in within the caller's transaction; raise Faulty and change nothing.

    New accounts have no secrets and new people no password: both are given afterwards.
    """
    now = await present(session)
    told = differences(found, now)
    work = Work(session, found, now.names, at, actor)
    take = Taking(session, now.names, actor, at)
    steps: Mapping[str, Callable[[str, bool], Any]] = {
        "calendars": work.calendar,
        "skills": work.skill,
        "statuses": work.status,
        "brands": work.brand,
        "departments": work.department,
        "queues": work.queue,
        "accounts": work.account,
        "people": work.person,
        "routing": work.tuning,
    }
    others = {**STEPS, **call_out.STEPS, **promises.STEPS}
    for one in told:  # one by one: an administrator's file, each thing checked with its line
        if one.section in steps:
            with work.blamed(one.section, one.name):
                await steps[one.section](one.name, one.op == "add")
        elif one.section in others:
            with work.blamed(one.section, one.name):
                await others[one.section](take, one.name, work.wanted(one.section, one.name))
    for one in told:  # one by one, as above: now every queue a queue may name is there
        if one.section == "queues":
            with work.blamed("queues", one.name):
                await work.links(one.name)
    for name in found.file.departments or {}:
        with work.blamed("departments", name):
            await work.triage(name)
    if any(one.section == "rules" for one in told):
        with work.blamed("rules"):
            await work.rules(now.rules_version)
    return told
