"""Snoozes: who put which Case aside, until when; and flags of who asks for help."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from polyphony.store.database import Session, rows


@dataclass(frozen=True, slots=True)
class Over:
    """A snooze whose time has come; ``answered`` = the customer wrote meanwhile."""

    case_id: UUID
    person_id: UUID
    said: str
    answered: bool


async def put(
    session: Session, case: UUID, person: UUID, until: datetime, said: str, at: datetime
) -> None:
    """Note that a person put a Case aside; a later one takes the place of an earlier."""
    await session.execute(
        """INSERT INTO snooze (case_id, person_id, until, said, heard, at)
           SELECT id, %(person)s, %(until)s, %(said)s, last_customer, %(at)s FROM case_
            WHERE id = %(case)s
           ON CONFLICT (case_id) DO UPDATE SET person_id = excluded.person_id,
              until = excluded.until, said = excluded.said, heard = excluded.heard,
              at = excluded.at""",
        {"case": case, "person": person, "until": until, "said": said[:100], "at": at},
    )


async def drop(session: Session, case: UUID) -> bool:
    """Forget that a Case was put aside; return whether it was."""
    found = await session.execute("DELETE FROM snooze WHERE case_id = %s RETURNING case_id", [case])
    return await found.fetchone() is not None


async def take_due(session: Session, at: datetime, limit: int) -> list[Over]:
    """Take the snoozes whose time has come out of the table; each is told once."""
    return await rows(
        session,
        """WITH due AS (SELECT case_id FROM snooze WHERE until <= %s ORDER BY until, case_id
                         LIMIT %s FOR UPDATE SKIP LOCKED),
                gone AS (DELETE FROM snooze s USING due WHERE s.case_id = due.case_id
                         RETURNING s.*)
           SELECT g.case_id, g.person_id, g.said, c.last_customer > g.heard AS answered
             FROM gone g JOIN case_ c ON c.id = g.case_id ORDER BY g.case_id""",
        [at, limit],
        Over,
    )


async def raise_flag(session: Session, case: UUID, flag: Mapping[str, object] | None) -> None:
    """Write who asks for help with a Case (locked); None = nobody does."""
    await session.execute(
        "UPDATE case_ SET help = %s WHERE id = %s", [None if flag is None else Jsonb(flag), case]
    )


async def flag(session: Session, case: UUID) -> Mapping[str, object] | None:
    """Return who asks for help with a Case."""
    found = await session.execute("SELECT help FROM case_ WHERE id = %s", [case])
    one = await found.fetchone()
    return one[0] if one else None


async def clock_of(session: Session, person: UUID) -> tuple[str, str]:
    """Return language and zone of a person."""
    found = await session.execute("SELECT language, zone FROM person WHERE id = %s", [person])
    one = await found.fetchone()
    return (str(one[0]), str(one[1])) if one else ("en", "UTC")
