"""The embedded PostgreSQL: initialise, start or adopt, recover, stop."""

from polyphony.app.postgres.programs import ProgramsMissing
from polyphony.app.postgres.server import (
    ClusterBusy,
    NotRunning,
    Postgres,
    PostgresFailed,
    Role,
)

__all__ = ["ClusterBusy", "NotRunning", "Postgres", "PostgresFailed", "ProgramsMissing", "Role"]
