"""What `polyphony lab` does: makes people, judges, says it as a table or as JSON."""

import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext

from polyphony.app.lab import febrl as febrl_judge
from polyphony.app.lab import judge as judge_of_people
from polyphony.app.lab.judge import Set
from polyphony.app.lab.pooled import febrl_facts, febrl_table, table, told
from polyphony.app.say import answer, say
from polyphony.cli.lab import FebrlAsk, MatchAsk, PeopleAsk
from polyphony.domain.matching.features import pack

CHECK_FAILED = 4
ENOUGH = 5_000
"""Fewer known people than this prove nothing about promises of a tenth of a percent."""
PROMISES = {"precision": 0.999, "recall": 0.60, "recall_with_birth_date": 0.85, "true_in_two": 0.65}
FEBRL_RECALL, FEBRL_OTHERS = 0.95, 500_000


def people(ask: PeopleAsk) -> int:
    """Write the base, then what comes in, one JSON a line."""
    made = judge_of_people.made(ask.seed, ask.size, ask.queries)
    with ask.out.open("w", encoding="utf-8") if ask.out else nullcontext(sys.stdout) as out:
        out.writelines(f"{text}\n" for text in _lines(made))
    if ask.out:
        say(f"{len(made.known)} known people and {len(made.queries)} who come: {ask.out}")
    return 0


def _lines(made: Set) -> Iterator[str]:
    for at, one in enumerate(made.known):
        yield json.dumps({"known": str(at), **pack(one)}, ensure_ascii=False)
    for query in made.queries:
        told = {"truth": query.truth, "happened": list(query.labels), **pack(query.features)}
        yield json.dumps(told, ensure_ascii=False)


def match(ask: MatchAsk) -> int:
    """Judge so many seeds, pooled; 4 where a promise is broken by enough people."""
    results = []
    for seed in range(ask.seed, ask.seed + ask.runs):
        results.append(judge_of_people.judge(seed, ask.size, ask.queries))
        say(f"seed {seed}: {results[-1].known.right} right, {results[-1].everyone.wrong} wrong")
    facts = told(results)
    answer(facts, table(facts, results), as_json=ask.as_json)
    broken = any(facts["figures"][name] < least for name, least in PROMISES.items())
    return CHECK_FAILED if broken and facts["known"] >= ENOUGH else 0


def febrl(ask: FebrlAsk) -> int:
    """Judge the public set; 4 where its full size breaks a promise."""
    found = febrl_judge.judge(ask.seed, ask.others)
    facts = febrl_facts(found)
    answer(facts, febrl_table(facts), as_json=ask.as_json)
    right = found.right[0.99] / max(found.asked, 1)
    broken = right < FEBRL_RECALL or found.wrong[0.99] or found.strangers_taken
    return CHECK_FAILED if broken and ask.others >= FEBRL_OTHERS else 0
