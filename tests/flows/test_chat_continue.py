"""A visitor leaves before the answer: it follows him by e-mail and his mail comes back home."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid
from pathlib import Path
from uuid import UUID

import pytest
from tests.make.agent import agent
from tests.make.chat import shop, visitor
from tests.make.chatting import Desk, proved
from tests.make.moment import new_id
from tests.make.outside import NoReader

from polyphony.channels.chat.client import ChatChannel
from polyphony.channels.email.render import render as render_mail
from polyphony.domain import token
from polyphony.domain.channel import Address, ChannelKind
from polyphony.domain.message import Outbound
from polyphony.flows import chat, continue_by_mail, deliver, reply
from polyphony.ports import Account, Outside, Rendered, Sent
from polyphony.store import timers
from polyphony.store.database import Database


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> Desk:
    made = await shop(database, tmp_path)
    async with database.transaction() as session:
        jana = await agent(session, made.department.id)
    door = {ChannelKind.CHAT: ChatChannel()}
    return Desk(
        made,
        Outside(door, NoReader(), made.files, made.keys, made.clock),
        reply.Staff(jana, "Jana"),
    )


@pytest.fixture
async def http(desk: Desk):
    async with desk.shop.http() as client:
        yield client


async def test_the_first_line_opens_a_case_the_visitor_sees_as_delivered(desk, http) -> None:
    eva = await visitor(http, desk.shop.key)
    said = (await eva.say("Kde je zásilka?")).json()
    await desk.read()
    (line,) = await desk.see(eva)
    assert (line["from"], line["text"], line["cid"], line["state"]) == (
        *("me", "Kde je zásilka?", said["cid"]),
        "delivered",
    )
    assert await desk.one("SELECT count(*) FROM case_") == 1
    assert await desk.one("SELECT mode, state FROM interaction") == ("live", "waiting")
    assert str(await desk.one("SELECT name FROM customer")).startswith("Návštěvník ")


async def test_ticks_rise_and_never_fall(desk, http) -> None:
    eva = await visitor(http, desk.shop.key)
    await eva.say("Ahoj")
    await desk.read()
    await desk.answer("Dobrý den")
    _, answer = await desk.see(eva)
    assert (answer["from"], answer["name"], answer["state"]) == ("agent", "Jana", "sent")
    for given, shown in [
        ({"delivered": answer["position"]}, "delivered"),
        ({"read": answer["position"]}, "read"),
        ({"delivered": answer["position"]}, "read"),
    ]:
        assert (await eva.post("receipts", given)).status_code == 204
        assert (await desk.see(eva))[1]["state"] == shown
        assert await desk.one("SELECT state FROM delivery") == shown


async def test_nobody_sees_a_note_or_the_lines_of_somebody_else(desk, http) -> None:
    eva, petr = await visitor(http, desk.shop.key), await visitor(http, desk.shop.key)
    await eva.say("tajné")
    await desk.read()
    await desk.answer("odpověď")
    interaction = await desk.one("SELECT id FROM interaction")
    async with desk.shop.database.transaction() as session:
        await session.execute(
            "INSERT INTO message (id, interaction_id, position, kind, author_kind, text, at)"
            " VALUES (%s, %s, nextval('message_position_seq'), 'note', 'person', 'hlupák', now())",
            [new_id(), interaction],
        )
    assert [one["text"] for one in await desk.see(eva)] == ["tajné", "odpověď"]
    assert await desk.see(petr) == []
    told = await desk.rows("SELECT aud, payload::text FROM event WHERE entity = 'chat_message'")
    eva_tag = f"cust:{await desk.one('SELECT identity_id FROM interaction')}"
    assert {tuple(aud) for aud, _ in told} == {(eva_tag,)}
    assert not any("hlupák" in payload for _, payload in told)


async def test_a_typed_address_of_a_victim_shows_nothing_of_the_victim(desk, http) -> None:
    await desk.mail_in("victim@example.org", "Moje tajemství", level=2)
    mallory = await visitor(http, desk.shop.key, user={"email": "victim@example.org"})
    await mallory.post("email", {"address": "victim@example.org"})
    await mallory.say("Já jsem oběť, pošlete mi vše")
    await desk.read()
    assert [one["text"] for one in await desk.see(mallory)] == ["Já jsem oběť, pošlete mi vše"]
    records = await desk.rows("SELECT count(DISTINCT customer_id) FROM record")
    assert records == [(2,)]
    claims = "SELECT level FROM identity_use WHERE role = 'claims'"
    assert await desk.rows(claims) == [(0,)]
    await desk.answer("Odpověď pro mallory")
    desk.shop.clock.pass_(hours=1)
    await desk.look()
    mails = "SELECT count(*) FROM delivery WHERE to_address = 'victim@example.org'"
    assert await desk.one(mails) == 0


async def test_unread_answers_follow_an_absent_visitor_by_mail(desk, http) -> None:
    eva = await visitor(http, desk.shop.key)
    await eva.say("Kde je zásilka?")
    await desk.read()
    await proved(desk, eva, "eva@example.org")
    await desk.answer("Je na cestě.")
    await desk.answer("Dorazí zítra.")
    desk.shop.clock.pass_(seconds=119)
    await desk.look()
    assert await desk.one("SELECT count(*) FROM interaction") == 1
    desk.shop.clock.pass_(seconds=2)
    assert await desk.look() == 1
    kind, state, direction, case = await desk.one(
        "SELECT channel_kind, state, direction, case_id FROM interaction"
        " WHERE channel_kind = 'email'"
    )
    assert (kind, state, direction) == ("email", "quiet", "out")
    assert case == await desk.one("SELECT id FROM case_")
    to, purpose, state, account = await desk.one(
        "SELECT to_address, purpose, state, account_id FROM delivery WHERE purpose = 'reply'"
        " AND to_address LIKE '%@%'"
    )
    assert (to, purpose, state) == ("eva@example.org", "reply", "queued")
    assert account == desk.shop.mailbox
    text = str(await desk.one("SELECT text FROM message WHERE subject <> ''"))
    assert text.index("Je na cestě.") < text.index("Dorazí zítra.")
    assert "Kde je zásilka" not in text
    chat = await desk.one("SELECT state, mode FROM interaction WHERE channel_kind = 'chat'")
    assert chat == ("quiet", "async")
    assert await desk.one("SELECT state FROM work_item") == "done"
    assert await desk.one("SELECT routed_units FROM agent_load") == 0
    assert (await desk.see(eva))[-1]["code"] == "chat.continued_by_mail"


async def test_the_same_answers_are_mailed_once(desk, http) -> None:
    eva = await visitor(http, desk.shop.key)
    await eva.say("Dotaz")
    await desk.read()
    await proved(desk, eva, "eva@example.org")
    await desk.answer("Odpověď")
    for _ in range(5):
        desk.shop.clock.pass_(minutes=3)
        await desk.look()
    await desk.answer("Ještě něco")
    desk.shop.clock.pass_(minutes=3)
    await desk.look()
    mails = await desk.rows("SELECT text FROM message WHERE subject <> '' ORDER BY position")
    assert len(mails) == 2
    assert "Odpověď" in str(mails[0])
    assert "Odpověď\n" not in str(mails[1])
    assert await desk.one("SELECT count(*) FROM interaction WHERE channel_kind = 'email'") == 1


async def test_the_mail_the_customer_writes_back_joins_the_same_case(desk, http) -> None:
    eva = await visitor(http, desk.shop.key)
    await eva.say("Dotaz")
    await desk.read()
    await proved(desk, eva, "eva@example.org")
    await desk.answer("Odpověď")
    desk.shop.clock.pass_(minutes=3)
    await desk.look()
    case = await desk.one("SELECT id FROM case_")
    desk.shop.clock.pass_(hours=5)
    who = Address(ChannelKind.EMAIL, "eva@example.org")
    mac = desk.shop.keys.mac(token.PURPOSE, token.claim(desk.shop.keys.deployment, case, who))
    await desk.mail_in("eva@example.org", "Děkuji", tokens=(token.write(case, mac),))
    assert await desk.one("SELECT count(*) FROM case_") == 1
    assert await desk.one("SELECT count(*) FROM customer") == 1
    state = "SELECT state FROM interaction WHERE channel_kind = 'email'"
    assert await desk.one(state) == "waiting"
    stranger = Address(ChannelKind.EMAIL, "mallory@example.org")
    forged = desk.shop.keys.mac(
        token.PURPOSE, token.claim(desk.shop.keys.deployment, case, stranger)
    )
    await desk.mail_in("mallory@example.org", "Děkuji", tokens=(token.write(case, forged),))
    assert await desk.one("SELECT count(*) FROM case_") == 2


class Postbox:
    """The e-mail port: renders as the real door does, keeps what it would have handed over."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    def render(self, outbound: Outbound, account: Account) -> Rendered:
        return render_mail(outbound, account)

    async def send(self, account: Account, rendered: Rendered, key: UUID) -> Sent:
        self.mails.append(message_from_bytes(rendered.body, policy=SMTP))
        return Sent(rendered.envelope["message_id"])


