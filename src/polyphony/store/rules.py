"""Rules: saved versions of the rule set; the present one is compiled once per process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from polyphony.domain.errors import Invalid
from polyphony.domain.rule import NO_RULES, RuleSet, as_json, compile_rules
from polyphony.store.database import Session, rows

_known: dict[tuple[str, int], RuleSet] = {}
_KNOWN_MAX = 8


async def current(session: Session) -> RuleSet:
    """Return the rules in force; a version that no longer compiles counts as none."""
    found = await session.execute(
        "SELECT version, rules FROM rule_set WHERE active_from <= now()"
        " ORDER BY version DESC LIMIT 1"
    )
    row = await found.fetchone()
    if row is None:
        return NO_RULES
    key = (str(session.info.dbname), int(row[0]))
    if key not in _known:
        while len(_known) >= _KNOWN_MAX:
            del _known[next(iter(_known))]
        _known[key] = _compiled(int(row[0]), row[1])
    return _known[key]


def _compiled(version: int, raw: Sequence[Mapping[str, object]]) -> RuleSet:
    """Compile one rule at a time: a bad one (saved by hand) must not take the others along."""
    good = []
    for one in raw:
        try:
            compile_rules(version, [one])
        except Invalid:
            continue
        good.append(one)
    return compile_rules(version, good)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the rule set: since when in force, by whom, its lines."""

    version: int
    active_from: datetime
    by: UUID | None
    by_name: str | None
    rules: list[dict[str, object]]


async def versions(session: Session, before: int | None, limit: int) -> list[Version]:
    """Return versions of the rule set, newest first, older than ``before`` when given."""
    return await rows(
        session,
        "SELECT r.version, r.active_from, r.by, p.name AS by_name, r.rules FROM rule_set r"
        " LEFT JOIN person p ON p.id = r.by"
        " WHERE %(before)s::bigint IS NULL OR r.version < %(before)s"
        " ORDER BY r.version DESC LIMIT %(limit)s",
        {"before": before, "limit": limit},
        Version,
    )


async def save(session: Session, raw: Sequence[Mapping[str, object]], by: UUID | None) -> RuleSet:
    """Check and keep a new version, in force at once; raise Invalid when a rule is wrong."""
    checked = compile_rules(0, raw)
    found = await session.execute(
        "INSERT INTO rule_set (rules, by) VALUES (%s, %s) RETURNING version",
        [Jsonb(as_json(checked)), by],
    )
    row = await found.fetchone()
    return RuleSet(int(row[0]) if row else 0, checked.rules)
