"""The commands, built from the programs the roof hands in; nothing heavy is imported for --help."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from polyphony.cli import audit, config, lab, read, replay

DONE, REFUSED, USAGE, TEMPORARY, FAILED = 0, 1, 2, 3, 4
"""Exit codes: done, refused, wrong usage, try again later, a check failed."""


class Size(StrEnum):
    """How long a bench may take: ≤ 15 s measured, or ≤ 5 minutes."""

    QUICK = "quick"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class BenchAsk:
    """What was asked of `polyphony bench`."""

    size: str
    seed: int
    runs: int
    as_json: bool


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What was asked of `polyphony channel add`; ``secrets`` name files, - is asked for."""

    kind: str
    name: str
    address: str
    department: str | None
    settings: Mapping[str, str]
    secrets: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Programs:
    """What the commands do; each returns an exit code. Made by ``app.main``."""

    up: Callable[[bool, Sequence[str]], int]
    role: Callable[[str, bool], int]
    migrate: Callable[[bool, bool], int]
    doctor: Callable[[bool], int]
    bench: Callable[[str | None, BenchAsk], int]
    read_batch: read.ReadBatch
    person_add: Callable[[str, str, Sequence[str]], int]
    channel_add: Callable[[NewAccount], int]
    channel_list: Callable[[bool], int]
    channel_test: Callable[[str, bool], int]
    sim_verify: Callable[[bool], int]
    sim_load: Callable[[float, float, bool], int]
    backup: Callable[[Path, bool], int]
    restore: Callable[[Path, bool, bool], int]
    config: config.ConfigPrograms
    replay: replay.ReplayProgram
    lab: lab.LabPrograms
    log: audit.LogPrograms
    version: Callable[[], str]


Json = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


