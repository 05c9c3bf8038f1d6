"""The theatre: plays the stories of the cast over real ends, one step after the other."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage

import httpx

from polyphony.simulator import letters
from polyphony.simulator.cast import Member, cast
from polyphony.simulator.chatters import Line, Widget
from polyphony.simulator.draws import Draws
from polyphony.simulator.ledger import Acknowledged
from polyphony.simulator.letters import Letter
from polyphony.simulator.pace import Pace
from polyphony.simulator.stories import Step, Story
from polyphony.simulator.writers import Submit

Desk = Callable[[Step, str], Awaitable[Mapping[str, object]]]
"""(step, words of the matter) → what the colleagues did: races, laptops that die."""
Crowd = Callable[[Step, object], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Ends:
    """The real ends the cast reaches us by; those marked ``vip`` are the firm customers' own."""

    http: httpx.AsyncClient
    submit: Submit
    now: Callable[[], datetime]
    mailboxes: Mapping[bool, str]
    widgets: Mapping[bool, Widget]


@dataclass(slots=True)
class _Person:
    """Somebody on the stage in one telling of a story."""

    name: str
    email: str
    who: Member
    line: Line | None = None
    subject: str = ""
    thread: list[str] = field(default_factory=list)
    answer: EmailMessage | None = None
    came: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class _Telling:
    """One telling of a story: who stands on the stage, which step it is at, what it is about."""

    story: Story
    number: int
    people: dict[tuple[str, int], _Person] = field(default_factory=dict)
    last: _Person | None = None
    words: str = ""
    step: int = 0

    @property
    def mark(self) -> str:
        """Name this step of this telling."""
        return f"{self.story.key}.{self.number}.{self.step}"


