"""Succession: which id a Customer keeps when he is joined or comes apart."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Bearer:
    """A Customer who may lend his id: does a master system know him by it, and since when."""

    id: str
    since: datetime
    mastered: bool = False


def survivor(bearers: Iterable[Bearer]) -> str:
    """Return whose id stays: known to a master system, then older, then smaller."""
    return min(bearers, key=lambda one: (not one.mastered, one.since, one.id)).id


def after_split(
    pieces: Sequence[frozenset[str]],
    before: Mapping[str, frozenset[str]],
    current: str,
    made_at: Mapping[str, datetime],
) -> tuple[str | None, ...]:
    """Return the id of each piece of a Customer who came apart; None asks for a new one.

    A piece equal to what an id was before a merge (``before``, without ``current``) gets that id
    back. Of the rest, the one with the oldest Record keeps ``current``.
    """
    ids: list[str | None] = []
    free = {id_: records for id_, records in before.items() if id_ != current}
    for piece in pieces:
        back = min((id_ for id_, records in free.items() if records == piece), default=None)
        ids.append(back)
        free.pop(back or "", None)
    rest = [place for place, id_ in enumerate(ids) if id_ is None]
    if rest:
        oldest = min(rest, key=lambda place: min((made_at[one], one) for one in pieces[place]))
        ids[oldest] = current
    return tuple(ids)
