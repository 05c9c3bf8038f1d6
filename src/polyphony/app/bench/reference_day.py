"""Bench ``reference_day``: 50,000 wishes of an overloaded day under the real core.

The day is drawn from keyed random numbers: the same wishes come, with the same patience and the
same difficulty, under every policy.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import exp, log
from statistics import NormalDist, fmean, pstdev
from time import process_time
from typing import TypeVar
from uuid import UUID

from polyphony.domain.capacity import INTERRUPTS
from polyphony.domain.presence import Mode, Status
from polyphony.domain.rehearsal import Outcome, Wish, Worker, draw, rehearse
from polyphony.domain.routing.facts import AgentFacts, HandleClass, Policy, QueuePolicy
from polyphony.domain.skill import Requirement

START = 1_800_000_000_000
HOUR_MS = 3_600_000
WISHES, AGENTS = 50_000, 500
LANGUAGES = (("cs", 0.50), ("pl", 0.25), ("ru", 0.15), ("en", 0.10))
TOPICS = (("general", 0.50), ("loan", 0.25), ("card", 0.25))
CHANNELS = (("voice", 0.42), ("chat", 0.36), ("email", 0.22))
HANDLE_S = {"voice": 300, "chat": 540, "email": 360}
PATIENCE_S = {"voice": 180, "chat": 400}
TARGET_S = {
    ("voice", False): 20,
    ("voice", True): 10,
    ("chat", False): 60,
    ("chat", True): 30,
    ("email", False): 14_400,
    ("email", True): 3_600,
}
WORTH = {"voice": 1.0, "chat": 0.8, "email": 0.6}
SLOWER, SLOWEST = 0.85, 1.3
PAST = 200
"""Contacts of each class an agent has handled in the 28 days before."""
T = TypeVar("T")
_NORMAL = NormalDist()
_STARTS_H = (0.0, 0.0, 0.5, 1.0, 2.0, 3.0, 4.0)
_SETS = ((0.30, {"voice"}), (0.60, {"voice", "chat"}), (0.85, {"chat", "email"}),
         (1.0, {"voice", "chat", "email"}))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Day:
    """One drawn day."""

    wishes: list[Wish]
    workers: list[Worker]
    handle_ms: dict[HandleClass, int]
    queues: list[UUID]


def day(seed: int, *, load: float = 1.0, wishes: int = WISHES, agents: int = AGENTS) -> Day:
    """Draw a day; ``load`` stretches the work, fewer wishes and agents make it smaller alike."""
    queues = [UUID(int=1_000 + n) for n in range(len(LANGUAGES) * len(TOPICS))]
    usual = {channel: seconds * load for channel, seconds in HANDLE_S.items()}
    slow = (SLOWER + SLOWEST) / 2
    handle = {(queue, channel): round(usual[channel] * slow * 1000)
              for queue in queues for channel in HANDLE_S}  # fmt: skip
    come = sorted(_moments(seed, wishes))
    people = [_wish(seed, n, at, queues, usual) for n, at in enumerate(come)]
    return Day(people, [_worker(seed, n, queues, usual) for n in range(agents)], handle, queues)


def policy(made: Day, **changes: object) -> Policy:
    """Return the default policy for a day, nothing interrupted; ``changes`` are of every Queue."""
    seen = sorted({(one.queue, one.channel, one.requirements) for one in made.wishes})
    plain = QueuePolicy(sticky="off", **changes)  # type: ignore[arg-type] # fields of a Queue
    return Policy(
        1,
        dict.fromkeys(made.queues, plain),
        handle_ms=made.handle_ms,
        languages=frozenset(key for key, _ in LANGUAGES),
        seen=tuple(seen),
        interrupts=frozenset(),
    )


def compared(
    seed: int, *, wishes: int = WISHES, agents: int = AGENTS
) -> tuple["Figures", "Figures", "Figures"]:
    """Measure one day: by the score, by static priority, and by the score with interruption."""
    made = day(seed, wishes=wishes, agents=agents)
    rules = policy(made)
    return (
        measure(made, rules),
        measure(*static_priority(made)),
        measure(made, replace(rules, interrupts=INTERRUPTS)),
    )


def static_priority(made: Day) -> tuple[Day, Policy]:
    """Return a day in one Queue that goes by static priority: who presses most, always first."""
    one = made.queues[0]
    wishes = [replace(wish, queue=one) for wish in made.wishes]
    workers = [
        replace(worker, facts=replace(worker.facts, queues={one: 1}, handled={}))
        for worker in made.workers
    ]
    flat = Day(wishes, workers, {(one, c): made.handle_ms[one, c] for c in HANDLE_S}, [one])
    return flat, policy(flat, ordering="static_priority", reserve=0)


def _moments(seed: int, count: int) -> list[int]:
    """Draw when wishes come, in ms of 12 hours: two peaks over a low floor."""
    hours = [n / 4 for n in range(49)]
    density = [exp(-((h - 2.5) ** 2) / 4) + 0.85 * exp(-((h - 7.5) ** 2) / 5) + 0.25 for h in hours]
    whole = sum(density)
    grid = [0.0, *(one / whole for one in accumulate(density))]
    points = [0.0, *hours[1:], 12.0]
    found = []
    for number in range(count):
        u = draw(seed, number, "moment")
        place = next(n for n in range(1, len(grid)) if u <= grid[n] or n == len(grid) - 1)
        low, high = grid[place - 1], grid[place]
        share = min((u - low) / (high - low), 1.0) if high > low else 0.0
        at = points[place - 1] + share * (points[place] - points[place - 1])
        found.append(round(at * HOUR_MS))
    return found


def _pick(u: float, shares: Sequence[tuple[T, float]]) -> T:
    for one, share in shares:
        if u < share:
            return one
        u -= share
    return shares[-1][0]


def _wish(seed: int, number: int, at: int, queues: Sequence[UUID], usual: dict[str, float]) -> Wish:
    language = _pick(draw(seed, number, "language"), _numbered(LANGUAGES))
    topic = _pick(draw(seed, number, "topic"), _numbered(TOPICS))
    channel = _pick(draw(seed, number, "channel"), CHANNELS)
    vip = draw(seed, number, "tier") < 0.1
    place = language * len(TOPICS) + topic
    size = exp(-0.32 + 0.8 * _NORMAL.inv_cdf(max(draw(seed, number, "size"), 1e-12)))
    patience = PATIENCE_S.get(channel)
    u = 1.0 - draw(seed, number, "patience")
    kinds = list(HANDLE_S)
    return Wish(
        UUID(int=1_000_000 + number),
        START + at,
        queues[place],
        channel,
        "vip" if vip else "standard",
        TARGET_S[channel, vip] * 1000,
        (Requirement(LANGUAGES[language][0]), Requirement(TOPICS[topic][0])),
        max(round(usual[channel] * size * 1000), 1000),
        None if patience is None else round(-log(max(u, 1e-12)) * patience * 1000),
        (place * len(kinds) + kinds.index(channel)) * 2 + vip,
    )


def _numbered(shares: Sequence[tuple[str, float]]) -> list[tuple[int, float]]:
    return [(n, share) for n, (_, share) in enumerate(shares)]


def _worker(seed: int, number: int, queues: Sequence[UUID], usual: dict[str, float]) -> Worker:
    def u(purpose: str) -> float:
        return draw(seed, number, f"agent {purpose}")

    begins = _STARTS_H[int(u("start") * len(_STARTS_H))]
    languages = {_pick(u("language"), _numbered(LANGUAGES))}
    if u("second") < 0.3:
        languages.add(int(u("other") * len(LANGUAGES)))
    topics = _topics(u)
    channels = next(some for share, some in _SETS if u("channels") < share)
    mine = [language * len(TOPICS) + topic for language in sorted(languages) for topic in topics]
    kinds = list(HANDLE_S)
    slowness = [
        round((SLOWER + (SLOWEST - SLOWER) * u(f"kind {kind}")) * 1000)
        for kind in range(len(queues) * len(kinds) * 2)
    ]
    handled = {
        (queues[place], channel): (round(PAST * _mean(slowness, place, at) * usual[channel]), PAST)
        for place in mine
        for at, channel in enumerate(kinds)
        if channel in channels
    }
    facts = AgentFacts(
        UUID(int=10_000_000 + number),
        1,
        START,
        Status.ONLINE,
        dict.fromkeys(sorted(channels), Mode.ON),
        {**{LANGUAGES[one][0]: 1 for one in languages}, **{TOPICS[one][0]: 1 for one in topics}},
        {queues[place]: 1 for place in mine},
        idle_since=START,
        handled=handled,
    )
    first = START + round(begins * HOUR_MS)
    return Worker(facts, first, first + 8 * HOUR_MS, slowness)


def _topics(u: Callable[[str], float]) -> list[int]:
    """One, two or three topics; six of ten people also know the general one."""
    count = _pick(u("topics"), ((1, 0.35), (2, 0.40), (3, 0.25)))
    order = sorted(range(len(TOPICS)), key=lambda one: u(f"topic {one}"))
    known = set(order[:count]) | ({0} if u("general") < 0.6 else set())
    return sorted(known)


def _mean(slowness: Sequence[int], place: int, channel: int) -> float:
    """How much longer he takes in a handle class: one in ten is a VIP, with a time of its own."""
    kind = (place * len(HANDLE_S) + channel) * 2
    return 0.9 * slowness[kind] + 0.1 * slowness[kind + 1]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a day came to: shares served within the target, and how even the load was."""

    weighted: float
    parts: dict[str, float]
    load_cv: float
    interrupted: int
    left: int  # neither served nor gone
    twice: int  # served and gone: must not be
    cpu_s: float


