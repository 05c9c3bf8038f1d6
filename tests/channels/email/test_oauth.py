"""Mailboxes that sign in by OAuth: tokens are refreshed, kept, rotated and told to nobody."""

import asyncio
import json
from urllib.parse import parse_qs

import pytest
from tests.peers.kit import ADDRESS, KEY, LOOPBACK, Taken, account, mail, rendered, until
from tests.peers.web import WebEnd, answer

from polyphony.channels.email.client import EmailDoor
from polyphony.channels.email.client import oauth as oauth_module
from polyphony.channels.email.client.oauth import Tokens
from polyphony.domain.failure import AccountBroken, Temporary
from polyphony.integrations.outgoing import Outgoing
from polyphony.simulator.ends.email import MailEnd

SECRETS = {"oauth_refresh_token": "refresh-canary", "oauth_client_secret": "client-canary"}


class Provider(WebEnd):
    """A token endpoint that hands out t1, t2 … and knows which are good."""

    def __init__(self, life: int = 3600) -> None:
        super().__init__(self._issue)
        self.life = life
        self.issued = 0
        self.good: set[str] = set()
        self.rotate = ""
        self.more: dict[str, object] = {}

    def _issue(self, asked) -> bytes:
        fields = {key: value[0] for key, value in parse_qs(asked.body.decode()).items()}
        if fields.get("refresh_token") not in {"refresh-canary", self.rotate or "-"}:
            return answer(400, b'{"error": "invalid_grant"}')
        self.issued += 1
        self.good = {f"t{self.issued}"}
        said = {"access_token": f"t{self.issued}", "expires_in": self.life, **self.more}
        if self.rotate:
            said["refresh_token"] = self.rotate
        return answer(200, json.dumps(said).encode())

    def judge(self, user: str, token: str) -> bool:
        return user == ADDRESS and token in self.good


@pytest.fixture
async def provider():
    async with Provider() as running:
        yield running


@pytest.fixture
async def end(provider):
    async with MailEnd({ADDRESS: "unused"}, tokens=provider.judge) as running:
        yield running


def ours(provider, end=None, secrets=None, **settings):
    ports = (end.imap_port, end.smtp_port) if end else (0, 0)
    return account(
        *ports,
        secrets=secrets or SECRETS,
        auth="oauth2",
        oauth_token_url=provider.url("/token"),
        oauth_client_id="polyphony",
        oauth_scope="mail offline_access",
        **settings,
    )


async def test_the_refresh_request_is_a_form_with_the_clients_proof(provider):
    assert await Tokens(LOOPBACK).get(ours(provider)) == "t1"
    asked = provider.asked[0]
    assert asked.line == "POST /token HTTP/1.1"
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qs(asked.body.decode()) == {
        "grant_type": ["refresh_token"],
        "refresh_token": ["refresh-canary"],
        "client_id": ["polyphony"],
        "client_secret": ["client-canary"],
        "scope": ["mail offline_access"],
    }


async def test_a_token_is_asked_for_once_by_many_and_again_when_it_ends(provider, monkeypatch):
    tokens = Tokens(LOOPBACK)
    found = await asyncio.gather(*(tokens.get(ours(provider)) for _ in range(10)))
    assert set(found) == {"t1"}
    tokens.forget(ours(provider))
    monkeypatch.setattr(oauth_module, "EARLY_S", 0.0)
    provider.life = 0.1
    assert await tokens.get(ours(provider)) == "t2"
    await asyncio.sleep(0.15)
    assert await tokens.get(ours(provider)) == "t3"


async def test_a_rotated_refresh_token_is_used_and_told(provider):
    told = []
    tokens = Tokens(LOOPBACK, lambda account_id, token: told.append((account_id, token)))
    provider.rotate = "refresh-2"
    await tokens.get(ours(provider))
    tokens.forget(ours(provider))
    await tokens.get(ours(provider))
    assert "refresh_token=refresh-2" in provider.asked[1].body.decode()
    assert told == [(ours(provider).id, "refresh-2")]


async def test_how_long_the_refresh_token_lasts_is_told_by_a_check_as_far_as_it_is_known(
    provider, end
):
    door = EmailDoor(LOOPBACK)
    assert (await door.check(ours(provider, end))).sign_in_lasts_s is None
    await door.close()
    for name in ("refresh_token_expires_in", "refresh_expires_in"):
        provider.more = {name: 604_800}
        door = EmailDoor(LOOPBACK)
        lasts = (await door.check(ours(provider, end))).sign_in_lasts_s
        assert 604_700 < lasts <= 604_800
        await door.close()
    tokens = Tokens(LOOPBACK)
    await tokens.get(ours(provider))
    provider.more = {"refresh_expires_in": 0}  # some providers say so when it never ends
    tokens.forget(ours(provider))
    await tokens.get(ours(provider))
    assert tokens.lasts_s(ours(provider)) is None


async def test_a_refused_refresh_token_breaks_the_account_and_is_in_no_message(provider):
    with pytest.raises(AccountBroken, match="oauth_refused") as failure:
        await Tokens(LOOPBACK).get(ours(provider, secrets={"oauth_refresh_token": "old-canary"}))
    assert "invalid_grant" in failure.value.detail
    assert "canary" not in failure.value.detail
    assert "canary" not in repr(ours(provider))


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (answer(500), Temporary),
        (answer(429), Temporary),
        (answer(200, b"no json"), AccountBroken),
        (answer(200, b"[]"), AccountBroken),
        (answer(200, b'{"access_token": 5}'), AccountBroken),
        (answer(302, Location="http://127.0.0.1:1/"), AccountBroken),
        (b"not http at all", Temporary),
    ],
)
async def test_every_other_answer_has_its_class(provider, said, kind):
    provider.answering = lambda _asked: said
    with pytest.raises(kind):
        await Tokens(LOOPBACK).get(ours(provider))


async def test_a_token_endpoint_closed_to_us_is_not_asked(provider):
    with pytest.raises(AccountBroken, match="oauth_unreachable"):
        await Tokens(Outgoing()).get(ours(provider))
    assert provider.asked == []


async def test_mail_comes_and_goes_with_tokens(provider, end):
    door = EmailDoor(LOOPBACK)
    end.deliver(ADDRESS, mail(0))
    taken = Taken(door.collect(ours(provider, end), {}))
    await until(lambda: taken.bodies == [mail(0)])
    await taken.stop()
    await door.send(ours(provider, end), rendered(), KEY)
    assert (await door.check(ours(provider, end))).state == "working"
    assert provider.issued == 1
    assert end.sign_ins == 2
    await door.close()


async def test_a_token_revoked_early_is_replaced(provider, end):
    door = EmailDoor(LOOPBACK)
    await door.send(ours(provider, end), rendered(), KEY)
    provider.good = set()
    await end.hang_up()
    await door.send(ours(provider, end), rendered(), KEY)
    assert provider.issued == 2
    provider.good = set()
    taken = Taken(door.collect(ours(provider, end), {}))
    await until(lambda: taken.failure)
    assert isinstance(taken.failure, AccountBroken)
    again = Taken(door.collect(ours(provider, end), {}))
    end.deliver(ADDRESS, mail(1))
    await until(lambda: again.bodies)
    await again.stop()
    await door.close()
