"""A past for benches: customers, Cases, Interactions and Messages poured in by COPY."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from polyphony.domain.reference import reference
from polyphony.store.database import Session
from polyphony.store.demo import pour
from polyphony.store.keys import keys

_SECRET = b"bench reference secret, 32 bytes"
_ANALYSED = (
    "customer", "record", "identity", "identity_use", "case_", "interaction", "message",
)  # fmt: skip
_TEXT = "Dobrý den, posílám slíbené údaje ke smlouvě. " * 6


async def write(
    session: Session, account: UUID, department: UUID, size: tuple[int, int], at: datetime
) -> Sequence[UUID]:
    """Write (customers, interactions) of a past before ``at``; return the customers' ids.

    Customers are skewed: the k-th of them has a share of the Interactions like 1 / (k + 10).
    """
    customers, interactions = size
    # Making hundreds of thousands of rows takes longer than a transaction may usually rest.
    await session.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    begin = at - timedelta(days=900)
    people = [tuple(keys(begin, 3)) for _ in range(customers)]
    await _people(session, people, begin)
    await session.execute("SELECT setval('case_reference_seq', %s)", [interactions + 10])
    rows = [
        (ids[0], ids[1], ids[2], owner)
        for n, owner in enumerate(_owners(customers, interactions))
        for ids in (keys(begin + n * (at - begin) / interactions, 3),)
    ]
    await _cases(session, rows, people, (account, department, at - begin, begin))
    await session.execute("SELECT setval('message_position_seq', %s)", [interactions + 1])
    for table in _ANALYSED:
        await session.execute(f"ANALYZE {table}")
    return [person[0] for person in people]


def _owners(customers: int, interactions: int) -> Iterator[int]:
    weights = [1 / (k + 10) for k in range(customers)]
    scale, given = interactions / sum(weights), 0.0
    made = 0
    for k, weight in enumerate(weights):
        given += weight * scale
        while made < min(interactions, round(given)):
            yield k
            made += 1
    while made < interactions:
        yield customers - 1
        made += 1


async def _people(session: Session, people: Sequence[tuple[UUID, ...]], at: datetime) -> None:
    await pour(session, "customer", ["id", "name", "created_at"],
               ((p[0], f"Customer {n}", at) for n, p in enumerate(people)))  # fmt: skip
    await pour(session, "record", ["id", "customer_id", "source", "source_key", "name", "at"],
               ((p[1], p[0], "email", f"c{n}@past.example", f"Customer {n}", at)
                for n, p in enumerate(people)))  # fmt: skip
    await pour(session, "identity", ["id", "kind", "address", "first_seen"],
               ((p[2], "email", f"c{n}@past.example", at)
                for n, p in enumerate(people)))  # fmt: skip
    await pour(session, "identity_use",
               ["identity_id", "record_id", "role", "level", "method", "since"],
               ((p[2], p[1], "uses", 1, "from", at) for p in people))  # fmt: skip


async def _cases(
    session: Session,
    rows: Sequence[tuple[UUID, UUID, UUID, int]],
    people: Sequence[tuple[UUID, ...]],
    where: tuple[UUID, UUID, timedelta, datetime],
) -> None:
    account, department, span, begin = where
    at = [begin + n * span / len(rows) for n in range(len(rows))]
    await pour(
        session, "case_",
        ["id", "reference", "record_id", "department_id", "title", "preview", "state",
         "state_since", "opened_via", "opened_at", "last_at", "last_item"],
        ((r[0], reference(2025, n, _SECRET), people[r[3]][1], department, f"Matter {n}",
          _TEXT[:100], "closed", at[n], "email", at[n], at[n], n + 1) for n, r in enumerate(rows)),
    )  # fmt: skip
    await pour(
        session, "interaction",
        ["id", "case_id", "channel_kind", "account_id", "identity_id", "record_id", "mode",
         "state", "opened_at", "last_in_at", "ended_at"],
        ((r[1], r[0], "email" if n % 3 else "chat", account, people[r[3]][2], people[r[3]][1],
          "async", "ended", at[n], at[n], at[n]) for n, r in enumerate(rows)),
    )  # fmt: skip
    await pour(
        session, "message",
        ["id", "interaction_id", "position", "kind", "author_kind", "text", "at"],
        ((r[2], r[1], n + 1, "in", "customer", _TEXT, at[n]) for n, r in enumerate(rows)),
    )  # fmt: skip