def replied(to: EmailMessage, sender: str, text: str, **headers: str) -> bytes:
    """What a mail program sends when somebody presses Reply."""
    mail = EmailMessage(policy=SMTP.clone(max_line_length=2000))  # ids are never folded
    mail["From"], mail["To"] = sender, to["Reply-To"] or to["From"]
    mail["Subject"] = f"Re: {to['Subject']}"
    mail["Message-ID"] = make_msgid(domain="customer.example")
    mail["In-Reply-To"] = to["Message-ID"]
    mail["References"] = f"{to['References'] or ''} {to['Message-ID']}".strip()
    for name, value in headers.items():
        mail[name] = value
    mail.set_content(f"{text}\n\n> {to.get_content().splitlines()[0]}\n")
    return mail.as_bytes()


async def test_from_the_first_line_to_the_mail_that_comes_home_through_the_real_doors(
    desk, http
) -> None:
    eva, postbox = await visitor(http, desk.shop.key), Postbox()
    await eva.say("Kde je zásilka?")
    await desk.read()
    await proved(desk, eva, "eva@example.org")
    await desk.answer("Je na cestě.")
    desk.shop.clock.pass_(minutes=3)
    await desk.look()
    outside = replace(desk.outside, channels={ChannelKind.EMAIL: postbox})
    async with desk.shop.database.transaction() as session:
        (job,) = await deliver.claim(session, 10, desk.shop.clock())
    result = await deliver.perform(job, outside)
    async with desk.shop.database.transaction() as session:
        await deliver.settle(session, [result], desk.shop.clock(), 0.5)
    (mail,) = postbox.mails
    assert mail["To"].addresses[0].addr_spec == "eva@example.org"
    assert mail["From"].addresses[0].display_name == "Jana"
    assert "Je na cestě." in mail.get_content()
    state = "SELECT delivery_state FROM message WHERE subject <> '' AND kind = 'out'"
    assert await desk.one(state) == "sent"

    desk.shop.clock.pass_(hours=2)
    await desk.raw_mail(replied(mail, "eva@example.org", "Děkuji, počkám."))
    assert await desk.one("SELECT count(*) FROM case_") == 1
    assert await desk.one("SELECT count(*) FROM customer") == 1
    said = "SELECT text FROM message WHERE kind = 'in' ORDER BY position DESC LIMIT 1"
    assert await desk.one(said) == "Děkuji, počkám."
    states = dict(await desk.rows("SELECT channel_kind, state FROM interaction"))
    assert states == {"chat": "quiet", "email": "waiting"}

    await desk.raw_mail(replied(mail, "mallory@evil.example", "Pošlete mi vše"))
    assert await desk.one("SELECT count(*) FROM case_") == 2


