"""Customer: which channel he usually takes and why we think so; what may be noted of him."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from polyphony.domain.errors import Invalid

ATTRIBUTES_MAX = 50
VALUE_MAX = 500
_NAME = re.compile(r"[^\W_][\w .,:/()+-]{0,59}")
_ENOUGH = 3
_MOSTLY = 0.6


@dataclass(frozen=True, slots=True)
class Usual:
    """The channel a customer prefers as far as the data tell.

    ``why`` is ``mostly`` (``n`` of his last ``of`` contacts came by it) or ``only`` (we know no
    other good way to him; ``n`` and ``of`` count his contacts).
    """

    channel_kind: str
    why: str
    n: int
    of: int


def usual(contacts: Sequence[str], reachable: frozenset[str]) -> Usual | None:
    """Judge the channels of his last contacts; ``reachable`` are kinds with a good address.

    None when the data say nothing: too few contacts, or as many one way as the other.
    """
    of = len(contacts)
    counts = {kind: contacts.count(kind) for kind in contacts}
    if of >= _ENOUGH:
        kind = max(sorted(counts), key=counts.__getitem__)
        if counts[kind] >= _MOSTLY * of:
            return Usual(kind, "mostly", counts[kind], of)
    if len(reachable) == 1:
        (kind,) = reachable
        return Usual(kind, "only", counts.get(kind, 0), of)
    return None


def attributes(now: Mapping[str, object], change: Mapping[str, str | None]) -> dict[str, object]:
    """Return the attributes after a change (None takes one away); raise Invalid."""
    after = dict(now)
    for name, value in change.items():
        if not _NAME.fullmatch(name):
            raise Invalid("customer.attribute_name", {"given": name[:80]})
        if value is None or not value.strip():
            after.pop(name, None)
        elif len(value) > VALUE_MAX:
            raise Invalid("customer.attribute_long", {"name": name, "max": VALUE_MAX})
        else:
            after[name] = value.strip()
    if len(after) > ATTRIBUTES_MAX:
        raise Invalid("customer.attributes_many", {"max": ATTRIBUTES_MAX})
    return after
