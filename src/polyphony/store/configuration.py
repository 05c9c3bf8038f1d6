"""Configuration: departments, queues, skills, calendars, accounts, roles, rules as JSON rows."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from psycopg import errors
from psycopg.types.json import Jsonb

from polyphony.domain.errors import Conflict, Invalid
from polyphony.store.database import Session

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Noun:
    """One kind of configuration: its table, the columns people may write, what is never told."""

    name: str
    table: LiteralString
    columns: Mapping[str, LiteralString]
    hidden: Sequence[LiteralString] = ()
    order: LiteralString = "x.name"
    unique: str = "name"


CALENDAR = Noun(
    "calendar",
    "calendar",
    {
        "name": "text",
        "zone": "text",
        "always": "boolean",
        "frames": "jsonb",
        "exceptions": "jsonb",
        "country": "text",
        "worked": "text[]",
        "imported": "jsonb",
    },
)
DEPARTMENT = Noun(
    "department",
    "department",
    {"name": "text", "calendar_id": "uuid", "triage_queue": "uuid", "visibility": "text"},
)
QUEUE = Noun(
    "queue",
    "queue",
    {
        "department_id": "uuid",
        "name": "text",
        "calendar_id": "uuid",
        "channels": "text[]",
        "delivery": "text",
        "requirements": "jsonb",
        "weight_milli": "int",
        "offer_timeout_s": "jsonb",
        "auto_accept": "boolean",
        "decline_reasons": "text[]",
        "wrap_up_s": "int",
        "disposition_required": "boolean",
        "sticky": "text",
        "targets": "jsonb",
        "max_waiting": "int",
        "signature": "jsonb",
        "ladder": "jsonb",
        "related": "uuid[]",
        "skip_if_nobody": "boolean",
        "ordering": "text",
        "reserve": "jsonb",
        "reserve_off_before_close_s": "int",
        "decline_allowed": "boolean",
        "miss_limits": "jsonb",
        "miss_limit_all": "int",
        "grace_s": "int",
        "async_kept_s": "int",
        "auto_ready": "boolean",
        "paused": "boolean",
        "overflow_before": "jsonb",
        "overflow_after": "jsonb",
        "announce": "jsonb",
        "callback": "boolean",
    },
)
SKILL = Noun(
    "skill", "skill", {"key": "text", "kind": "text", "name": "jsonb"}, order="x.key", unique="key"
)
STATUS = Noun(
    "presence_status",
    "presence_status",
    {
        "key": "text",
        "name": "jsonb",
        "matrix": "jsonb",
        "reasons": "text[]",
        "colour": "text",
        "place": "int",
    },
    order="x.place, x.key",
    unique="key",
)
ACCOUNT = Noun(
    "account",
    "channel_account",
    {
        "kind": "text",
        "name": "text",
        "address": "text",
        "department_id": "uuid",
        "default_queue": "uuid",
        "mail_account": "uuid",
        "brand_id": "uuid",
        "language": "text",
        "settings": "jsonb",
        "state": "text",
    },
    hidden=("secrets",),
    unique="address",
)
BRAND = Noun(
    "brand",
    "brand",
    {
        "name": "text",
        "colour": "text",
        "logo_sha256": "text",
        "sender_name": "text",
        "signature": "jsonb",
        "footer": "text",
    },
)
ROLE = Noun(
    "role",
    "role",
    {"key": "text", "name": "text", "note": "text", "rights": "text[]"},
    order="x.built_in DESC, CASE WHEN x.built_in THEN x.id::text ELSE x.name END",
    unique="key",
)


DEADLINE = Noun(
    "deadline_template",
    "deadline_template",
    {
        "key": "text",
        "name": "jsonb",
        "rule": "jsonb",
        "unverified": "boolean",
        "escalation_id": "uuid",
    },
    order="x.key",
    unique="key",
)
ESCALATION = Noun("escalation", "escalation", {"name": "text", "steps": "jsonb"})
SLA_POLICY = Noun(
    "sla_policy",
    "sla_policy",
    {
        "name": "text",
        "rank": "int",
        "active": "boolean",
        "scope": "jsonb",
        "targets": "jsonb",
        "pauses": "text[]",
        "warn_pct": "int",
        "on_change": "text",
        "calendar_id": "uuid",
        "escalation_id": "uuid",
    },
    order="x.rank",
)


@contextmanager
def refused(noun: str) -> Iterator[None]:
    """Turn what the constraints of the database refuse into words of the house."""
    try:
        yield
    except errors.UniqueViolation as taken:
        raise Conflict(f"{noun}.taken") from taken
    except (errors.ForeignKeyViolation, errors.RestrictViolation) as dangling:
        raise Invalid(f"{noun}.refers_to_nothing", {"rule": _rule(dangling)}) from dangling
    except (errors.IntegrityError, errors.DataError) as wrong:
        raise Invalid(f"{noun}.not_valid", {"rule": _rule(wrong)}) from wrong


def _rule(error: errors.Error) -> str:
    return error.diag.constraint_name or error.diag.column_name or "value"


def _hiding(noun: Noun) -> LiteralString:
    hidden: LiteralString = "to_jsonb(x)"
    for column in noun.hidden:
        hidden += f" - '{column}'"
    return hidden


async def all_of(session: Session, noun: Noun) -> list[Json]:
    """Return all rows of a kind."""
    found = await session.execute(
        f"SELECT {_hiding(noun)} FROM {noun.table} x ORDER BY {noun.order}, x.id"
    )
    return [row[0] for row in await found.fetchall()]


async def one(session: Session, noun: Noun, id_: UUID) -> Json | None:
    """Return one row, None when there is none."""
    found = await session.execute(
        f"SELECT {_hiding(noun)} FROM {noun.table} x WHERE x.id = %s", [id_]
    )
    row = await found.fetchone()
    return row[0] if row else None


def _values(noun: Noun, values: Mapping[str, object]) -> dict[str, object]:
    return {
        column: Jsonb(found) if kind == "jsonb" and found is not None else found
        for column, kind in noun.columns.items()
        if column in values
        for found in (values[column],)
    }


async def add(session: Session, noun: Noun, id_: UUID, values: Mapping[str, object]) -> None:
    """Add a row; raise Conflict when its name is taken. Missing columns take their defaults."""
    given = _values(noun, values)
    columns: LiteralString = ", ".join(c for c in noun.columns if c in given)
    places: LiteralString = ", ".join(
        f"%({c})s::{kind}" for c, kind in noun.columns.items() if c in given
    )
    with refused(noun.name):
        found = await session.execute(
            f"INSERT INTO {noun.table} (id, {columns}) VALUES (%(id)s, {places})"
            " ON CONFLICT DO NOTHING",
            {**given, "id": id_},
        )
    if found.rowcount == 0:
        raise Conflict(f"{noun.name}.{noun.unique}_taken")


async def change(
    session: Session, noun: Noun, id_: UUID, values: Mapping[str, object], version: int | None
) -> bool:
    """Change given columns; False when the version has moved on."""
    given = _values(noun, values)
    sets: LiteralString = ", ".join(
        f"{c} = %({c})s::{kind}" for c, kind in noun.columns.items() if c in given
    )
    sets = f"{sets}, " if given else ""
    with refused(noun.name):
        found = await session.execute(
            f"UPDATE {noun.table} SET {sets}version = version + 1 WHERE id = %(id)s"
            " AND (%(version)s::bigint IS NULL OR version = %(version)s)",
            {**given, "id": id_, "version": version},
        )
    return found.rowcount == 1


async def remove(session: Session, noun: Noun, id_: UUID, version: int | None) -> bool:
    """Remove a row; False when the version has moved on; raise Conflict while it is referred to."""
    try:
        found = await session.execute(
            f"DELETE FROM {noun.table} WHERE id = %(id)s"
            " AND (%(version)s::bigint IS NULL OR version = %(version)s)",
            {"id": id_, "version": version},
        )
    except (errors.ForeignKeyViolation, errors.RestrictViolation) as used:
        raise Conflict(f"{noun.name}.in_use", {"rule": _rule(used)}) from used
    return found.rowcount == 1


async def set_secrets(session: Session, account: UUID, sealed: bytes) -> None:
    """Replace the sealed secrets of an account."""
    await session.execute(
        "UPDATE channel_account SET secrets = %s WHERE id = %s", [sealed, account]
    )


async def secrets(session: Session) -> dict[UUID, bytes]:
    """Return the sealed secrets of all accounts that have some."""
    found = await session.execute(
        "SELECT id, secrets FROM channel_account WHERE secrets IS NOT NULL"
    )
    return {row[0]: row[1] for row in await found.fetchall()}


# ── rules ───────────────────────────────────────────────────────────────────────────────────────


async def rules(session: Session) -> tuple[int, list[Json]]:
    """Return version and lines of the rule set in force; version 0 when there is none."""
    found = await session.execute(
        "SELECT version, rules FROM rule_set ORDER BY version DESC LIMIT 1"
    )
    row = await found.fetchone()
    return (int(row[0]), list(row[1])) if row else (0, [])


async def add_rules(
    session: Session, lines: Sequence[Mapping[str, object]], by: UUID | None, expected: int
) -> int | None:
    """Add a rule set; None when somebody else added one since ``expected``."""
    await session.execute("SELECT pg_advisory_xact_lock(7065645)")
    found = await session.execute(
        """INSERT INTO rule_set (rules, by) SELECT %s, %s
            WHERE coalesce((SELECT max(version) FROM rule_set), 0) = %s RETURNING version""",
        [Jsonb(list(lines)), by, expected],
    )
    row = await found.fetchone()
    return int(row[0]) if row else None


async def everybody(session: Session, department: UUID | None = None) -> list[UUID]:
    """Return active people, or those of one department: whose rights a change may touch."""
    found = await session.execute(
        """SELECT p.id FROM person p WHERE p.state = 'active' AND (%(d)s::uuid IS NULL OR EXISTS (
             SELECT FROM member m WHERE m.person_id = p.id AND m.department_id = %(d)s))""",
        {"d": department},
    )
    return [row[0] for row in await found.fetchall()]