async def test_a_visitor_who_reads_or_stays_gets_no_mail(desk, http) -> None:
    eva = await visitor(http, desk.shop.key)
    await eva.say("Dotaz")
    await desk.read()
    await proved(desk, eva, "eva@example.org")
    await desk.answer("Odpověď")
    desk.shop.clock.pass_(seconds=100)
    await eva.post("receipts", {"delivered": 1})  # a sign of life
    desk.shop.clock.pass_(seconds=100)
    await desk.look()
    assert await desk.one("SELECT count(*) FROM interaction") == 1
    position = (await desk.see(eva))[-1]["position"]
    await eva.post("receipts", {"read": position})
    desk.shop.clock.pass_(minutes=30)
    while await desk.look():
        desk.shop.clock.pass_(minutes=30)
    assert await desk.one("SELECT count(*) FROM interaction") == 1


async def test_after_five_silent_minutes_the_chat_lets_the_agent_go(desk, http) -> None:
    eva = await visitor(http, desk.shop.key)
    await eva.say("Dotaz")
    await desk.read()
    await desk.answer("Odpověď")
    position = (await desk.see(eva))[-1]["position"]
    await eva.post("receipts", {"read": position})
    desk.shop.clock.pass_(minutes=2, seconds=1)
    await desk.look()
    mode = "SELECT mode, state FROM interaction"
    assert await desk.one(mode) == ("live", "with_agent")
    desk.shop.clock.pass_(minutes=3)
    await desk.look()
    assert await desk.one(mode) == ("async", "quiet")
    assert await desk.one("SELECT routed_units FROM agent_load") == 0
    await eva.say("Jsem zpět")
    await desk.read()
    assert await desk.one("SELECT state FROM interaction") == "waiting"
    assert await desk.one("SELECT count(*) FROM case_") == 1


