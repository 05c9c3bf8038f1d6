"""Bench `search`: words of all kinds in a large past, against one probe of the inverted index."""

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from polyphony.app.bench import cpu, past, search_past
from polyphony.app.bench.floors import percentile
from polyphony.app.bench.report import Measured, Target
from polyphony.app.bench.search_past import COMMON, RARE_EACH, rare, texts, vocabulary
from polyphony.app.bench.stage import Stage, staged
from polyphony.app.bench.timeline import plan, scope
from polyphony.app.clock import now
from polyphony.domain.search_query import parse
from polyphony.flows import search as flow

TARGETS = (Target("common_p99_ms", "lower", 50.0, wall=True),)
SIZES = {"tiny": (100, 400, 4_000), "quick": (10_000, 100_000, 1_000_000),
         "full": (100_000, 1_000_000, 10_000_000)}  # fmt: skip
"""Customers, Interactions, Messages; ``tiny`` is for the tests."""
ASKED = 1_000
PAGE = 20
SAMPLE = 500


@dataclass(slots=True)
class Took:
    """Milliseconds of the questions of one kind, and how many hits they had."""

    ms: list[float] = field(default_factory=list)
    found: int = 0

    def at(self, share: float) -> float | None:
        """Return a percentile; None when there were too few questions to tell."""
        found = percentile(self.ms, share)
        return None if found is None else round(found, 2)


async def measure(size: str, asked: int = ASKED) -> Measured:
    """Build a past with its index, ask a thousand questions of each kind."""
    async with staged(plan(), {}) as stage:
        began = time.perf_counter()
        index_bytes = await _built(stage, SIZES[size])
        built = time.perf_counter() - began
        async with stage.database.direct() as session:
            differing = await search_past.differing(session, SAMPLE)
        spent, took = await _ask(stage, questions(SIZES[size], asked))
    common, probe = took["common"].at(0.99), took["probe"].at(0.99)
    return Measured(
        ops=sum(len(one.ms) for one in took.values()),
        wall_s=sum(sum(one.ms) for one in took.values()) / 1000,
        cpu_us_per_op={"pg": spent},
        ratios={"common_p99_ms": common,
                "common_p99_to_probe": common / probe if common and probe else None},
        latency_ms={"of": "one question, first page of 20", "samples": asked,
                    **{f"{name}_p{n}": one.at(n / 100)
                       for name, one in took.items() for n in (50, 99)}},
        checks={"rare found": (took["rare"].found, asked),
                "common: full pages": (took["common"].found, PAGE * asked),
                "phrases found": (took["phrase"].found > 0, True),
                "entries unlike the follower's": (differing, 0)},
        extra={"messages": SIZES[size][2], "build_s": round(built, 1), "index_bytes": index_bytes},
    )  # fmt: skip


async def _built(stage: Stage, size: tuple[int, int, int]) -> int:
    """Write the past and its index; return the bytes of the index."""
    customers, interactions, messages = size
    async with stage.database.transaction() as session:
        account, desk = stage.found.accounts["mail"], stage.found.departments["Desk"]
        await past.write(session, account, desk, (customers, interactions), now())
        tree = await search_past.without_tree(session)
        await search_past.entries(session)
        await search_past.write(session, messages - interactions)
        await search_past.with_tree(session, tree)
    async with stage.database.direct() as session:
        await session.execute("VACUUM ANALYZE message, search_doc, case_, interaction, record")
        found = await session.execute("SELECT pg_total_relation_size('search_doc')")
        return int((await found.fetchone() or (0,))[0])


def questions(size: tuple[int, int, int], asked: int) -> Mapping[str, Sequence[str]]:
    """Return what is asked, by kind; a blank behind a word says that it does not go on."""
    chance = random.Random(3)  # noqa: S311 - made-up questions
    words, made = vocabulary(), texts()
    numbers = (size[2] - size[1]) // RARE_EACH
    drawn = [made[chance.randrange(min(len(made), size[2] - size[1]))] for _ in range(asked)]
    pairs = [one.text.split()[at : at + 2] for one in drawn for at in (chance.randrange(25),)]
    return {
        "common": [f"{COMMON[n % len(COMMON)]} " for n in range(asked)],
        "rare": [f"{rare(chance.randrange(numbers) * RARE_EACH)} " for _ in range(asked)],
        "phrase": [f'"{" ".join(pair)}"' for pair in pairs],
        "prefix": [words[chance.randrange(2_000)][:4] for _ in range(asked)],
    }


async def _ask(
    stage: Stage, asked: Mapping[str, Sequence[str]]
) -> tuple[float, Mapping[str, Took]]:
    """Ask; return PostgreSQL's CPU per question in microseconds, and what each kind took."""
    took = {name: Took() for name in [*asked, "probe"]}
    who = scope(stage)
    async with stage.database.reads() as session:
        for some in asked.values():
            for one in some[:20]:  # warm
                await flow.search(session, who, parse(one), None, PAGE)
        before = cpu.used({}, stage.postgres.pid)
        for name, some in asked.items():
            for one in some:
                start = time.perf_counter()
                found = await flow.search(session, who, parse(one), None, PAGE)
                took[name].ms.append((time.perf_counter() - start) * 1000)
                took[name].found += len(found.items)
        spent = cpu.used({}, stage.postgres.pid).minus(before)
        for one in asked["rare"]:
            start = time.perf_counter()
            probe = await session.execute(
                "SELECT id FROM search_doc WHERE words @@ %s::tsquery", [f"'{one.strip()}'"]
            )
            await probe.fetchall()
            took["probe"].ms.append((time.perf_counter() - start) * 1000)
    count = sum(len(one) for one in asked.values())
    return round((spent.pg or 0.0) / count * 1e6, 1), took
