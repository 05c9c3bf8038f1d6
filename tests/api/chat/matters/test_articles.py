"""What the widget offers while the first line is written: only what customers may read anyway."""

from psycopg.types.json import Jsonb
from tests.make.chat import Visitor
from tests.make.chatting import Desk
from tests.make.department import department


async def test_only_articles_customers_may_read_are_offered_the_best_first(
    desk: Desk, eva: Visitor
) -> None:
    async with desk.shop.database.transaction() as session:
        ours, other = desk.shop.department, await department(session)
        for number, (where, title, body, url) in enumerate(
            (
                (None, "Jak odečíst elektroměr", "Opište čísla.", "https://h.example/1"),
                (None, "Faktury", "Stav elektroměru je na faktuře.", "https://h.example/2"),
                (None, "Elektroměr zevnitř", "Jen pro nás.", ""),
                (ours.id, "Výměna elektroměru", "", "https://h.example/3"),
                (other.id, "Elektroměr jinde", "", "https://h.example/4"),
            )
        ):
            await session.execute(
                "INSERT INTO article (id, scope, department_id, titles, bodies, url, created_at)"
                " VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, now() - %s * interval '1 hour')",
                [
                    "department" if where else "all",
                    where,
                    Jsonb({"cs": title}),
                    Jsonb({"cs": body}),
                    url,
                    number,
                ],
            )

    async def offered(words: str) -> list[str]:
        answer = await eva.http.get("/v1/chat/articles", params={"q": words}, headers=eva.bearer)
        assert answer.status_code == 200, answer.text
        return [one["url"][-1] for one in answer.json()["items"]]

    assert await offered("Nejde mi ELEKTROMERU") == ["1", "3", "2"]
    assert await offered("ach jo") == await offered("") == await offered("100% _ \\") == []
    without = await eva.http.get("/v1/chat/articles", params={"q": "elektroměr"})
    assert without.status_code == 401
