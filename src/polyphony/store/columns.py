"""Columns: many rows in one INSERT, each column sent as one array."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import LiteralString
from uuid import UUID

import orjson

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
    return {name: _array(kind, [getattr(r, name) for r in rows]) for name, kind in shape.items()}


async def add(
    session: Session, statement: LiteralString, shape: Shape, rows: Sequence[object]
) -> None:
    """Run one insert for all rows; nothing happens without rows."""
    if rows:
        await session.execute(statement, params(shape, rows))


def _array(kind: str, values: list[object]) -> object:
    """Write an array literal: far cheaper than letting each element find its own dumper."""
    if kind == "bytea":
        return values
    write = _WRITERS.get(kind, str)
    return f"{{{','.join(['NULL' if one is None else write(one) for one in values])}}}"


def _quoted(text: object) -> str:
    written = text if isinstance(text, str) else str(text)
    if '"' in written or "\\" in written:
        written = written.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{written}"'


def _uuid(value: object) -> str:
    return f"{value.int:032x}" if isinstance(value, UUID) else str(value)


def _moment(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else _quoted(value)


def _words(value: object) -> str:
    return _quoted(" ".join(value)) if isinstance(value, (list, tuple)) else '""'


_WRITERS: Mapping[str, Callable[[object], str]] = {
    "uuid": _uuid,
    "text": _quoted,
    "timestamptz": _moment,
    "jsonb": lambda value: _quoted(orjson.dumps(value).decode()),
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
