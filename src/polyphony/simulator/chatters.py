"""Customers who use the web chat: they speak the widget's own protocol, wait, answer, leave."""

import asyncio
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4

import httpx

from polyphony.simulator.draws import Draws
from polyphony.simulator.ledger import Acknowledged, nobody
from polyphony.simulator.matters import Told
from polyphony.simulator.pace import Pace
from polyphony.simulator.personas import Customer, customer
from polyphony.simulator.writers import chosen

_LOOK_S = 2.0
_BUSY = frozenset({429, 503})


@dataclass(frozen=True, slots=True)
class Widget:
    """The site's side: the public key in its pages, the secret its server signs with."""

    key: str
    secret: str = field(repr=False)

    def user(self, key: str, name: str, email: str) -> dict[str, str]:
        """Describe a signed-in visitor as the site's server would, with its HMAC."""
        signed = hmac.new(self.secret.encode(), key.encode(), hashlib.sha256).hexdigest()
        return {"id": key, "name": name, "email": email, "hash": signed}


async def _patient(
    http: httpx.AsyncClient, path: str, body: Mapping[str, object], headers: Mapping[str, str]
) -> httpx.Response:
    """Post, and again after a while when the other side is busy."""
    for attempt in range(6):
        answer = await http.post(path, json=body, headers=headers)
        if answer.status_code not in _BUSY:
            break
        await asyncio.sleep(min(10, 2**attempt))
    return answer


class Line:
    """One visitor's chat, from the first word to the last."""

    def __init__(self, http: httpx.AsyncClient, pace: Pace, token: str) -> None:
        self._http, self._pace, self._token = http, pace, token
        self.position = 0

    @classmethod
    async def begin(
        cls, http: httpx.AsyncClient, pace: Pace, widget: Widget, about: dict[str, object]
    ) -> "Line":
        """Open a session; ``about`` may name user, language and page."""
        answer = await _patient(http, "/v1/chat/sessions", {"key": widget.key, **about}, {})
        answer.raise_for_status()
        return cls(http, pace, answer.json()["token"])

    def _headers(self, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}", **more}

    async def say(self, text: str) -> str:
        """Send one line until it is acknowledged; return its mark."""
        mark = str(uuid4())
        headers = self._headers(**{"Idempotency-Key": mark})
        body = {"cid": mark, "text": text}
        answer = await _patient(self._http, "/v1/chat/messages", body, headers)
        answer.raise_for_status()  # what was never acknowledged was never promised
        return mark

    async def answered(self, patience_s: float) -> bool:
        """Wait for a line of an agent, at most this many story seconds."""
        waited = 0.0
        while waited < patience_s:
            answer = await self._http.get(
                "/v1/chat/messages", params={"after": self.position}, headers=self._headers()
            )
            if answer.status_code == 200:
                lines = answer.json()["messages"]
                self.position = max([self.position, *(line["position"] for line in lines)])
                if any(line["from"] == "agent" for line in lines):
                    return True
            await self._pace.sleep(_LOOK_S)
            waited += _LOOK_S
        return False


class Chatters:
    """The crowd in the chat of one widget key; ``note`` hears of every line that was taken."""

    def __init__(
        self,
        draws: Draws,
        pace: Pace,
        http: httpx.AsyncClient,
        widget: Widget,
        note: Acknowledged = nobody,
    ) -> None:
        self._draws, self._pace, self._http, self._widget = draws, pace, http, widget
        self._note = note
        self.begun = 0
        self.answered_count = 0

    async def chat(self, number: int, *, vip: bool = False, matter: str = "") -> None:
        """Play one chat from the first word to the last; a refusal of the server ends it."""
        who = self._someone(number, vip=vip)
        about = chosen(self._draws, number, matter)
        told = about.told[who.persona.language]
        line = await self._begin(who, number, vip=vip)
        self.begun += 1
        await self._say(line, told.opening, about.key, asks=True)
        await self._go_on(line, told, (who, number, about.key))

    async def _go_on(self, line: Line, told: Told, turn: tuple[Customer, int, str]) -> None:
        who, number, about = turn
        for step in range(len(told.follow_ups) + 1):
            if not await line.answered(who.persona.patience_s):
                return
            self.answered_count += 1
            await self._pace.sleep(self._draws.handling(8, "thinks", number, step))
            asks_on = self._draws.unit("asks", number, step) < who.persona.asks_on
            if not asks_on or step == len(told.follow_ups):
                await self._say(line, told.thanks, about)
                return
            await self._say(line, told.follow_ups[step], about)

    async def _say(self, line: Line, text: str, about: str, *, asks: bool = False) -> None:
        mark = await line.say(" ".join(text.split()))
        self._note(mark, channel="chat", about=about, asks=asks)

    def _someone(self, number: int, *, vip: bool) -> Customer:
        for turn in range(200):
            who = customer(self._draws, number + turn * 1_000_003, "mail.demo.example")
            if any(kind == "chat" for kind, _ in who.persona.channels) and (
                who.persona.vip or not vip
            ):
                return who
        return customer(self._draws, number, "mail.demo.example")

    async def _begin(self, who: Customer, number: int, *, vip: bool) -> Line:
        body: dict[str, object] = {
            "language": who.persona.language,
            "page": "https://www.demo.example/contact",
        }
        if vip or who.persona.vip or self._draws.unit("known", number) < 0.6:
            body["user"] = self._widget.user(who.key, who.name, who.email)
        return await Line.begin(self._http, self._pace, self._widget, body)
