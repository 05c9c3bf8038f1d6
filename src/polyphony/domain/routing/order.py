"""Order: which item of a Queue goes first, where its Queue does not go by the score."""

from polyphony.domain.routing.classes import TIE_MASK, Curve, Line

SCORE, LONGEST_IDLE, STATIC, FIFO = "score", "longest_idle", "static_priority", "fifo"
Found = tuple[int, int, Curve]
"""Score, key and curve of the best item of a curve."""


def by_idle(curve: Curve) -> bool:
    """Tell whether the Queue asks whoever has been idle longest, whatever his score."""
    return curve.line.policy.ordering != SCORE


def chosen(found: list[Found]) -> list[Found]:
    """Keep of each Queue with an order of its own the one item that goes first there.

    ``fifo``: who has waited longest. ``static_priority``: the highest weight per target, then who
    has waited longest. Between Queues the score decides.
    """
    kept, first = [], dict[Line, tuple[tuple[int, int], Found]]()
    for one in found:
        curve = one[2]
        ordering = curve.line.policy.ordering
        if ordering not in (STATIC, FIFO):
            kept.append(one)
            continue
        place = (-curve.priority if ordering == STATIC else 0, one[1] & TIE_MASK)
        best = first.get(curve.line)
        if best is None or place < best[0]:
            first[curve.line] = (place, one)
    return kept + [one for _, one in first.values()]
