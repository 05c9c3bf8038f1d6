"""The entry point: plays a role or runs a command, turns refusals into words and exit codes."""

import importlib
import importlib.metadata
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from polyphony.app import words
from polyphony.app.say import say
from polyphony.cli.audit import LogPrograms
from polyphony.cli.config import ConfigPrograms
from polyphony.cli.lab import LabPrograms
from polyphony.cli.main import BenchAsk, Programs, build

REFUSED, TEMPORARY = 1, 3

# Names, not classes: an error is known by its name before the module that defines it is needed.
_REFUSALS = frozenset(
    {"SettingsRefused", "HomeBusy", "PortTaken", "NoDatabase", "ClusterBusy", "RoleMissing"}
    | {"ProgramsMissing", "MigrationChanged", "KeysRefused", "BackupRefused", "CommandMissing"}
    | {"WrongPassphrase"}
    | {"Refusal", "KeepsDying", "PostgresFailed", "HomeRefused"}
)
_PASSING = frozenset({"Unavailable", "OperationalError"})


class CommandMissing(Exception):
    """This build does not hold the part a command needs."""


def main() -> int:
    """Run the command line; return its exit code (0, 1, 2, 3 or 4)."""
    try:
        return _command_line()
    except Exception as error:
        found = list(words.each(error))
        codes = [_code(one) for one in found]
        if None in codes:
            raise
        for one in dict.fromkeys(_words(one) for one in found):
            sys.stderr.write(f"{one}\n")
        return TEMPORARY if TEMPORARY in codes else REFUSED


def _code(error: BaseException) -> int | None:
    names = {kind.__name__ for kind in type(error).__mro__}
    if names & _REFUSALS:
        return REFUSED
    return TEMPORARY if names & _PASSING else None


def _words(error: BaseException) -> str:
    told = words.of(error)
    if _code(error) == TEMPORARY:
        return (
            f"The database does not answer: {told}\n"
            "Is it running, and is POLYPHONY_DATABASE_URL right? Then try again."
        )
    return told


def _command_line() -> int:
    app = build(
        Programs(
            up=_up,
            role=_role,
            migrate=_later("care", "migrate"),
            doctor=_later("care", "doctor"),
            bench=_bench,
            read_batch=_read_batch,
            person_add=_later("staffing", "person_add"),
            channel_add=_later("staffing", "channel_add"),
            channel_list=_later("staffing", "channel_list"),
            channel_test=_later("staffing", "channel_test"),
            sim_verify=_later("sim", "verify"),
            sim_load=_later("sim", "load"),
            backup=_later("care", "backup"),
            restore=_later("care", "restore"),
            config=ConfigPrograms(
                export=_later("config_file", "config_export"),
                diff=_later("config_file", "config_diff"),
                apply=_later("config_file", "config_apply"),
            ),
            replay=_later("replay", "replay"),
            lab=LabPrograms(
                people=_later("lab.program", "people"),
                match=_later("lab.program", "match"),
                febrl=_later("lab.program", "febrl"),
            ),
            log=LogPrograms(
                verify=_later("sealed", "verify"),
                head=_later("sealed", "head"),
                rebuild=_later("sealed", "rebuild"),
            ),
            version=_version,
        )
    )
    try:
        app(standalone_mode=True, prog_name="polyphony")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


def _version() -> str:
    try:
        return f"polyphony {importlib.metadata.version('polyphony')}"
    except importlib.metadata.PackageNotFoundError:
        return "polyphony (source tree)"


def _up(single: bool, extra: Sequence[str]) -> int:  # noqa: FBT001 - shape of Programs
    from polyphony import settings  # noqa: PLC0415 - imports by role only
    from polyphony.app import up  # noqa: PLC0415 - imports by role only

    chosen = settings.read()
    if single:
        chosen = chosen.model_copy(update={"single": True})
    return up.run(chosen, say, extra=extra)


def _role(name: str, watched: bool) -> int:  # noqa: FBT001 - shape of Programs
    from polyphony import settings  # noqa: PLC0415 - imports by role only
    from polyphony.app import home, port, roles  # noqa: PLC0415 - imports by role only

    chosen = settings.read()
    if not watched:
        {"web": port.check, "worker": port.check_mail}.get(name, lambda _: None)(chosen)
    return roles.play([name], home.attached(chosen, say), watched=watched)


def _later(module: str, name: str) -> Callable[..., int]:
    def run(*arguments: Any) -> int:  # noqa: ANN401 - handed through to the command of this name
        command: Callable[..., int] = getattr(_part(f"polyphony.app.{module}", name), name)
        return command(*arguments)

    return run


def _bench(name: str | None, ask: BenchAsk) -> int:
    module = _part("polyphony.app.bench.run", "bench")
    code: int = module.run(name, module.Ask(ask.size, ask.seed, ask.runs), as_json=ask.as_json)
    return code


def _read_batch(
    files: Iterable[tuple[str, str]],
    *,
    limited: bool,
    own: frozenset[str],
    out: str | None,
    explain: bool,
) -> Iterator[dict[str, object]]:
    from polyphony.app import reader  # noqa: PLC0415 - imports by role only

    return reader.show(files, limited=limited, own=own, out=out, explain=explain)


def _part(module: str, command: str) -> Any:  # noqa: ANN401 - a module
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as missing:
        if missing.name != module:
            raise
        raise CommandMissing(
            f"this installation has no part for `polyphony {command}`"
        ) from missing
