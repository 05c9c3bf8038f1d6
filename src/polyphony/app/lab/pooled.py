"""The figures of several runs pooled, as facts and as a table."""

from collections.abc import Iterator, Sequence
from typing import Any

from polyphony.app.lab.febrl import THRESHOLDS, Found
from polyphony.app.lab.judge import Result, Tally
from polyphony.domain.matching.telling import line

_MISTAKES_SHOWN = 10


def told(results: Sequence[Result]) -> dict[str, Any]:
    """Pool the results of several seeds."""
    everyone, known, dated = (
        _sum([getattr(one, name) for one in results]) for name in ("everyone", "known", "dated")
    )
    labels = sorted({label for one in results for label in one.by_label})
    return {
        "seeds": [one.seed for one in results],
        "base": sum(one.base for one in results),
        "known": known.asked,
        "strangers": everyone.asked - known.asked,
        "wrong": everyone.wrong,
        "figures": {
            "precision": _share(everyone.right, everyone.right + everyone.wrong),
            "recall": _share(known.right, known.asked),
            "recall_with_birth_date": _share(dated.right, dated.asked),
            "suggested": _share(everyone.suggested, everyone.asked),
            "true_in_two": _share(everyone.true_in_two, everyone.suggested),
            "relatives_right": _share(everyone.relatives_right, everyone.relatives),
            "found": _share(known.found, known.asked),
            "candidates": sum(one.candidates for one in results) / max(everyone.asked, 1),
            "ms_a_query": 1000 * sum(one.seconds for one in results) / max(everyone.asked, 1),
        },
        "happened": {
            label: _kind(_sum([one.by_label[label] for one in results if label in one.by_label]))
            for label in labels
        },
    }


def _kind(one: Tally) -> dict[str, float]:
    return {
        "asked": one.asked,
        "found": _share(one.found, one.asked),
        "same": _share(one.right, one.asked),
        "suggested": _share(one.true_in_two, one.asked),
        "wrong": one.wrong,
    }


def _sum(tallies: Sequence[Tally]) -> Tally:
    whole = Tally()
    for one in tallies:
        for name in Tally.__slots__:
            setattr(whole, name, getattr(whole, name) + getattr(one, name))
    return whole


def _share(part: int, whole: int) -> float:
    return round(part / whole, 5) if whole else 0.0


def table(facts: dict[str, Any], results: Sequence[Result]) -> list[str]:
    """Say it for people; the wrong ones are shown with what led to them."""
    figures = facts["figures"]
    known = f"{facts['base']} known, {facts['known']} of them come again"
    seeds = ", ".join(map(str, facts["seeds"]))
    dated = f"{figures['recall_with_birth_date']:.1%} of those with a birth date"
    right = f"by itself: {figures['precision']:.2%} right ({facts['wrong']} wrong)"
    suggested = f"suggested: {figures['suggested']:.1%}, the true one among two in"
    relatives = f"relatives: {figures['relatives_right']:.1%} really others"
    found = f"found by keys: {figures['found']:.1%}, {figures['candidates']:.1f} candidates"
    head = ("what happened", "asked", "found", "same", "suggested", "wrong")
    lines = [
        f"{known}, {facts['strangers']} strangers; seeds {seeds}",
        f"{right}, {figures['recall']:.1%} of all, {dated}",
        f"{suggested} {figures['true_in_two']:.1%}; {relatives}",
        f"{found}, {figures['ms_a_query']:.2f} ms each",
        "",
        "{:18} {:>7} {:>7} {:>7} {:>9} {:>5}".format(*head),
    ]
    for label, one in facts["happened"].items():
        lines.append(
            f"{label:18} {one['asked']:7} {one['found']:7.1%} {one['same']:7.1%} "
            f"{one['suggested']:9.1%} {one['wrong']:5}"
        )
    return [*lines, *_mistakes(results)]


def _mistakes(results: Sequence[Result]) -> Iterator[str]:
    wrong = [mistake for one in results for mistake in one.mistakes]
    for query, decision in wrong[:_MISTAKES_SHOWN]:
        who = "a stranger" if query.truth is None else "another one"
        if decision.best is not None:
            yield f"wrong ({who}; {', '.join(query.labels)}): {line(decision.best)}"


def febrl_facts(found: Found) -> dict[str, Any]:
    """Return the figures of the public set."""
    return {
        "people": found.people,
        "asked": found.asked,
        "found": _share(found.candidate, found.asked),
        "thresholds": {
            str(at): {"recall": _share(found.right[at], found.asked), "wrong": found.wrong[at]}
            for at in THRESHOLDS
        },
        "guarded": {"recall": _share(found.same_right, found.asked), "wrong": found.same_wrong},
        "strangers": found.strangers,
        "strangers_taken": found.strangers_taken,
        "strangers_suggested": _share(found.strangers_suggested, found.strangers),
        "second_stage": _share(found.second_stage, found.asked + found.strangers),
        "seconds": round(found.seconds, 1),
    }


def febrl_table(facts: dict[str, Any]) -> list[str]:
    """Say it for people."""
    asked = f"FEBRL4: {facts['asked']} people looked up among {facts['people']}"
    stage = f"found as candidates {facts['found']:.2%} (second stage for"
    taken = f"{facts['strangers']} strangers: {facts['strangers_taken']} taken for somebody"
    guarded = facts["guarded"]
    return [
        f"{asked}, {stage} {facts['second_stage']:.1%})",
        *(
            f"p >= {at}: recall {one['recall']:.2%}, wrong {one['wrong']}"
            for at, one in facts["thresholds"].items()
        ),
        f"with the guard: recall {guarded['recall']:.2%}, wrong {guarded['wrong']}",
        f"{taken} at p >= 0.99, {facts['strangers_suggested']:.2%} suggested",
    ]
