"""Knowledge: snippets, articles and macros as JSON rows, and what variables are drawn from."""

from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from polyphony.domain.permission import Scope, Shelf
from polyphony.store import configuration
from polyphony.store.configuration import Json, Noun
from polyphony.store.database import Session, row
from polyphony.store.visibility import shelf_for

SNIPPET = Noun(
    "snippet",
    "snippet",
    {
        "shortcut": "text",
        "name": "text",
        "scope": "text",
        "person_id": "uuid",
        "department_id": "uuid",
        "bodies": "jsonb",
        "channels": "text[]",
    },
    order="x.shortcut",
    unique="shortcut",
)
ARTICLE = Noun(
    "article",
    "article",
    {
        "scope": "text",
        "person_id": "uuid",
        "department_id": "uuid",
        "titles": "jsonb",
        "bodies": "jsonb",
        "url": "text",
    },
    order="x.created_at",
)
MACRO = Noun(
    "macro",
    "macro",
    {
        "name": "text",
        "scope": "text",
        "person_id": "uuid",
        "department_id": "uuid",
        "steps": "jsonb",
    },
)
SHELVED = (SNIPPET, ARTICLE, MACRO)


async def usable(session: Session, noun: Noun, scope: Scope, limit: int = 1000) -> list[Json]:
    """Return what the actor may use of one kind, his own things first."""
    condition, params = shelf_for(scope)
    found = await session.execute(
        f"SELECT to_jsonb(x) FROM {noun.table} x WHERE {condition}"
        f" ORDER BY x.scope <> 'personal', {noun.order}, x.id LIMIT %(limit)s",
        {**params, "limit": limit},
    )
    return [one[0] for one in await found.fetchall()]


_FOUND: LiteralString = """
SELECT to_jsonb(x) FROM article x
 WHERE {condition} AND (plain(x.titles::text) LIKE %(like)s OR plain(x.bodies::text) LIKE %(like)s)
 ORDER BY plain(x.titles::text) NOT LIKE %(like)s, x.created_at DESC, x.id LIMIT %(limit)s"""


async def articles(session: Session, scope: Scope, words: str, limit: int) -> list[Json]:
    """Return the articles that hold some words, whatever their accents; titles first."""
    condition, params = shelf_for(scope)
    found = await session.execute("SELECT plain(%s)", [words])
    asked = str((await found.fetchone() or ("",))[0])
    for sign in ("\\", "%", "_"):
        asked = asked.replace(sign, "\\" + sign)
    hits = await session.execute(
        _FOUND.replace("{condition}", condition),
        {**params, "like": f"%{asked}%", "limit": limit},
    )
    return [one[0] for one in await hits.fetchall()]


async def public_articles(
    session: Session, account: UUID, stems: list[str], language: str
) -> list[Json]:
    """Return at most three articles with a public address that fit some folded stems best.

    Only what everybody's or the account's department's is; title and address, never the body.
    """
    found = await session.execute(
        """SELECT jsonb_build_object('url', x.url, 'title', coalesce(
                      nullif(x.titles->>%(language)s, ''), nullif(x.titles->>'en', ''),
                      (SELECT value FROM jsonb_each_text(x.titles) WHERE value <> '' LIMIT 1)))
             FROM article x, LATERAL (
                  SELECT count(*) FILTER (WHERE folded(x.titles::text) LIKE w) AS titled,
                         count(*) FILTER (WHERE folded(x.bodies::text) LIKE w) AS told
                    FROM unnest(%(likes)s::text[]) AS w) AS hit
            WHERE x.url <> '' AND hit.titled + hit.told > 0
              AND (x.scope = 'all' OR x.department_id = (
                   SELECT department_id FROM channel_account WHERE id = %(account)s))
              AND EXISTS (SELECT FROM jsonb_each_text(x.titles) WHERE value <> '')
            ORDER BY 2 * hit.titled + hit.told DESC, x.created_at DESC, x.id LIMIT 3""",
        {"language": language, "likes": [f"%{one}%" for one in stems], "account": account},
    )
    return [one[0] for one in await found.fetchall()]


async def shelf(session: Session, noun: Noun, id_: UUID) -> tuple[Shelf, Json] | None:
    """Return one thing and whose it is; None when there is none."""
    found = await configuration.one(session, noun, id_)
    return None if found is None else (shelf_of(found), found)


def shelf_of(thing: Json) -> Shelf:
    """Return whose a row is."""
    person, department = thing.get("person_id"), thing.get("department_id")
    return Shelf(
        str(thing["scope"]),
        UUID(str(person)) if person else None,
        UUID(str(department)) if department else None,
    )


async def remove(session: Session, noun: Noun, id_: UUID) -> None:
    """Take one thing away for good."""
    await session.execute(f"DELETE FROM {noun.table} WHERE id = %s", [id_])


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the variables of one Case and one of us are drawn from; the language of its words."""

    customer: str
    reference: str
    agent: str
    department: str
    brand: str
    language: str
    zone: str


async def drawn(session: Session, case: UUID, person: UUID | None) -> Drawn | None:
    """Return what variables say for a Case when a person, or nobody, writes; None without one."""
    return await row(
        session,
        """SELECT k.name AS customer,
                  substr(c.reference, 1, 2) || ' ' || substr(c.reference, 3, 4) || ' '
                  || substr(c.reference, 7) AS reference,
                  coalesce(p.name, '') AS agent, d.name AS department, coalesce((
                      SELECT b.name FROM interaction i
                        JOIN channel_account a ON a.id = i.account_id
                        JOIN brand b ON b.id = a.brand_id
                       WHERE i.case_id = c.id
                       ORDER BY coalesce(i.last_in_at, i.opened_at) DESC LIMIT 1), '') AS brand,
                  coalesce(c.language, k.language, 'en') AS language,
                  coalesce(p.zone, g.zone, 'UTC') AS zone
             FROM case_ c JOIN department d ON d.id = c.department_id
             JOIN record r ON r.id = c.record_id JOIN customer k ON k.id = r.customer_id
             LEFT JOIN person p ON p.id = %(person)s::uuid
             LEFT JOIN calendar g ON g.id = d.calendar_id
            WHERE c.id = %(case)s""",
        {"case": case, "person": person},
        Drawn,
    )
