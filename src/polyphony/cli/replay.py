"""`polyphony replay`: what the router decided, lived through again from its journal."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import typer


@dataclass(frozen=True, slots=True)
class ReplayAsk:
    """What was asked: from when to when, only to prove, about which WorkItem."""

    since: str | None
    until: str | None
    verify: bool
    item: str | None
    as_json: bool


ReplayProgram = Callable[[ReplayAsk], int]


def add(app: typer.Typer, program: ReplayProgram) -> None:
    """Add the command."""

    @app.command()
    def replay(
        *,
        since: Annotated[
            str | None, typer.Option("--from", help="2026-09-28T08:00, UTC unless said otherwise.")
        ] = None,
        until: Annotated[str | None, typer.Option("--to", help="The same; else until now.")] = None,
        verify: Annotated[
            bool, typer.Option("--verify", help="Only prove that all would be decided again.")
        ] = False,
        item: Annotated[str | None, typer.Option("--item", help="Only this WorkItem.")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
    ) -> None:
        """List what the router decided by living through it again; 4 where it differs."""
        raise typer.Exit(program(ReplayAsk(since, until, verify, item, as_json)))
