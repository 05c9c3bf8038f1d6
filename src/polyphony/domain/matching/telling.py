"""Telling: evidence as one line a person can read, as a Link keeps it."""

from polyphony.domain.matching.deciding import Decision
from polyphony.domain.matching.judging import Judged
from polyphony.domain.matching.levels import Field


def line(judged: Judged) -> str:
    """Return e.g. ``given equal +6.4 · born equal +14.3 · address different -2.5 = 4.2 bits``.

    No value of the person is in it. What contradicts stands at the end.
    """
    told = [
        f"{field.value} {judged.agreed[field].level.value} {judged.worth[field]:+.1f}"
        for field in Field
        if field in judged.agreed
    ]
    whole = f"{' · '.join(told) or 'nothing to compare'} = {judged.bits:.1f} bits, p {judged.p:.4f}"
    against = judged.contradiction
    return f"{whole}; {against.value} speaks against it" if against else whole


def why_not(decision: Decision) -> str:
    """Return what keeps a suggestion from being ``same``, and what to ask; empty for ``same``."""
    codes = [
        one.why.value if one.number is None else f"{one.why.value} {one.number:g}"
        for one in decision.hindrances
    ]
    if decision.ask is not None:
        share = round(100 * decision.ask.settles)
        codes.append(f"ask {decision.ask.field.value} (settles it in {share} %)")
    return ", ".join(codes)
