"""What the DNS of a mailbox's domain says, judged."""

import pytest

from polyphony.domain.mail_domain import dkim, dmarc, domain_of, exchangers, spf


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        *(("info@Example.CZ", "example.cz"), ("a@müller.example.", "xn--mller-kva.example")),
        *(("nobody", "nobody"), ("", ""), ("x@" + "a" * 70 + ".cz", "")),
    ],
)
def test_the_domain_of_an_address_is_in_ascii(address: str, domain: str) -> None:
    assert domain_of(address) == domain


@pytest.mark.parametrize(
    ("records", "state", "code"),
    [
        *(([], "warn", "mx_none"), (["0 ."], "bad", "mx_refuses")),
        (["10 mx1.example.cz.", "20 mx2.example.cz."], "good", "mx"),
    ],
)
def test_somebody_takes_the_mail(records: list[str], state: str, code: str) -> None:
    found = exchangers(records)
    assert (found.state, found.code) == (state, code)


@pytest.mark.parametrize(
    ("records", "state", "code"),
    [
        *((["other"], "bad", "spf_none"), (["v=spf1 -all", "v=spf1 ~all"], "bad", "spf_twice")),
        *((["v=spf1 +all"], "bad", "spf_everybody"), (["v=spf1 mx"], "warn", "spf_open")),
        *((["v=spf1 ?all"], "warn", "spf_open"), (["V=SPF1 mx ~all"], "good", "spf")),
        (["x", "v=spf1 redirect=_spf.example.cz"], "good", "spf"),
    ],
)
def test_spf_names_who_may_send(records: list[str], state: str, code: str) -> None:
    found = spf(records)
    assert (found.state, found.code) == (state, code)


def test_a_dkim_key_that_lives_is_enough() -> None:
    assert dkim({"a": (), "b": ()}).code == "dkim_none"
    assert dkim({"a": ("v=DKIM1; k=rsa; p=",)}).code == "dkim_revoked"
    found = dkim({"a": ("v=DKIM1; p=",), "google": ("k=rsa; p=MIGf",), "x": ("hello",)})
    assert (found.state, found.detail) == ("good", "google")


@pytest.mark.parametrize(
    ("records", "state", "code"),
    [
        *(([], "warn", "dmarc_none"), (["v=DMARC1; p=none"], "warn", "dmarc_watches")),
        *((["v=DMARC1; p=reject"], "good", "dmarc"), (["v=DMARC1; p=maybe"], "bad", "dmarc_wrong")),
    ],
)
def test_dmarc_asks_for_more_than_watching(records: list[str], state: str, code: str) -> None:
    found = dmarc(records)
    assert (found.state, found.code) == (state, code)