def mean_of(some: Iterable[float]) -> float:
    """Return the mean of a figure over days."""
    return fmean(some)


def parts_of(some: Sequence["Figures"]) -> dict[str, float]:
    """Return the service level of each channel and tier, as a mean over days."""
    return {name: round(fmean(one.parts[name] for one in some), 3) for name in some[0].parts}


def measure(made: Day, rules: Policy) -> Figures:
    """Rehearse a day and count."""
    began = process_time()
    outcome = rehearse(made.wishes, made.workers, rules)
    spent = process_time() - began
    return replace(figures(made, outcome), cpu_s=spent)


def figures(made: Day, outcome: Outcome) -> Figures:
    """Count: whoever gave up, or was never served, was not served within his target."""
    good: dict[str, float] = {}
    whole: dict[str, float] = {}
    for number, one in enumerate(made.wishes):
        vip = one.tier == "vip"
        name = f"{one.channel}_vip" if vip else one.channel
        wait = outcome.waits.get(number)
        whole[name] = whole.get(name, 0) + 1
        good[name] = good.get(name, 0) + (wait is not None and wait <= one.target_ms)
    worth = {
        name: WORTH[name.removesuffix("_vip")] * (3 if name.endswith("_vip") else 1)
        for name in whole
    }
    total = sum(worth[name] * count for name, count in whole.items())
    weighted = sum(worth[name] * good[name] for name in whole) / total
    loads = [outcome.spent.get(one.facts.id, 0) for one in made.workers]
    return Figures(
        weighted,
        {name: good[name] / whole[name] for name in sorted(whole)},
        pstdev(loads) / fmean(loads),
        outcome.interrupted,
        len(made.wishes) - len(outcome.waits.keys() | outcome.lost.keys()),
        len(outcome.waits.keys() & outcome.lost.keys()),
        0.0,
    )
