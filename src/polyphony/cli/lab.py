"""`polyphony lab`: made-up people, and the judges of who is taken for whom."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

Seed = Annotated[int, typer.Option("--seed", min=0, help="The same seed makes the same people.")]
Queries = Annotated[int, typer.Option("--queries", min=50, help="Known people who come again.")]
Json = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


@dataclass(frozen=True, slots=True)
class PeopleAsk:
    """What was asked of `polyphony lab people`."""

    seed: int
    size: int
    queries: int
    out: Path | None


@dataclass(frozen=True, slots=True)
class MatchAsk:
    """What was asked of `polyphony lab match`: so many seeds from ``seed`` on."""

    seed: int
    size: int
    queries: int
    runs: int
    as_json: bool


@dataclass(frozen=True, slots=True)
class FebrlAsk:
    """What was asked of `polyphony lab febrl`."""

    seed: int
    others: int
    as_json: bool


@dataclass(frozen=True, slots=True)
class LabPrograms:
    """What the commands do; each returns an exit code."""

    people: Callable[[PeopleAsk], int]
    match: Callable[[MatchAsk], int]
    febrl: Callable[[FebrlAsk], int]


def program(programs: LabPrograms) -> typer.Typer:
    """Return the group of commands."""
    lab = typer.Typer(no_args_is_help=True, help="Made-up people and the judges of matching.")

    @lab.command()
    def people(
        *,
        seed: Seed = 7,
        size: Annotated[int, typer.Option("--size", min=10, help="People in all.")] = 1_000,
        queries: Queries = 200,
        out: Annotated[Path | None, typer.Option("--out", help="A file; else the screen.")] = None,
    ) -> None:
        """Make households and what two sources say of them, one JSON a line, with the truth."""
        raise typer.Exit(programs.people(PeopleAsk(seed, size, queries, out)))

    @lab.command()
    def match(
        *,
        seed: Seed = 7,
        size: Annotated[int, typer.Option("--size", min=500, help="People in all.")] = 20_000,
        queries: Queries = 2_000,
        runs: Annotated[int, typer.Option("--runs", min=1, max=20, help="So many seeds.")] = 1,
        as_json: Json = False,
    ) -> None:
        """Judge matching on made-up households; 4 when it is worse than promised."""
        raise typer.Exit(programs.match(MatchAsk(seed, size, queries, runs, as_json)))

    @lab.command()
    def febrl(
        *,
        seed: Seed = 7,
        others: Annotated[
            int, typer.Option("--others", min=0, help="Made-up people beside the 5,000.")
        ] = 20_000,
        as_json: Json = False,
    ) -> None:
        """Judge matching on the public data set FEBRL4; 4 when it is worse than promised."""
        raise typer.Exit(programs.febrl(FebrlAsk(seed, others, as_json)))

    return lab
