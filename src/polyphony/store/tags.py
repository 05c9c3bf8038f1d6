"""Tags: which words hang on the Cases somebody lists, and on how many."""

from dataclasses import dataclass

from polyphony.domain.permission import Scope
from polyphony.store.database import Session, rows
from polyphony.store.inbox import escaped
from polyphony.store.visibility import listed_for

LOOKED_AT = 5_000
"""So many Cases last touched are looked at: a tag nobody used for long need not be proposed."""


@dataclass(frozen=True, slots=True)
class Used:
    """A tag and on how many of the Cases looked at it hangs."""

    name: str
    uses: int


async def in_use(session: Session, scope: Scope, words: str, limit: int = 50) -> list[Used]:
    """Return tags whose name holds the words (any accents, any case), the most used first."""
    condition, params = listed_for(scope)
    return await rows(
        session,
        f"""SELECT min(t.name) AS name, count(*) AS uses
              FROM (SELECT c.tags FROM case_ c WHERE c.tags <> '{{}}' AND {condition}
                     ORDER BY c.last_at DESC LIMIT {LOOKED_AT}) x
             CROSS JOIN LATERAL unnest(x.tags) AS t (name)
             WHERE plain(t.name) LIKE plain(%(words)s)
             GROUP BY lower(t.name) ORDER BY uses DESC, name LIMIT %(limit)s""",
        {**params, "words": f"%{escaped(words)}%", "limit": limit},
        Used,
    )
