"""Canonical: facts, rules and decisions as plain JSON values, the same for the same things.

A value is a list of its fields in order, without those at the end that have their default: what
gains a field later still reads what was written before. Mappings are sorted pairs, sets sorted
lists, so nothing depends on the order in which something was put together.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from datetime import date
from enum import Enum
from functools import cache, lru_cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from polyphony.domain.routing.decisions import Decision
from polyphony.domain.routing.facts import AgentFacts, Input, ItemFacts, Pace, Policy
from polyphony.domain.service_hours import ServiceHours
from polyphony.domain.skill import Requirement

Plain = Any
"""None, bool, int, str, and lists of these."""


class Codec(NamedTuple):
    """How a type is written and read; None = it is plain already."""

    write: Callable[[Any], Plain] | None
    read: Callable[[Plain], Any] | None


_PLAIN = Codec(None, None)


def _uuid_text(one: UUID) -> str:
    return f"{one.int:032x}"


@lru_cache(maxsize=65_536)
def _uuid(text: str) -> UUID:
    return UUID(int=int(text, 16))


def _sorted_set(of: Codec) -> Codec:
    write, read = of
    return Codec(
        lambda some: sorted(some if write is None else map(write, some)),
        lambda some: frozenset(some if read is None else map(read, some)),
    )


def _mapping(key: Codec, value: Codec) -> Codec:
    def write(some: Mapping[Any, Any]) -> Plain:
        if not some:
            return []
        (name, _), (worth, _) = key, value
        return sorted(
            [k if name is None else name(k), v if worth is None else worth(v)]
            for k, v in some.items()
        )

    def read(some: Plain) -> dict[Any, Any]:
        (_, name), (_, worth) = key, value
        return {
            (k if name is None else name(k)): (v if worth is None else worth(v)) for k, v in some
        }

    return Codec(write, read)


def _many(of: Codec) -> Codec:
    write, read = of
    return Codec(
        list if write is None else lambda some: [write(one) for one in some] if some else [],
        tuple if read is None else lambda some: tuple(read(one) for one in some),
    )


def _asked_again(of: Codec) -> Codec:
    """What thousands share is written once; nobody changes what was written."""
    write = of.write
    return of if write is None else Codec(lru_cache(maxsize=4096)(write), of.read)


def _few(parts: Sequence[Codec]) -> Codec:
    """Several values of their own kinds, one behind the other."""
    writers, readers = [one.write for one in parts], [one.read for one in parts]
    return Codec(
        lambda some: _each(writers, some),
        lambda some: tuple(_each(readers, some)),
    )


def _each(how: Sequence[Callable[[Any], Any] | None], some: Sequence[Any]) -> list[Any]:
    return [one if change is None else change(one) for change, one in zip(how, some, strict=True)]


def _maybe(of: Codec) -> Codec:
    write, read = of
    if write is None or read is None:
        return _PLAIN
    return Codec(
        lambda one: None if one is None else write(one),
        lambda one: None if one is None else read(one),
    )


def _record(kind: type) -> Codec:
    """A dataclass: its fields in order; those left out at the end have their default."""
    hints = get_type_hints(kind)
    kept = [one for one in fields(kind) if one.init and one.name != "grounds"]
    codecs = [codec(hints[one.name]) for one in kept]
    write_at = [(n, one.write) for n, one in enumerate(codecs) if one.write is not None]
    read_at = [(n, one.read) for n, one in enumerate(codecs) if one.read is not None]
    names = [one.name for one in kept]
    values = attrgetter(*names) if len(names) > 1 else None
    defaults = [_default(one, how) for one, how in zip(kept, codecs, strict=True)]

    def write(one: object) -> Plain:
        row = list(values(one)) if values is not None else [getattr(one, names[0])]
        for place, change in write_at:
            row[place] = change(row[place])
        while row and row[-1] == defaults[len(row) - 1]:
            row.pop()
        return row

    def read(row: Plain) -> object:
        row = list(row)
        for place, change in read_at:
            if place >= len(row):
                break
            row[place] = change(row[place])
        return kind(*row)

    return Codec(write, read)


_NO_DEFAULT = object()


def _default(one: "Field[Any]", how: Codec) -> Plain:
    value: Any = _NO_DEFAULT
    if one.default is not MISSING:
        value = one.default
    elif one.default_factory is not MISSING:
        value = one.default_factory()
    return value if value is _NO_DEFAULT or how.write is None else how.write(value)


def _hours() -> Codec:
    """Equal hours are one object when read: what one has learned of its days serves all."""
    plain = _record(ServiceHours)
    write, read = plain.write, plain.read

    @lru_cache(maxsize=512)
    def known(text: str) -> Any:  # noqa: ANN401 - service hours
        return None if read is None else read(json.loads(text))

    return Codec(write, lambda row: known(json.dumps(row)))


@cache
def codec(hint: Any) -> Codec:  # noqa: ANN401 - one line for each kind of type
    """Return how values of a type are written and read."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        return _maybe(codec(next(one for one in args if one is not NoneType)))
    if origin is tuple:
        some = len(args) == 2 and args[1] is Ellipsis
        many = _many(codec(args[0])) if some else _few([codec(one) for one in args])
        return _asked_again(many) if args[0] is Requirement else many
    if origin is frozenset:
        return _sorted_set(codec(args[0]))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(codec(args[0]), codec(args[1]))
    if origin is not None and issubclass(origin, Sequence):
        return _many(codec(args[0]))
    return _simple(hint)