def build(programs: Programs) -> typer.Typer:
    """Return the command line."""
    app = typer.Typer(
        name="polyphony",
        help="Every channel, one conversation.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    _running(app, programs)
    _care(app, programs)
    _safekeeping(app, programs)
    replay.add(app, programs.replay)
    app.add_typer(read.program(programs.read_batch), name="read")
    app.add_typer(_person(programs), name="person")
    app.add_typer(_channel(programs), name="channel")
    app.add_typer(_sim(programs), name="sim")
    app.add_typer(config.program(programs.config), name="config")
    app.add_typer(lab.program(programs.lab), name="lab")
    app.add_typer(audit.program(programs.log), name="audit")
    app.add_typer(audit.searching(programs.log), name="search")

    @app.callback(invoke_without_command=True)
    def root(
        *,
        version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
    ) -> None:
        if version:
            typer.echo(programs.version())
            raise typer.Exit

    return app


def _running(app: typer.Typer, programs: Programs) -> None:
    single_option = typer.Option("--single", help="All roles in one process.")

    @app.command()
    def up(*, single: Annotated[bool, single_option] = False) -> None:
        """Start everything: database, web, worker, router; Ctrl-C stops in good order."""
        raise typer.Exit(programs.up(single, ()))

    @app.command()
    def demo() -> None:
        """Start everything with the living demo: a pretended company and its customers."""
        raise typer.Exit(programs.up(False, ("demo",)))  # noqa: FBT003 - single = no

    @app.command()
    def serve() -> None:
        """Run the web role alone: API, stream, screens."""
        raise typer.Exit(programs.role("web", False))  # noqa: FBT003 - nobody watches

    @app.command()
    def work() -> None:
        """Run the worker role alone: mailboxes, reading, sending, timers."""
        raise typer.Exit(programs.role("worker", False))  # noqa: FBT003 - nobody watches

    @app.command()
    def route() -> None:
        """Run the router role alone; a second one stands by."""
        raise typer.Exit(programs.role("router", False))  # noqa: FBT003 - nobody watches

    @app.command(hidden=True)
    def role(name: str, *, watched: Annotated[bool, typer.Option("--watched")] = False) -> None:
        """Run one role as a child of `up`."""
        raise typer.Exit(programs.role(name, watched))


def _care(app: typer.Typer, programs: Programs) -> None:
    @app.command()
    def migrate(
        *,
        plan: Annotated[bool, typer.Option("--plan", help="Only say what would run.")] = False,
        as_json: Json = False,
    ) -> None:
        """Bring the database to this version."""
        raise typer.Exit(programs.migrate(plan, as_json))

    @app.command()
    def doctor(*, as_json: Json = False) -> None:
        """Check that everything is all right, and say what to do where it is not."""
        raise typer.Exit(programs.doctor(as_json))

    @app.command()
    def bench(
        name: Annotated[str | None, typer.Argument(help="One bench; all without it.")] = None,
        *,
        size: Annotated[Size, typer.Option(help="≤ 15 s measured each, or ≤ 5 min.")] = Size.QUICK,
        seed: Annotated[int, typer.Option(min=0, help="What the made-up data is drawn from.")] = 1,
        runs: Annotated[int, typer.Option(min=1, max=20, help="The middle one is told.")] = 1,
        as_json: Json = False,
    ) -> None:
        """Measure this machine against its own floors; 4 when a promise did not hold."""
        raise typer.Exit(programs.bench(name, BenchAsk(size.value, seed, runs, as_json)))


def _safekeeping(app: typer.Typer, programs: Programs) -> None:
    @app.command()
    def backup(
        to: Annotated[Path, typer.Option("--to", help="A folder; made if it is missing.")],
        *,
        as_json: Json = False,
    ) -> None:
        """Save database, files and the sealed key ring; the passphrase is asked for."""
        raise typer.Exit(programs.backup(to, as_json))

    @app.command()
    def restore(
        source: Annotated[Path, typer.Argument(help="The folder of a backup.")],
        *,
        verify: Annotated[
            bool, typer.Option("--verify", help="Only prove that it can be restored.")
        ] = False,
        as_json: Json = False,
    ) -> None:
        """Bring a backup back into an empty deployment."""
        raise typer.Exit(programs.restore(source, verify, as_json))


def _person(programs: Programs) -> typer.Typer:
    person = typer.Typer(no_args_is_help=True, help="Staff accounts.")

    @person.callback()
    def group() -> None:
        """Staff accounts."""

    @person.command()
    def add(
        email: str,
        name: Annotated[str, typer.Option("--name", help="As colleagues see it.")] = "",
        role: Annotated[
            list[str] | None, typer.Option("--role", help="agent, supervisor, admin, auditor.")
        ] = None,
    ) -> None:
        """Add a person; prints a sign-in link."""
        raise typer.Exit(programs.person_add(email, name, role or ("agent",)))

    return person


def _channel(programs: Programs) -> typer.Typer:
    channel = typer.Typer(no_args_is_help=True, help="Mailboxes, widgets: our ends of channels.")

    @channel.command()
    def add(
        kind: Annotated[str, typer.Argument(help="email or chat.")],
        name: Annotated[str, typer.Argument(help="As colleagues see it.")],
        address: Annotated[str, typer.Argument(help="Mailbox address, or name of the widget.")],
        setting: Annotated[
            list[str] | None, typer.Option("--set", help="name=value, e.g. imap_host=mail.example")
        ] = None,
        secret: Annotated[
            list[str] | None,
            typer.Option("--secret", help="name=FILE with the secret in it; - asks for it."),
        ] = None,
        department: Annotated[
            str | None,
            typer.Option("--department", help="Whose it is; the first one is made by this name."),
        ] = None,
    ) -> None:
        """Add a channel account."""
        new = NewAccount(kind, name, address, department, _pairs(setting), _pairs(secret))
        raise typer.Exit(programs.channel_add(new))

    @channel.command(name="list")
    def show(*, as_json: Json = False) -> None:
        """List the channel accounts and how they are."""
        raise typer.Exit(programs.channel_list(as_json))

    @channel.command()
    def test(address: str, *, as_json: Json = False) -> None:
        """Try both directions of an account without sending anything."""
        raise typer.Exit(programs.channel_test(address, as_json))

    return channel


def _sim(programs: Programs) -> typer.Typer:
    sim = typer.Typer(no_args_is_help=True, help="The pretended world of the demo.")

    @sim.command()
    def verify(*, as_json: Json = False) -> None:
        """Compare what was acknowledged to the pretended world with what the product holds."""
        raise typer.Exit(programs.sim_verify(as_json))

    @sim.command()
    def load(
        *,
        rate: Annotated[float, typer.Option(min=0.1, max=500, help="Matters a second.")] = 5,
        minutes: Annotated[float, typer.Option(min=0.05, max=600)] = 1,
        as_json: Json = False,
    ) -> None:
        """Let the crowd come at this rate, whoever is slow; the demo must run."""
        raise typer.Exit(programs.sim_load(rate, minutes, as_json))

    return sim


def _pairs(given: Sequence[str] | None) -> dict[str, str]:
    pairs = {}
    for text in given or ():
        name, equals, value = text.partition("=")
        if not (name and equals):
            raise typer.BadParameter(f"{text}: write name=value")
        pairs[name] = value
    return pairs
