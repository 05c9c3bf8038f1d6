"""`polyphony read`: what the product understands of a mail, one JSON object for each."""

import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Protocol

import orjson
import typer

_CHUNK = 1 << 20
_TELL_S = 3.0
"""How often progress is told to a person whose answers go to a file."""


class ReadBatch(Protocol):
    """How the roof reads files: (name shown, path) in, one JSON object for each out, in order."""

    def __call__(
        self,
        files: Iterable[tuple[str, str]],
        *,
        limited: bool,
        own: frozenset[str],
        out: str | None,
        explain: bool,
    ) -> Iterator[dict[str, object]]:
        """Read the files one after another."""
        ...


def program(read_batch: ReadBatch) -> typer.Typer:
    """Return the commands `read …`; the reading itself is handed in by the roof."""
    app = typer.Typer(help="Show what Polyphony understands of a message.", no_args_is_help=True)

    @app.callback()
    def _group() -> None:
        """Show what Polyphony understands of a message."""

    @app.command()
    def email(  # noqa: PLR0913, PLR0917 - the options of the command
        files: Annotated[
            list[str] | None, typer.Argument(metavar="FILE…|-", help="Mails; - is standard input.")
        ] = None,
        folder: Annotated[
            Path | None, typer.Option("--dir", help="Read every file below this folder.")
        ] = None,
        as_json: Annotated[  # noqa: FBT002 - a switch of the command line
            bool, typer.Option("--json", help="One JSON object for each mail (the default).")
        ] = False,
        as_lines: Annotated[  # noqa: FBT002 - a switch of the command line
            bool, typer.Option("--jsonl", help="One JSON object a line; needed with --dir.")
        ] = False,
        attachments: Annotated[
            Path | None, typer.Option(help="Write attachments to this folder by their SHA-256.")
        ] = None,
        limits: Annotated[str, typer.Option(help="default or none (debugging only).")] = "default",
        own: Annotated[
            list[str] | None, typer.Option(help="An address of ours, for the loop test.")
        ] = None,
        explain: Annotated[  # noqa: FBT002 - a switch of the command line
            bool, typer.Option("--explain", help="Add why: what decided each field.")
        ] = False,
    ) -> None:
        """Read mails and print what is understood of them; needs no database."""
        _check(files, folder, limits, as_json=as_json, as_lines=as_lines)
        out = _out(attachments)
        with tempfile.TemporaryDirectory(prefix="polyphony-read-") as spare:
            wanted = _below(folder) if folder else _named(files or [], Path(spare))
            answers = read_batch(
                wanted,
                limited=limits == "default",
                own=frozenset(one.lower() for one in own or ()),
                out=out,
                explain=explain,
            )
            indent = not as_lines and folder is None and sys.stdout.isatty()
            failed = _print(answers, indent=indent)
        raise typer.Exit(1 if failed else 0)

    return app


def _check(
    files: list[str] | None, folder: Path | None, limits: str, *, as_json: bool, as_lines: bool
) -> None:
    if bool(files) == (folder is not None):
        raise typer.BadParameter("name files, or a folder with --dir --jsonl, not both")
    if folder is not None and (as_json or not as_lines):
        raise typer.BadParameter("--dir prints one object a line: add --jsonl")
    if folder is not None and not folder.is_dir():
        raise typer.BadParameter(f"there is no folder {folder}")
    if limits not in {"default", "none"}:
        raise typer.BadParameter("--limits is default or none")


def _out(folder: Path | None) -> str | None:
    if folder is None:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise typer.BadParameter(f"cannot write to {folder}") from error
    return str(folder.resolve())


def _named(files: list[str], spare: Path) -> Iterator[tuple[str, str]]:
    for name in files:
        if name != "-":
            yield _shown(name), _path(name)
            continue
        kept = spare / "stdin"
        with kept.open("wb") as copy:
            while piece := sys.stdin.buffer.read(_CHUNK):
                copy.write(piece)
        yield "-", str(kept)


def _below(folder: Path) -> Iterator[tuple[str, str]]:
    """Every regular file, links not followed, sorted by its relative path in code-point order."""
    found: list[tuple[str, str]] = []
    for root, _, names in os.walk(folder, followlinks=False):
        for name in names:
            path = Path(root, name)
            if path.is_file() and not path.is_symlink():
                found.append((path.relative_to(folder).as_posix(), str(path)))
    for name, full in sorted(found):
        yield _shown(name), _path(full)


def _shown(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "replace")


def _path(name: str) -> str:
    """File names need not be UTF-8: the bytes travel as Latin-1 letters, see the reader."""
    return os.fsencode(name).decode("latin-1")


def _print(answers: Iterator[dict[str, object]], *, indent: bool) -> bool:
    failed = False
    told, quiet = time.monotonic(), sys.stdout.isatty() or not sys.stderr.isatty()
    options = orjson.OPT_APPEND_NEWLINE | (orjson.OPT_INDENT_2 if indent else 0)
    for number, one in enumerate(answers):
        failed = failed or "error" in one
        if not quiet and time.monotonic() - told > _TELL_S:
            told = time.monotonic()
            sys.stderr.write(f"{number} mails read\n")
        sys.stdout.buffer.write(orjson.dumps(one, option=options))
        sys.stdout.buffer.flush()
    return failed
