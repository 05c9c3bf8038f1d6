"""Kinds: kinds of Cases of a file with their published steps; names stand where ids were."""

from typing import Any

from polyphony.domain.process_text import compact
from polyphony.flows import configure, design
from polyphony.flows.config_file import shape
from polyphony.flows.config_file.names import Names
from polyphony.flows.config_file.shelves import Taking, meant, written
from polyphony.store import configuration, kinds
from polyphony.store.database import Session
from polyphony.store.kinds import CASE_KIND

Json = dict[str, Any]


async def case_kinds(session: Session, names: Names) -> dict[str, shape.CaseKind]:
    """Write the kinds there are; drafts are nobody's business yet."""
    rows: list[Json] = await configuration.all_of(session, CASE_KIND)
    processes = await kinds.processes(session)
    steps = {one.kind_id: one.steps for one in processes if one.state == "published"}
    by_kind = {str(kind): found for kind, found in steps.items()}
    told = {}
    for one in rows:
        names.give("case_kinds", one["id"], str(one["key"]))
        told[str(one["key"])] = shape.CaseKind(
            name=dict(sorted(one["name"].items())),
            department=names.of("departments", one["department_id"]),
            complaint=one["complaint"],
            deadline=one["deadline"],
            visibility=one["visibility"],
            steps=[written(compact(step), names) for step in by_kind.get(str(one["id"]), [])],
        )
    return told


async def case_kind(take: Taking, key: str, one: shape.CaseKind) -> None:
    """Take in a kind; steps that differ from the published ones are published at once."""
    place = meant(f"@departments/{one.department}", take.names) if one.department else None
    values: Json = {
        "name": dict(one.name),
        "department_id": place,
        "complaint": one.complaint,
        "deadline": one.deadline,
        "visibility": one.visibility,
    }
    id_ = take.names.id_of("case_kinds", key)
    if id_ is None:
        id_ = take.new("case_kinds", key)
        await configure.add(
            take.session, CASE_KIND, id_, values | {"key": key}, take.actor, how="import"
        )
    else:
        await configure.change(take.session, CASE_KIND, id_, values, None, take.actor, how="import")
    wanted = meant(one.steps, take.names)
    now = await kinds.published(take.session, id_)
    if wanted and [compact(step) for step in (now.steps if now else [])] != wanted:
        await design.put(take.session, id_, wanted, take.actor, take.at, how="import")
