"""The DNS is really asked: a server on this machine answers, or keeps silent."""

import pytest
from tests.make.dns import dns_server

from polyphony.flows.vet import vet
from polyphony.integrations import names
from polyphony.integrations.names import Names

ZONE = {
    ("lumen.example.", "MX"): ("10 mx.lumen.example.", "20 mx2.lumen.example."),
    ("lumen.example.", "TXT"): ('"v=spf1 mx " "~all"', '"some other words"'),
    ("google._domainkey.lumen.example.", "TXT"): ('"v=DKIM1; k=rsa; p=MIGf"',),
    ("_dmarc.lumen.example.", "TXT"): ('"v=DMARC1; p=quarantine"',),
}


async def test_a_domain_in_order_is_good_in_every_step() -> None:
    async with dns_server(ZONE) as port:
        asked = Names(["127.0.0.1"], port)
        words = await asked.records("lumen.example", "TXT")  # a server gives them in any order
        assert sorted(words) == ["some other words", "v=spf1 mx ~all"]
        assert await asked.records("nobody.example", "MX") == ()
        found = await vet(asked, "info@lumen.example")
        assert [(one.step, one.state) for one in found] == [
            *(("mx", "good"), ("spf", "good"), ("dkim", "good"), ("dmarc", "good"))
        ]
        below = await vet(asked, "info@news.lumen.example")
        assert [one.code for one in below] == ["mx_none", "spf_none", "dkim_none", "dmarc"]
        own = await vet(asked, "info@lumen.example", "spring")
        assert own[2].code == "dkim_none"


async def test_who_does_not_answer_is_unknown_and_never_bad(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(names, "ANSWER_S", 0.4)
    silent = frozenset({"lumen.example.", "_dmarc.lumen.example."})
    async with dns_server(ZONE, silent) as port:
        found = await vet(Names(["127.0.0.1"], port), "info@lumen.example")
        assert [(one.step, one.state) for one in found] == [
            *(("mx", "unknown"), ("spf", "unknown"), ("dkim", "good"), ("dmarc", "unknown"))
        ]
        assert {one.code for one in await vet(Names(["127.0.0.1"], port), "x@localhost")} == {
            "no_domain"
        }
