"""Customers who use the web chat: they speak the widget's own protocol, wait, answer, leave."""

import asyncio
import hashlib
import hmac
from dataclasses import dataclass, field
from uuid import uuid4

import httpx

from polyphony.simulator.draws import Draws
from polyphony.simulator.pace import Pace
from polyphony.simulator.personas import Customer, customer
from polyphony.simulator.stories import Told, stories


@dataclass(frozen=True, slots=True)
class Widget:
    """The site's side: the public key in its pages, the secret its server signs with."""

    key: str
    secret: str = field(repr=False)

    def user(self, who: Customer) -> dict[str, str]:
        """Describe a signed-in visitor as the site's server would, with its HMAC."""
        signed = hmac.new(self.secret.encode(), who.key.encode(), hashlib.sha256).hexdigest()
        return {"id": who.key, "name": who.name, "email": who.email, "hash": signed}


@dataclass(slots=True)
class _Chat:
    who: Customer
    told: Told
    token: str
    position: int = 0


class Chatters:
    """All customers who use the chat of one widget key."""

    def __init__(self, draws: Draws, pace: Pace, http: httpx.AsyncClient, widget: Widget) -> None:
        self._draws, self._pace, self._http, self._widget = draws, pace, http, widget
        self.begun = 0
        self.answered_count = 0

    async def chat(self, number: int, *, vip: bool = False) -> None:
        """Play one chat from the first word to the last; a refusal of the server ends it."""
        who = self._someone(number, vip=vip)
        story = self._draws.weighted([(s, s.weight) for s in stories()], "story", number)
        chat = await self._begin(who, story.told[who.persona.language], number)
        self.begun += 1
        await self._say(chat, " ".join(chat.told.opening.split()))
        for step in range(len(chat.told.follow_ups) + 1):
            if not await self._answer(chat, who.persona.patience_s):
                return
            await self._pace.sleep(self._draws.handling(8, "thinks", number, step))
            asks_on = self._draws.unit("asks", number, step) < who.persona.asks_on
            if not asks_on or step == len(chat.told.follow_ups):
                await self._say(chat, chat.told.thanks)
                return
            await self._say(chat, chat.told.follow_ups[step])

    def _someone(self, number: int, *, vip: bool) -> Customer:
        for turn in range(200):
            who = customer(self._draws, number + turn * 1_000_003, "mail.demo.example")
            if any(kind == "chat" for kind, _ in who.persona.channels) and (
                who.persona.vip or not vip
            ):
                return who
        return customer(self._draws, number, "mail.demo.example")

    async def _begin(self, who: Customer, told: Told, number: int) -> _Chat:
        body: dict[str, object] = {
            "key": self._widget.key,
            "language": who.persona.language,
            "page": "https://www.demo.example/contact",
        }
        if who.persona.vip or self._draws.unit("known", number) < 0.6:
            body["user"] = self._widget.user(who)
        answer = await self._http.post("/v1/chat/sessions", json=body)
        answer.raise_for_status()
        return _Chat(who, told, answer.json()["token"])

    async def _say(self, chat: _Chat, text: str) -> None:
        cid = str(uuid4())
        for attempt in range(6):
            answer = await self._http.post(
                "/v1/chat/messages",
                json={"cid": cid, "text": text},
                headers={"Authorization": f"Bearer {chat.token}", "Idempotency-Key": cid},
            )
            if answer.status_code not in {429, 503}:
                answer.raise_for_status()
                return
            await asyncio.sleep(min(10, 2**attempt))

    async def _answer(self, chat: _Chat, patience_s: float) -> bool:
        waited = 0.0
        while waited < patience_s:
            answer = await self._http.get(
                "/v1/chat/messages",
                params={"after": chat.position},
                headers={"Authorization": f"Bearer {chat.token}"},
            )
            if answer.status_code == 200:
                lines = answer.json()["messages"]
                chat.position = max([chat.position, *(line["position"] for line in lines)])
                if any(line["from"] == "agent" for line in lines):
                    self.answered_count += 1
                    return True
            await self._pace.sleep(2.0)
            waited += 2.0
        return False
