"""SLA policy: which promise holds for a Case, and which ones lost to it and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any
from uuid import UUID

from polyphony.domain.errors import Invalid
from polyphony.domain.sla import PAUSING, WARN_PCT, ClockType
from polyphony.domain.work import Tier

PROMISED: tuple[ClockType, ...] = (
    ClockType.ACKNOWLEDGE,
    ClockType.FIRST_RESPONSE,
    ClockType.NEXT_RESPONSE,
    ClockType.UPDATE_EVERY,
    ClockType.RESOLUTION,
    ClockType.STEP,
)
"""What a policy may set a target for; deadlines of the law come from their templates."""
TARGET_MAX_S = 31_536_000
NAMED_MAX = 200


class Level(IntEnum):
    """How closely a policy is meant: the lower number wins."""

    HAND = 1
    CUSTOMER = 2
    PRODUCT = 3
    SEGMENT = 4
    KIND = 5
    QUEUE = 6
    ACCOUNT = 7
    DEPARTMENT = 8
    GLOBAL = 9
    USUAL = 10  # the usual target of the channel: no policy at all


_KEYS: tuple[tuple[str, Level], ...] = (
    ("customers", Level.CUSTOMER),
    ("products", Level.PRODUCT),
    ("tiers", Level.SEGMENT),
    ("kinds", Level.KIND),
    ("queues", Level.QUEUE),
    ("accounts", Level.ACCOUNT),
    ("departments", Level.DEPARTMENT),
)
_NARROWS = "channels"
"""Narrows a policy to channels without making it closer."""
_IDS = frozenset({"customers", "queues", "accounts", "departments"})


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom a policy is meant; every list that names something must name the Case's own.

    A product is a tag of the Case, a segment a tier of the customer, until both have tables.
    """

    customers: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    tiers: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()

    @property
    def level(self) -> Level:
        """The closest thing it names."""
        return next((level for key, level in _KEYS if getattr(self, key)), Level.GLOBAL)

    def fits(self, facts: "Facts") -> bool:
        """Tell whether everything it names is the Case's own."""
        return all(
            not (wanted := getattr(self, key)) or bool(wanted & facts.named(key))
            for key in (*(key for key, _ in _KEYS), _NARROWS)
        )


@dataclass(frozen=True, slots=True)
class Facts:
    """What the choice must know of a Case; ids as text, ``hand`` = the policy set by a person."""

    channel: str
    tier: str = "standard"
    kind: str = "request"
    customer: str = ""
    queue: str = ""
    account: str = ""
    department: str = ""
    tags: frozenset[str] = frozenset()
    hand: UUID | None = None

    def named(self, key: str) -> frozenset[str]:
        """What of the Case stands against a list of a scope."""
        if key == "products":
            return self.tags
        return frozenset({getattr(self, key.removesuffix("s"))})


@dataclass(frozen=True, slots=True)
class Policy:
    """One promise: targets in working ms per clock, and what goes with them.

    ``rank`` orders policies of one level (the lower wins). ``on_change``: what happens to a clock
    that runs already when this policy begins to hold (stricter, replace, keep).
    """

    id: UUID
    name: str
    rank: int
    scope: Scope
    targets: Mapping[ClockType, int]
    pauses: frozenset[str] = PAUSING
    warn_pct: int = WARN_PCT
    on_change: str = "stricter"
    calendar: UUID | None = None
    escalation: UUID | None = None


