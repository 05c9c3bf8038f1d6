"""`polyphony config`: the configuration as a file: written out, compared, taken in."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer


@dataclass(frozen=True, slots=True)
class ConfigPrograms:
    """What the commands do; each returns an exit code. Made by ``app.main``."""

    export: Callable[[Path | None], int]
    diff: Callable[[Path, bool], int]
    apply: Callable[[Path, bool, bool], int]


File = Annotated[Path, typer.Argument(help="A YAML file; - is standard input.")]
Json = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


def program(programs: ConfigPrograms) -> typer.Typer:
    """Return the commands `config …`."""
    app = typer.Typer(help="The configuration as a file, without secrets.", no_args_is_help=True)

    @app.callback()
    def group() -> None:
        """The configuration as a file, without secrets."""

    @app.command()
    def export(
        to: Annotated[Path | None, typer.Option("--to", help="A file; else it is printed.")] = None,
    ) -> None:
        """Write the configuration as YAML."""
        raise typer.Exit(programs.export(to))

    @app.command()
    def diff(file: File, *, as_json: Json = False) -> None:
        """Say what taking a file in would change."""
        raise typer.Exit(programs.diff(file, as_json))

    @app.command()
    def apply(
        file: File,
        *,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Try it, change nothing.")] = False,
        as_json: Json = False,
    ) -> None:
        """Take a file in: all of it or nothing."""
        raise typer.Exit(programs.apply(file, dry_run, as_json))

    return app