def _simple(kind: type) -> Codec:
    if kind is UUID:
        return Codec(_uuid_text, _uuid)
    if kind is date:
        return Codec(date.isoformat, date.fromisoformat)
    if kind is ServiceHours:
        return _hours()
    if issubclass(kind, Enum):
        return Codec(attrgetter("value"), kind)
    return _PLAIN if kind in {int, str, bool} else _record(kind)


def _tag(kind: type) -> str:
    """Name of a kind in small letters, words apart."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in kind.__name__).strip("_")


_INPUTS: Mapping[str, type] = {_tag(one): one for one in get_args(Input)}


def _writer(kind: type) -> Callable[[Any], list[Plain]]:
    """How a dataclass is written: never as it is."""
    write = codec(kind).write
    if write is None:  # pragma: no cover - records are always written out
        raise TypeError(kind)
    return write


_WRITE_INPUT = {kind: (tag, _writer(kind)) for tag, kind in _INPUTS.items()}
_DECISIONS: Mapping[str, type] = {_tag(one): one for one in get_args(Decision)}
_WRITE_DECISION = {kind: (tag, _writer(kind)) for tag, kind in _DECISIONS.items()}
_NAMES = {
    tag: [one.name for one in fields(kind) if one.name != "grounds"]
    for tag, kind in (*_INPUTS.items(), *_DECISIONS.items())
}


def write_inputs(inputs: Sequence[Input]) -> list[Plain]:
    """Write inputs in the order they were taken, each with its kind first."""
    return _tagged(_WRITE_INPUT, inputs)


def write_decisions(decided: Sequence[Decision]) -> list[Plain]:
    """Write decisions, each with its kind first; reasons are not part of them."""
    return _tagged(_WRITE_DECISION, decided)


def _tagged(
    how: Mapping[Any, tuple[str, Callable[[Any], list[Plain]]]], some: Sequence[Any]
) -> list[Plain]:
    written = []
    for one in some:
        tag, write = how[type(one)]
        row = write(one)
        row.insert(0, tag)
        written.append(row)
    return written


def read_inputs(written: Sequence[Plain]) -> list[Input]:
    """Read inputs again."""
    return [_read(_INPUTS[tag], row) for tag, *row in written]


def _read(kind: type, row: Plain) -> Any:  # noqa: ANN401 - one of this kind
    read = codec(kind).read
    return kind(*row) if read is None else read(row)


class Opening(NamedTuple):
    """What a state was built from at a moment, and the digest its chain goes on from."""

    previous: bytes
    at: int
    items: Sequence[ItemFacts]
    agents: Sequence[AgentFacts]
    pace: Pace | None = None


def write_opening(one: Opening) -> Plain:
    """Write the facts a state was built from."""
    item, agent = _writer(ItemFacts), _writer(AgentFacts)
    return [
        one.previous.hex(),
        one.at,
        [item(facts) for facts in one.items],
        [agent(facts) for facts in one.agents],
        [] if one.pace is None else write_inputs([one.pace]),
    ]


def read_opening(written: Plain) -> Opening:
    """Read the facts again."""
    previous, at, items, agents, *rest = written
    pace: Pace | None = _read(Pace, rest[0][0][1:]) if rest and rest[0] else None
    return Opening(
        bytes.fromhex(previous),
        at,
        [_read(ItemFacts, row) for row in items],
        [_read(AgentFacts, row) for row in agents],
        pace,
    )


def write_policy(policy: Policy) -> Plain:
    """Write the content of rules; the version is not part of it."""
    return [0, *_writer(Policy)(policy)[1:]]


def read_policy(written: Plain, version: int) -> Policy:
    """Read rules again and give them their version."""
    policy: Policy = _read(Policy, [version, *written[1:]])
    return policy


def named(written: Plain) -> dict[str, Plain]:
    """Name the fields of one written input or decision, for people."""
    tag, *row = written
    return {"kind": tag, **dict(zip(_NAMES[tag], row, strict=False))}