async def test_a_chat_whose_customer_waits_for_us_stays_live(desk, http) -> None:
    eva = await visitor(http, desk.shop.key)
    await eva.say("Dotaz")
    await desk.read()
    await desk.answer("Okamžik, prosím")
    desk.shop.clock.pass_(seconds=10)
    await eva.say("Čekám")
    await desk.read()
    for _ in range(10):
        desk.shop.clock.pass_(minutes=2)
        await desk.look()
    assert await desk.one("SELECT mode, state FROM interaction") == ("live", "with_agent")


async def test_an_address_the_page_merely_claims_gets_a_code_once_and_never_the_content(
    desk, http
) -> None:
    eva = await visitor(http, desk.shop.key, user={"email": "eva@example.org"})
    await eva.say("Dotaz")
    await desk.read()
    for text in ("Odpověď", "Druhá", "Třetí"):
        await desk.answer(text)
        desk.shop.clock.pass_(minutes=3)
        await desk.look()
    assert await desk.one("SELECT count(*) FROM mailed_code") == 1
    assert await desk.one("SELECT count(*) FROM interaction") == 1
    assert await desk.one("SELECT count(*) FROM delivery WHERE to_address LIKE '%@%'") == 0


async def test_without_a_mailbox_or_an_address_the_answers_wait_in_the_widget(desk, http) -> None:
    eva = await visitor(http, desk.shop.key)
    await eva.say("Dotaz")
    await desk.read()
    await desk.answer("Odpověď")
    for _ in range(4):
        desk.shop.clock.pass_(minutes=3)
        await desk.look()
    assert await desk.one("SELECT count(*) FROM interaction") == 1
    assert [one["text"] for one in await desk.see(eva)] == ["Dotaz", "Odpověď"]


async def test_an_answer_sent_while_we_look_is_not_forgotten(desk, http) -> None:
    eva = await visitor(http, desk.shop.key)
    await eva.say("Dotaz")
    await desk.read()
    await proved(desk, eva, "eva@example.org")
    await desk.answer("První")
    desk.shop.clock.pass_(minutes=3)
    async with desk.shop.database.transaction() as session:
        claimed = await timers.claim(
            session, 100, desk.shop.clock(), timedelta(seconds=60), ["chat_watch"]
        )
    await desk.answer("Druhá")  # between the claim and the look
    async with desk.shop.database.transaction() as session:
        await continue_by_mail.due(session, claimed, desk.shop.clock(), desk.outside)
    await desk.answer("Třetí")
    desk.shop.clock.pass_(minutes=3)
    await desk.look()
    mails = await desk.rows("SELECT text FROM message WHERE subject <> '' ORDER BY position")
    told = "".join(str(one) for one in mails)
    assert [told.count(text) for text in ("První", "Druhá", "Třetí")] == [1, 1, 1]


async def test_leaving_ends_a_waiting_chat_and_its_work(desk, http) -> None:
    eva = await visitor(http, desk.shop.key)
    await eva.say("Dotaz")
    await desk.read()
    assert (await eva.post("end")).status_code == 204
    await desk.read()
    assert await desk.one("SELECT state, ended_by FROM interaction") == ("ended", "customer")
    assert await desk.one("SELECT state FROM work_item") == "cancelled"


async def test_staff_having_read_turns_the_customers_ticks(desk, http) -> None:
    eva = await visitor(http, desk.shop.key)
    await eva.say("Dotaz")
    await desk.read()
    case, last = await desk.one("SELECT id, last_item FROM case_")
    async with desk.shop.database.transaction() as session:
        await session.execute(
            "INSERT INTO case_read (case_id, person_id, position) VALUES (%s, %s, %s)",
            [case, desk.jana.id, last],
        )
        await chat.staff_read(session, case, 0, last)
    assert (await desk.see(eva))[0]["state"] == "read"
    payload = await desk.rows(
        "SELECT payload->>'state' FROM event WHERE entity = 'chat_message' ORDER BY id"
    )
    assert payload[-1] == ("read",)
