"""What the caretaker's commands do: migrate, doctor, backup, restore, people."""

import asyncio
import getpass
import sys
from pathlib import Path

from polyphony import settings
from polyphony.app import clock, examine, home
from polyphony.app.backup import BackupRefused, may_save
from polyphony.app.backup import backup as save
from polyphony.app.restore import may_restore
from polyphony.app.restore import restore as bring_back
from polyphony.app.restore import verify as prove
from polyphony.app.say import answer, say
from polyphony.cli import doctor as report
from polyphony.cli.main import FAILED
from polyphony.store import migrate as migrations


def migrate(plan: bool, as_json: bool) -> int:  # noqa: FBT001 - shape of cli.Programs
    """Bring the database to this version, or with ``plan`` say what would run."""
    chosen = settings.read()
    if plan and not home.founded(chosen):
        names = [step.name for step in migrations.known()]
        answer({"planned": names}, names, as_json=as_json)
        return 0
    with home.opened(chosen, say) as postgres:
        owner, _ = home.urls(chosen, postgres)
        names = [step.name for step in migrations.pending(owner)]
        if not plan:
            home.prepare(chosen.model_copy(update={"migrate": True}), postgres, lambda _: None)
    answer({"planned" if plan else "migrated": names}, names or ["nothing to do"], as_json=as_json)
    return 0


def doctor(as_json: bool) -> int:  # noqa: FBT001 - shape of cli.Programs
    """Look at everything; 4 when a check failed."""
    checks = asyncio.run(examine.everything(settings.read()))
    answer(report.facts(checks), report.lines(checks), as_json=as_json)
    return FAILED if report.worst(checks) == "fail" else 0


def backup(to: Path, as_json: bool) -> int:  # noqa: FBT001 - shape of cli.Programs
    """Save everything into a new folder below ``to``."""
    chosen = settings.read()
    may_save(chosen, to)
    folder = save(chosen, to, _passphrase(chosen, twice=True), clock.now())
    answer({"backup": str(folder)}, [f"saved: {folder}"], as_json=as_json)
    return 0


def restore(source: Path, verify: bool, as_json: bool) -> int:  # noqa: FBT001 - shape of cli.Programs
    """Bring a backup back, or only prove that it can be."""
    chosen = settings.read()
    may_restore(chosen, source, empty=not verify)
    passphrase = _passphrase(chosen, twice=False)
    done = (prove if verify else bring_back)(chosen, source, passphrase)
    facts = {
        "verified" if verify else "restored": str(source),
        "rows": done.rows,
        "files": done.files,
        "uncertain": done.uncertain,
        "held": done.held,
    }
    lines = [f"{name}: {value}" for name, value in facts.items()]
    if done.uncertain or done.held:
        lines.append("look at uncertain and held messages in the workspace before they leave again")
    if not verify:
        lines.append("next: polyphony up")
    answer(facts, lines, as_json=as_json)
    return 0


def _passphrase(chosen: settings.Settings, *, twice: bool) -> str:
    if chosen.backup_passphrase:
        return chosen.backup_passphrase
    if not sys.stdin.isatty():
        raise BackupRefused(
            "The key ring in a backup is wrapped by a passphrase, and nobody is here to be asked: "
            "name a file that holds it with POLYPHONY_BACKUP_PASSPHRASE_FILE."
        )
    given = getpass.getpass("Passphrase of the backup: ")
    if twice and getpass.getpass("Once more: ") != given:
        raise BackupRefused("The two passphrases differ.")
    return given
