"""The judge of matching: how often it is right by itself, how often it finds whom it should."""

import random
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from polyphony.app.lab import corruption, people
from polyphony.app.lab.base import Base, taught
from polyphony.app.lab.people import Person
from polyphony.domain.matching.deciding import Decision, Verdict, decide
from polyphony.domain.matching.features import Features, Stated, features
from polyphony.domain.matching.judging import Seen

STRANGERS = 0.06
RECYCLED = 0.03


@dataclass(frozen=True, slots=True)
class Query:
    """A Record that comes in: who it truly is (None: a stranger), and what happened to it."""

    features: Features
    truth: str | None
    labels: tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """What became of the queries of one kind."""

    asked: int = 0
    found: int = 0
    right: int = 0
    wrong: int = 0
    suggested: int = 0
    true_in_two: int = 0
    relatives: int = 0
    relatives_right: int = 0

    def add(self, query: Query, decision: Decision, *, found: bool) -> None:
        """Count one decision."""
        self.asked += 1
        self.found += found
        best = decision.best.candidate.id if decision.best else None
        if decision.verdict is Verdict.SAME:
            self.right += best == query.truth
            self.wrong += best != query.truth
        elif decision.verdict is Verdict.SUGGESTION:
            self.suggested += 1
            ids = {one.candidate.id for one in decision.suggestions}
            self.true_in_two += query.truth in ids
        elif decision.verdict is Verdict.RELATIVE:
            self.relatives += 1
            self.relatives_right += decision.relatives[0].candidate.id != query.truth


@dataclass(slots=True)
class Result:
    """The tallies of one run: all queries, known people, strangers, each corruption."""

    seed: int
    base: int
    everyone: Tally = field(default_factory=Tally)
    known: Tally = field(default_factory=Tally)
    dated: Tally = field(default_factory=Tally)
    strangers: Tally = field(default_factory=Tally)
    by_label: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    candidates: int = 0
    seconds: float = 0.0
    mistakes: list[tuple[Query, Decision]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Set:
    """Made-up people: the base as one source has it, who comes in, and pairs to learn from."""

    known: Sequence[Features]
    queries: Sequence[Query]
    lessons: Sequence[Features]


def made(seed: int, size: int, queries: int) -> Set:
    """Make people: 6 % of them are strangers, mostly relatives of known ones."""
    world = people.world(seed)
    chance = world.chance
    inside: list[Person] = []
    outside: list[Person] = []
    for house in people.households(world, size):
        for one in house:
            (outside if chance.random() < STRANGERS else inside).append(one)
    base = [stated(corruption.known(world, one)) for one in inside]
    chosen = chance.sample(range(len(inside)), min(queries, len(inside)))
    asked = [_query(*corruption.seen_again(world, inside[at]), str(at)) for at in chosen]
    for one in chance.sample(outside, min(queries * 2 // 3, len(outside))):
        view, labels = corruption.seen_again(world, one)
        if chance.random() < RECYCLED:
            view, labels = (
                replace(view, phone=chance.choice(inside).phone),
                (*labels, "recycled phone"),
            )
        asked.append(_query(view, labels, None))
    pupils = chance.sample(inside, min(queries, len(inside)))
    lessons = [stated(corruption.seen_again(world, one)[0]) for one in pupils]
    return Set(base, asked, lessons)


def stated(one: Person) -> Features:
    """Return a person's record as the product reads it."""
    return features(
        Stated(
            given=one.given,
            surname=one.surname,
            born=one.born or "",
            street=one.street or "",
            house=one.house or "",
            postcode=one.postcode or "",
            phones=(one.phone,) if one.phone else (),
            emails=(one.email,) if one.email else (),
        )
    )


def _query(one: Person, labels: tuple[str, ...], truth: str | None) -> Query:
    return Query(stated(one), truth, labels)


def judge(seed: int, size: int, queries: int = 6_000) -> Result:
    """Decide every query against the base, and count."""
    data = made(seed, size, queries)
    base = Base(data.known)
    chance = random.Random(seed)  # noqa: S311 - which random pairs teach, repeatable
    weights = taught(base, data.lessons, chance, min(60_000, queries * 10))
    result = Result(seed, len(data.known))
    began = time.perf_counter()
    for query in data.queries:
        near = base.near(query.features)
        result.candidates += len(near)
        candidates = [base.candidates[at] for at in near]
        decision = decide([Seen(query.features)], candidates, weights, base.holders)
        _count(result, query, decision, found=query.truth is not None and int(query.truth) in near)
    result.seconds = time.perf_counter() - began
    return result


def _count(result: Result, query: Query, decision: Decision, *, found: bool) -> None:
    tallies = [result.everyone, result.strangers if query.truth is None else result.known]
    if query.truth is not None:
        if query.features.born:
            tallies.append(result.dated)
        tallies += [result.by_label[label] for label in query.labels or ("nothing",)]
    for tally in tallies:
        tally.add(query, decision, found=found)
    wrong = decision.verdict is Verdict.SAME and (
        decision.best is None or decision.best.candidate.id != query.truth
    )
    if wrong:
        result.mistakes.append((query, decision))
