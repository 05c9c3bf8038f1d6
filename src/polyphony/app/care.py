"""What the caretaker's commands do: migrate, doctor, backup, restore, people, channels."""

from polyphony import settings
from polyphony.app import home
from polyphony.app.say import answer, say
from polyphony.store import migrate as migrations


def migrate(plan: bool, as_json: bool) -> int:  # noqa: FBT001 - shape of cli.Programs
    """Bring the database to this version, or with ``plan`` say what would run."""
    chosen = settings.read()
    with home.opened(chosen, say) as postgres:
        owner, _ = home.urls(chosen, postgres)
        names = [step.name for step in migrations.pending(owner)]
        if not plan:
            home.prepare(chosen.model_copy(update={"migrate": True}), postgres, lambda _: None)
    answer({"planned" if plan else "migrated": names}, names or ["nothing to do"], as_json=as_json)
    return 0
