"""Columns: many rows in one INSERT, each column sent as one array."""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import LiteralString

import orjson
from psycopg import adapters
from psycopg.abc import Buffer
from psycopg.adapt import Dumper

from polyphony.store.database import Session

Shape = Mapping[str, LiteralString]
"""Column → type; ``jsonb`` takes plain values, ``words`` a sequence of words without blanks."""

_TO: dict[str, LiteralString] = {"jsonb": "::jsonb", "words": ""}


def insert(table: LiteralString, shape: Shape, tail: LiteralString = "") -> LiteralString:
    """Return the statement that inserts parallel arrays named like the columns."""
    names: LiteralString = ", ".join(shape)
    return f"INSERT INTO {table} ({names}) SELECT {_values(shape)} FROM {_source(shape)} {tail}"


def source(shape: Shape, alias: LiteralString = "n") -> LiteralString:
    """Return parallel arrays as a table for UPDATE … FROM and joins."""
    return f"(SELECT {_values(shape)} FROM {_source(shape)}) AS {alias} ({', '.join(shape)})"


def params(shape: Shape, rows: Sequence[object]) -> dict[str, object]:
    """Read the columns of many objects (fields named like the columns) as arrays."""
    if not rows:
        return {name: _array(kind, ()) for name, kind in shape.items()}
    if len(shape) == 1:
        return {
            name: _array(kind, [getattr(r, name) for r in rows]) for name, kind in shape.items()
        }
    columns = zip(*map(attrgetter(*shape), rows), strict=True)
    return {
        name: _array(kind, values)
        for (name, kind), values in zip(shape.items(), columns, strict=True)
    }


async def add(
    session: Session, statement: LiteralString, shape: Shape, rows: Sequence[object]
) -> None:
    """Run one insert for all rows; nothing happens without rows."""
    if rows:
        await session.execute(statement, params(shape, rows))


class Array(bytes):
    """An array in PostgreSQL's own notation, as it goes over the wire."""

    __slots__ = ()


class _ArrayDumper(Dumper):
    def dump(self, obj: Buffer) -> Buffer:
        return obj


adapters.register_dumper(Array, _ArrayDumper)


def _array(kind: str, values: Sequence[object]) -> object:
    """Write a whole column at once.

    A JSON array without escapes is an array of PostgreSQL but for its brackets, and orjson writes
    it far faster than any loop here could; ``null`` means the same in both.
    """
    if kind == "bytea":
        return list(values)
    written = orjson.dumps(_TEXTS[kind](values) if kind in _TEXTS else values)
    if kind != "jsonb" and b"\\" in written:
        # The two notations escape line ends and tabs differently.
        return Array(f"{{{','.join(map(_quoted, orjson.loads(written)))}}}".encode())
    return Array(b"{%b}" % written[1:-1])


def _quoted(text: str | None) -> str:
    if text is None:
        return "NULL"
    if '"' in text or "\\" in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _documents(values: Sequence[object]) -> list[str | None]:
    """Write JSON into JSON: all that is left to escape then is escaped alike in both."""
    return [None if one is None else orjson.dumps(one).decode() for one in values]


def _words(values: Sequence[object]) -> list[str | None]:
    return [" ".join(one) if isinstance(one, (list, tuple)) else None for one in values]


_TEXTS: Mapping[str, Callable[[Sequence[object]], Sequence[str | None]]] = {
    "jsonb": _documents,
    "words": _words,
}


def _values(shape: Shape) -> LiteralString:
    parts: list[LiteralString] = []
    for name, kind in shape.items():
        value: LiteralString = f"{name}{_TO.get(kind, '')}"
        parts.append(f"string_to_array({name}, ' ')" if kind == "words" else value)
    return ", ".join(parts)


def _source(shape: Shape) -> LiteralString:
    arrays: list[LiteralString] = [
        f"%({name}){'b' if kind == 'bytea' else 's'}::{'text' if kind in _TO else kind}[]"
        for name, kind in shape.items()
    ]
    return f"unnest({', '.join(arrays)}) AS t ({', '.join(shape)})"