class Theatre:
    """Plays stories; ``begun`` and ``told`` count tellings that began and came to their end."""

    def __init__(self, ends: Ends, draws: Draws, pace: Pace, note: Acknowledged) -> None:
        self._ends, self._draws, self._pace, self._note = ends, draws, pace, note
        self._waiting: dict[str, _Person] = {}
        self.crowd: Crowd | None = None
        self.desk: Desk | None = None
        self.begun = 0
        self.told = 0

    async def play(self, story: Story, number: int, person: int = 0) -> None:
        """Tell a story once; ``person`` stands in for the member where the step names nobody."""
        telling = _Telling(story, number)
        self.begun += 1
        does: Mapping[str, Callable[[_Telling, Step, _Person], Awaitable[None]]] = {
            "chat.say": self._say,
            "chat.leave": self._leave,
            "mail.write": self._write,
            "mail.loop": self._loop,
            "await": self._await,
        }
        for telling.step, step in enumerate(story.steps):
            await self._pace.sleep(step.after_s, act=True)
            if step.do == "crowd" and self.crowd is not None:
                await self.crowd(step, telling.mark)
            elif step.do.startswith("desk.") and self.desk is not None:
                facts = await self.desk(step, telling.words)
                self._note(telling.mark, channel="desk", about=story.key, **facts)
            elif step.do in does:
                who = self._person(telling, step, person)
                await does[step.do](telling, step, who)
                telling.last = who
        self.told += 1
        self._note(f"{story.key}.{number}", channel="story", about=story.key)

    def _person(self, telling: _Telling, step: Step, stand_in: int) -> _Person:
        key = (step.who, step.person or stand_in)
        if key not in telling.people:
            member = cast()[step.who]
            name, email = member.as_named(min(key[1], len(member.people)))
            telling.people[key] = _Person(name, email, member)
        return telling.people[key]

    def _words(self, telling: _Telling, step: Step) -> tuple[str, str]:
        """Return subject and text; where several are given the telling draws one."""
        some, subjects = step.facts.get("any"), step.facts.get("subjects")
        if not isinstance(some, list):
            return step.subject, step.say
        at = int(self._draws.unit(telling.mark) * len(some))
        subject = subjects[at] if isinstance(subjects, list) else step.subject
        return str(subject), str(some[at])

    async def _say(self, telling: _Telling, step: Step, who: _Person) -> None:
        _, text = self._words(telling, step)
        asks = who.line is None
        if who.line is None:
            widget = self._ends.widgets[who.who.vip]
            about: dict[str, object] = {
                "language": who.who.language,
                "page": "https://www.demo.example/contact",
                "user": widget.user(who.email.partition("@")[0], who.name, who.email),
            }
            who.line = await Line.begin(self._ends.http, self._pace, widget, about)
        mark = await who.line.say(text)
        telling.words = telling.words or text
        self._note(mark, channel="chat", about=telling.story.key, step=telling.mark, asks=asks)

    async def _leave(self, telling: _Telling, step: Step, who: _Person) -> None:
        del telling, step
        who.line = None

    async def _write(self, telling: _Telling, step: Step, who: _Person) -> None:
        subject, text = self._words(telling, step)
        new = bool(subject)
        if new:
            who.subject, who.thread, who.answer = subject, [], None
        elif who.answer is not None:
            text = letters.quoted(text, who.answer, who.who.language, self._ends.now())
        to = self._ends.mailboxes[who.who.vip]
        letter = Letter(
            (who.name, who.email), to, who.subject if new else f"Re: {who.subject}", text,
            f"<{telling.mark}.{id(telling):x}@mail.demo.example>", who.thread, step.facts,
        )  # fmt: skip
        await self._send(telling, letter, who, asks=new and not step.facts)
        telling.words = telling.words or subject

    async def _send(self, telling: _Telling, letter: Letter, who: _Person, *, asks: bool) -> None:
        who.thread.append(letter.message_id)
        self._waiting[letter.message_id] = who
        await self._ends.submit(who.email, letter.to, letter.written(self._ends.now()).as_bytes())
        self._note(
            letter.message_id.strip("<>"),
            channel="email", about=telling.story.key, step=telling.mark, asks=asks,
        )  # fmt: skip

    async def _loop(self, telling: _Telling, step: Step, who: _Person) -> None:
        """Write once, then answer every answer by itself, as a machine does."""
        rounds = int(str(step.facts.get("rounds", 3)))
        traits = {"automatic": True}
        for turn in range(rounds):
            letter = Letter(
                (who.name, who.email), self._ends.mailboxes[False], step.subject, step.say,
                f"<{telling.mark}.{turn}.{id(telling):x}@loop.demo.example>", who.thread, traits,
            )  # fmt: skip
            await self._send(telling, letter, who, asks=False)
            await self._heard(who, 30.0)

    async def _await(self, telling: _Telling, step: Step, who: _Person) -> None:
        before = telling.last or who
        if before.line is not None:
            answered = await before.line.answered(step.for_s)
        else:
            answered = await self._heard(before, step.for_s)
        if not answered:
            self._note(telling.mark, channel="none", about=telling.story.key, waited_s=step.for_s)

    async def _heard(self, who: _Person, patience_s: float) -> bool:
        patience = asyncio.ensure_future(self._pace.sleep(patience_s, act=True))
        came = asyncio.ensure_future(who.came.wait())
        await asyncio.wait({patience, came}, return_when=asyncio.FIRST_COMPLETED)
        answered = came.done()
        for one in (patience, came):
            one.cancel()
        await asyncio.gather(patience, came, return_exceptions=True)
        who.came.clear()
        return answered

    def received(self, raw: bytes) -> bool:
        """Hand a mail of ours to whom of the cast it answers; False when it is for none of them."""
        mail = letters.opened(raw)
        known = reversed(letters.thread(mail))
        who = next((self._waiting[i] for i in known if i in self._waiting), None)
        if who is None:
            return False
        number = str(mail["Message-ID"])
        who.thread.append(number)
        self._waiting[number] = who
        if not mail["Auto-Submitted"]:
            who.answer = mail
            who.came.set()
        return True
