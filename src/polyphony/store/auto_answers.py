"""Auto answers: how often machines of ours have answered lately, and whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from polyphony.store.database import Session


@dataclass(frozen=True, slots=True)
class AutoAnswers:
    """How often machines of ours have answered lately."""

    hour: int
    week: int


async def auto_answers(
    session: Session, addresses: Sequence[str], at: datetime
) -> tuple[dict[str, list[UUID]], AutoAnswers]:
    """Return by address the Cases answered by a machine within 24 h, and our totals."""
    found = await session.execute(
        "SELECT address, array_agg(case_id) FROM auto_answer"
        " WHERE address = ANY(%s) AND at > %s GROUP BY address",
        [list(addresses), at - timedelta(hours=24)],
    )
    by_address: dict[str, list[UUID]] = dict(await found.fetchall())
    totals = await session.execute(
        "SELECT count(*) FILTER (WHERE at > %s), count(*) FROM auto_answer WHERE at > %s",
        [at - timedelta(hours=1), at - timedelta(days=7)],
    )
    row = await totals.fetchone()
    return by_address, AutoAnswers(*(row or (0, 0)))


async def note_auto_answers(
    session: Session, pairs: Sequence[tuple[str, UUID]], at: datetime
) -> None:
    """Note that a machine answered (address, Case)."""
    if pairs:
        await session.execute(
            "INSERT INTO auto_answer (address, case_id, at)"
            " SELECT a, c, %s FROM unnest(%s::text[], %s::uuid[]) AS n (a, c)"
            " ON CONFLICT DO NOTHING",
            [at, [one[0] for one in pairs], [one[1] for one in pairs]],
        )


async def prune(session: Session, before: datetime) -> None:
    """Forget automatic answers of long ago."""
    await session.execute("DELETE FROM auto_answer WHERE at < %s", [before])
