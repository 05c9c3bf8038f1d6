"""A past to search in: Messages of made-up words with their entries of the index, both by COPY."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from polyphony.domain.search_words import vector
from polyphony.flows import index
from polyphony.store import search_index
from polyphony.store.database import Session
from polyphony.store.demo import pour
from polyphony.store.keys import keys

COMMON = ("smlouva", "umowa", "договор", "contract")
"""One of them stands in three of ten Messages, each in every thirteenth."""
RARE_EACH = 100
"""Every so many Messages one holds a word that stands nowhere else."""
TEXTS = 20_000
"""Different texts: their words are worked out once, and each is said again and again."""
BLOCK = 20_000
_SYLLABLES = (
    "ba", "ce", "dí", "fo", "gu", "hy", "ji", "kla", "mě", "nou", "př", "лу", "сто", "тре", "ше",
    "wać", "ży", "ough", "str", "ent",
)  # fmt: skip


@lru_cache(maxsize=1)
def vocabulary(size: int = 20_000) -> list[str]:
    """Return made-up words of several alphabets, the first ones the most used."""
    chance = random.Random(7)  # noqa: S311 - made-up words
    found: dict[str, None] = {}
    while len(found) < size:
        found.setdefault("".join(chance.choices(_SYLLABLES, k=chance.randint(2, 5))))
    return list(found)


def rare(message: int) -> str:
    """Return the word only this Message (a multiple of ``RARE_EACH``) holds."""
    return f"vzacny{message // RARE_EACH:07d}"


class Said(NamedTuple):
    """One text, and its words as the index keeps them."""

    subject: str
    text: str
    words: str


def told(subject: str, text: str) -> Said:
    """Work out the words by the function the index itself uses."""
    return Said(subject, text, vector([subject], [text], ()))


@lru_cache(maxsize=1)
def texts() -> list[Said]:
    """Return texts of thirty words under subjects of three; the n-th word is used 1 / (n + 10)."""
    chance = random.Random(8)  # noqa: S311 - made-up words
    words = vocabulary()
    weights = list(itertools.accumulate(1 / (n + 10) for n in range(len(words))))
    found = []
    for n in range(TEXTS):
        drawn = chance.choices(words, cum_weights=weights, k=33)
        if chance.random() < 0.3:
            drawn.insert(chance.randrange(3, 33), COMMON[n % 4])
        found.append(told(" ".join(drawn[:3]), " ".join(drawn[3:])))
    return found


@dataclass(frozen=True, slots=True)
class Home:
    """An Interaction Messages go into."""

    id: UUID
    opened_at: datetime
    channel: str
    record_id: UUID


async def write(session: Session, count: int) -> None:
    """Pour Messages into the Interactions there are, over the time they span, and their entries."""
    cursor = await session.execute(
        "SELECT id, opened_at, channel_kind, record_id FROM interaction ORDER BY opened_at"
    )
    homes = [Home(*one) for one in await cursor.fetchall()]
    step: timedelta = (homes[-1].opened_at - homes[0].opened_at) / max(1, count)
    cursor = await session.execute("SELECT last_value FROM message_position_seq")
    first = (await cursor.fetchone() or (0,))[0]
    for block in range(0, count, BLOCK):
        made = [
            _message(n, homes[n % len(homes)], homes[0].opened_at + n * step)
            for n in range(block, min(count, block + BLOCK))
        ]
        await pour(
            session, "message",
            ["id", "interaction_id", "position", "kind", "author_kind", "subject", "text", "at"],
            ((id_, home.id, first + block + n + 1, "in", "customer", said.subject, said.text, at)
             for n, (id_, home, said, at) in enumerate(made)),
        )  # fmt: skip
        await pour(session, "search_doc", ["id", "at", "words"], _entries(made))


def _message(n: int, home: Home, at: datetime) -> tuple[UUID, Home, Said, datetime]:
    said = texts()[n % TEXTS]
    if n % RARE_EACH == 0:
        said = told(said.subject, f"{said.text} {rare(n)}")
    return keys(at, 1)[0], home, said, at


def _entries(
    made: list[tuple[UUID, Home, Said, datetime]],
) -> Iterator[tuple[UUID, datetime, str]]:
    for id_, home, said, at in made:
        marks = vector((), (), ["message", "in", home.channel, f"r{home.record_id}"])
        yield id_, at, f"{said.words} {marks}"


async def entries(session: Session) -> None:
    """Pour the entries of all that stands there by now, as the filling of the index makes them."""
    for kind in ("customer", "case", "message"):
        below = search_index.LAST
        while page := await search_index.page(session, kind, below, 5_000):
            made = [index.entry(one) for one in page]
            below = page[-1].id
            await pour(
                session, "search_doc", ["id", "at", "words"],
                ((one.id, one.at, one.words) for one in made),
            )  # fmt: skip


async def without_tree(session: Session) -> str:
    """Drop the inverted index, to be built at the end; return how it is made."""
    cursor = await session.execute("SELECT pg_get_indexdef('search_doc_words'::regclass)")
    made = str((await cursor.fetchone() or ("",))[0])
    await session.execute("DROP INDEX search_doc_words")
    return made


async def with_tree(session: Session, made: str) -> None:
    """Build the inverted index as it was; the filling has no more to do."""
    await session.execute("SET LOCAL maintenance_work_mem = '512MB'")
    await session.execute(made.encode())
    await session.execute("UPDATE search_fill SET done = true")


async def differing(session: Session, sample: int) -> int:
    """Return how many of some entries are not what the follower would write: none."""
    page = await search_index.page(session, "message", search_index.LAST, sample)
    made = [index.entry(one) for one in page]
    cursor = await session.execute(
        """SELECT count(*) FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[]) n (id, at, words)
             LEFT JOIN search_doc d ON d.id = n.id AND d.at = n.at AND d.words = n.words::tsvector
            WHERE d.id IS NULL""",
        [[one.id for one in made], [one.at for one in made], [one.words for one in made]],
    )
    return int((await cursor.fetchone() or (0,))[0])