@dataclass(frozen=True, slots=True)
class Loser:
    """A promise that fits too but is not kept, and why: it is farther, ranked lower or younger."""

    id: UUID | None
    name: str
    level: Level
    target_ms: int
    why: str  # level | rank | id

    def as_json(self) -> dict[str, object]:
        """Write it down beside the clock."""
        return {
            "id": None if self.id is None else str(self.id),
            "name": self.name,
            "level": self.level.name.lower(),
            "target_ms": self.target_ms,
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class Chosen:
    """The promise that holds; ``policy`` None = the Queue's own target or the channel's usual."""

    policy: Policy | None
    level: Level
    target_ms: int
    losers: tuple[Loser, ...] = ()


@dataclass(frozen=True, slots=True)
class _Bid:
    level: Level
    rank: int
    key: str
    target_ms: int
    policy: Policy | None = None

    @property
    def order(self) -> tuple[int, int, str]:
        return self.level, self.rank, self.key


@dataclass(frozen=True, slots=True)
class Own:
    """What holds without any policy: the Queue's own target, else the channel's usual one."""

    queue_ms: int | None = None
    usual_ms: int | None = None


NOTHING = Own()
_LAST = 2**31


def choose(
    policies: Iterable[Policy], facts: Facts, kind: ClockType, own: Own = NOTHING
) -> Chosen | None:
    """Choose the promise of one clock; None when nobody promised anything.

    The closest level wins, then the lower rank, then the older id; a Queue's own target counts
    after the policies that name the Queue.
    """
    bids = [
        _Bid(_level(one, facts), one.rank, str(one.id), one.targets[kind], one)
        for one in policies
        if kind in one.targets and (one.id == facts.hand or one.scope.fits(facts))
    ]
    if own.queue_ms is not None:
        bids.append(_Bid(Level.QUEUE, _LAST, "", own.queue_ms))
    if own.usual_ms is not None:
        bids.append(_Bid(Level.USUAL, _LAST, "", own.usual_ms))
    if not bids:
        return None
    winner, *rest = sorted(bids, key=lambda one: one.order)
    return Chosen(
        winner.policy, winner.level, winner.target_ms, tuple(_lost(one, winner) for one in rest)
    )


def _level(policy: Policy, facts: Facts) -> Level:
    return Level.HAND if policy.id == facts.hand else policy.scope.level


def _lost(one: _Bid, winner: _Bid) -> Loser:
    why = "level" if one.level != winner.level else "rank" if one.rank != winner.rank else "id"
    policy = one.policy
    return Loser(
        policy.id if policy else None, policy.name if policy else "", one.level, one.target_ms, why
    )


# ── as it is stored ─────────────────────────────────────────────────────────────────────────────


def scope_of(raw: Mapping[str, Sequence[str]]) -> Scope:
    """Read a scope; raise Invalid for a list that is none or too long."""
    known = {key for key, _ in _KEYS} | {_NARROWS}
    if raw.keys() - known:
        raise Invalid("sla_policy.scope", {"names": sorted(raw.keys() - known)[:10]})
    for key, values in raw.items():
        if len(values) > NAMED_MAX or not all(values):
            raise Invalid("sla_policy.scope", {"field": key, "max": NAMED_MAX})
        if key in _IDS:
            _ids(key, values)
        if key == "tiers" and set(values) - set(Tier):
            raise Invalid("sla_policy.scope", {"field": key, "known": list(Tier)})
    return Scope(**{key: frozenset(values) for key, values in raw.items()})


def _ids(key: str, values: Sequence[str]) -> None:
    try:
        for one in values:
            UUID(one)
    except ValueError as wrong:
        raise Invalid("sla_policy.scope", {"field": key}) from wrong


def targets_of(raw: Mapping[str, int]) -> dict[ClockType, int]:
    """Read targets (``first_response_s`` …) as working ms; raise Invalid when one is none."""
    known = {f"{one.value}_s": one for one in PROMISED}
    answer = raw.get("first_response_s")
    if answer is not None:  # who promises the first answer means every one
        raw = {"next_response_s": answer, **raw}
    if raw.keys() - known.keys():
        raise Invalid("sla_policy.targets", {"names": sorted(raw.keys() - known.keys())[:10]})
    if not all(1 <= seconds <= TARGET_MAX_S for seconds in raw.values()):
        raise Invalid("sla_policy.targets", {"max": TARGET_MAX_S})
    return {known[name]: seconds * 1000 for name, seconds in raw.items()}


@dataclass(frozen=True, slots=True)
class Policies:
    """All policies in force, those by which nothing can be promised for a channel left out."""

    all: tuple[Policy, ...] = ()
    _by_id: Mapping[UUID, Policy] = field(default_factory=dict)

    @staticmethod
    def of(policies: Iterable[Policy]) -> "Policies":
        """Keep policies with a way to find one again."""
        every = tuple(policies)
        return Policies(every, {one.id: one for one in every})

    def get(self, id_: UUID | None) -> Policy | None:
        """Return one policy; None when there is none (any more)."""
        return None if id_ is None else self._by_id.get(id_)


def check(values: Mapping[str, Any]) -> None:
    """Refuse what no policy can be: scope, targets, pauses, share of the warning."""
    scope_of(values.get("scope") or {})
    targets_of(values.get("targets") or {})
    strange = set(values.get("pauses") or ()) - PAUSING
    if strange:
        raise Invalid("sla_policy.pauses", {"known": sorted(PAUSING)})
