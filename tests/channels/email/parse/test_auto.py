"""Never answer a machine: each sign by itself, in the order of the table."""
# ruff: noqa: E501 - mails of the world are quoted as they are written

import pytest

from polyphony.channels.email.parse import read_mail

HEAD = "From: a@b.example\nSubject: x\n"


def reason(headers: str, own: frozenset[str] = frozenset()) -> str | None:
    found = read_mail(f"{headers}\n\nbody".encode(), own=own).auto_submitted
    assert found.is_auto == (found.reason is not None)
    return found.reason


@pytest.mark.parametrize(
    ("headers", "sign"),
    [
        (HEAD + "X-Polyphony-Origin: 1", "own"),
        ("From: US@Desk.Example\nSubject: x", "own"),
        (HEAD + "Return-Path: <>", "null_sender"),
        (HEAD + "Auto-Submitted: auto-generated", "auto_submitted"),
        (HEAD + "Auto-Submitted: auto-notified; owner=x (comment)", "auto_submitted"),
        (HEAD + "X-Autorespond: yes", "auto_header"),
        (HEAD + "X-Auto-Response-Suppress: OOF, AutoReply", "auto_header"),
        (HEAD + "Precedence: bulk", "bulk"),
        (HEAD + "Precedence: list", "bulk"),
        (HEAD + "List-Id: <x.example>", "bulk"),
        (HEAD + "List-Unsubscribe: <mailto:x@y.example>", "bulk"),
        (HEAD + "Feedback-ID: 1:2:3", "bulk"),
        ("From: noreply@b.example\nSubject: x", "daemon"),
        ("From: No-Reply@b.example\nSubject: x", "daemon"),
        ("From: bounces+a=b@c.example\nSubject: x", "daemon"),
        ("From: a@b.example\nSubject: Out of office: x\nIn-Reply-To: <1@d.example>", "vacation_subject"),
        ("From: a@b.example\nSubject: =?utf-8?q?Automatick=C3=A1_odpov=C4=9B=C4=8F?=\nReferences: <1@d.example>", "vacation_subject"),
        ("From: a@b.example\nSubject: =?utf-8?q?=D0=90=D0=B2=D1=82=D0=BE=D0=BE=D1=82=D0=B2=D0=B5=D1=82?=\nReferences: <1@d.example>", "vacation_subject"),
        (HEAD, None),
        (HEAD + "Auto-Submitted: no", None),
        (HEAD + "Auto-Submitted: no (a person)", None),
        (HEAD + "X-Auto-Response-Suppress: None", None),
        (HEAD + "Precedence: normal", None),
        (HEAD + "Return-Path: <a@b.example>", None),
        ("From: a@b.example\nSubject: Out of office", None),
        ("From: norbert@b.example\nSubject: x", None),
        ("From: bouncer@b.example\nSubject: x", None),
    ],
)  # fmt: skip
def test_each_sign_is_known(headers: str, sign: str | None) -> None:
    assert reason(headers, frozenset({"us@desk.example"})) == sign


def test_the_first_sign_in_the_order_counts() -> None:
    assert (
        reason(HEAD + "Precedence: bulk\nAuto-Submitted: auto-replied\nReturn-Path: <>") == "report"
    )
    assert reason(HEAD + "Precedence: bulk\nReturn-Path: <>") == "null_sender"
    assert reason(HEAD + "Precedence: bulk\nX-Autoreply: yes") in {"auto_header", "report"}


def test_a_report_is_never_answered() -> None:
    assert reason("From: a@b.example\nContent-Type: multipart/report; boundary=b") == "report"
