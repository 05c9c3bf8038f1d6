"""The configuration as a file, for the person at the terminal: out, compared, in."""

import asyncio
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from polyphony import settings
from polyphony.app import clock
from polyphony.app.say import answer, say
from polyphony.app.staffing import work
from polyphony.domain.errors import Invalid
from polyphony.domain.event import SYSTEM
from polyphony.flows.config_file import pictures
from polyphony.flows.config_file.apply import apply, diff
from polyphony.flows.config_file.compare import Difference
from polyphony.flows.config_file.export import present
from polyphony.flows.config_file.text import Faulty, Read, read, write
from polyphony.integrations.storage import FilesOnDisk

SIGNS = {"add": "+", "change": "~", "remove": "-"}


def config_export(to: Path | None) -> int:
    """Write the configuration to a file, or to standard output."""
    text = asyncio.run(_export())
    if to is None:
        sys.stdout.write(text)
        return 0
    to.write_text(text, encoding="utf-8")
    say(f"written: {to}")
    return 0


async def _export() -> str:
    chosen = settings.read()
    async with work(chosen, make=False) as session:
        file = (await present(session)).file
    return write(await pictures.drawn(file, FilesOnDisk(chosen.files_path)))


def config_diff(path: Path, as_json: bool) -> int:  # noqa: FBT001 - shape of cli.ConfigPrograms
    """Say what taking a file in would change."""
    return _told(path, lambda found: asyncio.run(_diff(found)), as_json=as_json)


async def _diff(found: Read) -> list[Difference]:
    async with work(settings.read(), make=False) as session:
        return await diff(session, found)


def config_apply(path: Path, dry_run: bool, as_json: bool) -> int:  # noqa: FBT001 - shape of cli.ConfigPrograms
    """Take a file in, all or nothing; a dry run tries it and takes it back."""
    return _told(path, lambda found: asyncio.run(_apply(found, dry_run=dry_run)), as_json=as_json)


async def _apply(found: Read, *, dry_run: bool) -> list[Difference]:
    chosen = settings.read()
    async with work(chosen, make=False) as session:
        if not dry_run:
            await pictures.keep(found.file, FilesOnDisk(chosen.files_path))
        told = await apply(session, found, clock.now(), SYSTEM)
        if dry_run:
            await session.rollback()
        return told


def _told(path: Path, run: Callable[[Read], list[Difference]], *, as_json: bool) -> int:
    try:
        told = run(read(_given(path)))
    except Faulty as faulty:
        found = faulty.facts["faults"]
        faults = found if isinstance(found, list) else []
        lines = [
            f"line {one['line']}: {one['path']}: {one['code']} {one['detail']}" for one in faults
        ]
        answer({"faults": faults}, lines, as_json=as_json)
        return 1
    lines = list(_lines(told))
    answer({"changes": [one.told() for one in told]}, lines or ["no difference"], as_json=as_json)
    return 0


def _given(path: Path) -> str:
    if str(path) == "-":
        return sys.stdin.read()
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid("config.unreadable", {"file": str(path), "why": str(error)[:200]}) from error


def _lines(told: Sequence[Difference]) -> Iterator[str]:
    for one in told:
        yield f"{SIGNS[one.op]} {one.section}: {one.name}"
        if one.op == "change":
            for name, old, new in one.fields:
                yield f"    {name}: {old!r} → {new!r}"
