"""`polyphony audit` and `polyphony search`: the chain of the audit, the index of the search."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer


@dataclass(frozen=True, slots=True)
class LogPrograms:
    """What the commands do; each returns an exit code. Made by ``app.main``."""

    verify: Callable[[Path | None, bool], int]
    head: Callable[[Path | None, bool], int]
    rebuild: Callable[[bool, bool], int]


Json = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


def program(programs: LogPrograms) -> typer.Typer:
    """Return the commands `audit …`."""
    app = typer.Typer(help="The hash chain of the audit log.", no_args_is_help=True)

    @app.callback()
    def group() -> None:
        """The hash chain of the audit log."""

    @app.command()
    def verify(
        *,
        head: Annotated[
            Path | None, typer.Option("--head", help="A head that was exported before.")
        ] = None,
        as_json: Json = False,
    ) -> None:
        """Prove that no line was changed, removed or inserted; 4 and which ones where one was."""
        raise typer.Exit(programs.verify(head, as_json))

    @app.command()
    def head(
        *,
        to: Annotated[Path | None, typer.Option("--to", help="A file outside this house.")] = None,
        as_json: Json = False,
    ) -> None:
        """Export number and digest of the newest block."""
        raise typer.Exit(programs.head(to, as_json))

    return app


def searching(programs: LogPrograms) -> typer.Typer:
    """Return the commands `search …`."""
    app = typer.Typer(help="The index of the search.", no_args_is_help=True)

    @app.callback()
    def group() -> None:
        """The index of the search."""

    @app.command()
    def rebuild(
        *,
        now: Annotated[
            bool, typer.Option("--now", help="Do it here and wait; else the worker does.")
        ] = False,
        as_json: Json = False,
    ) -> None:
        """Index all history again, newest first; searching goes on meanwhile."""
        raise typer.Exit(programs.rebuild(now, as_json))

    return app
