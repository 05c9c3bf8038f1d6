"""Reports about delivery: known systems in their own words, and the care before `hard`."""
# ruff: noqa: E501, RUF001 - mails of the world are quoted as they are written

from pathlib import Path

import pytest

from polyphony.channels.email.parse import read_mail
from polyphony.channels.email.parse.shape import Bounce

MAILS = Path(__file__).parent / "mails"


def plain(
    body: str, sender: str = "MAILER-DAEMON@mx.example", subject: str = "failure notice"
) -> Bounce | None:
    raw = f"Return-Path: <>\nFrom: {sender}\nTo: help@desk.example\nSubject: {subject}\n\n{body}"
    return read_mail(raw.encode()).bounce


def report(fields: str, text: str = "Sorry.") -> Bounce | None:
    raw = (
        "From: MAILER-DAEMON@mx.example\nTo: help@desk.example\nSubject: Undelivered Mail\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        f"--b\n\n{text}\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n{fields}\n--b--\n"
    )
    return read_mail(raw.encode()).bounce


def test_a_postfix_report_names_the_dead_address() -> None:
    mail = read_mail((MAILS / "postfix-dsn.eml").read_bytes())
    found = mail.bounce
    assert found is not None
    assert (found.is_bounce, found.kind, found.reason) == (True, "hard", "unknown_recipient")
    assert (found.status, found.code, found.recipient) == (
        "5.1.1",
        "550",
        "nobody@customer.example",
    )
    assert found.others == ()
    assert mail.auto_submitted.reason == "report"


@pytest.mark.parametrize(
    ("diagnostic", "status", "reason", "kind"),
    [
        ("550 5.1.1 <x@y.example>: Recipient address rejected: User unknown", "5.1.1", "unknown_recipient", "hard"),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", "5.1.10", "unknown_recipient", "hard"),
        ("550-5.1.1 The email account that you tried to reach does not exist", "5.1.1", "unknown_recipient", "hard"),
        ("550 5.1.1 Uživatel neexistuje", "5.1.1", "unknown_recipient", "hard"),
        ("550 5.1.1 Brak takiego uzytkownika", "5.1.1", "unknown_recipient", "hard"),
        ("550 Нет такого пользователя", "5.1.1", "unknown_recipient", "hard"),
        ("Host or domain name not found. Name service error", "5.4.4", "unknown_domain", "hard"),
        ("Host or domain name not found. Name service error; try again", "4.4.3", "temporary", "soft"),
        ("556 5.1.10 domain does not accept mail (nullMX)", "5.1.10", "no_mail_service", "hard"),
        ("551 5.1.6 recipient no longer on server", "5.1.6", "moved", "hard"),
        ("552 5.2.2 Mailbox full", "5.2.2", "mailbox_full", "soft"),
        ("452 4.2.2 The email account that you tried to reach is over quota", "4.2.2", "mailbox_full", "soft"),
        ("550 5.2.1 The email account that you tried to reach is disabled", "5.2.1", "disabled", "soft"),
        ("552 5.3.4 Message size exceeds fixed limit", "5.3.4", "too_big", "soft"),
        ("550 5.7.26 This mail is unauthenticated: SPF and DKIM did not pass", "5.7.26", "sender_refused", "soft"),
        ("554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", "5.7.1", "sender_refused", "soft"),
        ("554 5.7.1 <x@y.example>: Relay access denied", "5.7.1", "sender_refused", "soft"),
        ("550 5.7.1 Message contains a virus", "5.7.1", "content_refused", "soft"),
        ("554 5.6.0 Message rejected as spam", "5.6.0", "content_refused", "soft"),
        ("451 4.7.1 Greylisting in action, please try again later", "4.7.1", "temporary", "soft"),
        ("connect to mx.y.example[192.0.2.1]:25: Connection timed out", "4.4.1", "temporary", "soft"),
        ("450 4.1.1 <x@y.example>: Recipient address rejected: unverified address", "4.1.1", "temporary", "soft"),
        ("550 5.7.1 <x@y.example>: Recipient address rejected: User unknown", "5.7.1", "sender_refused", "soft"),
    ],
)  # fmt: skip
def test_the_words_of_servers_are_understood(
    diagnostic: str, status: str, reason: str, kind: str
) -> None:
    found = report(
        f"Final-Recipient: rfc822; x@y.example\nAction: failed\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; {diagnostic}\n"
    )
    assert found is not None
    assert (found.reason, found.kind, found.is_bounce) == (reason, kind, True)
    assert found.recipient == "x@y.example"


def test_user_unknown_after_data_is_the_owners_filter() -> None:
    found = report(
        "Final-Recipient: rfc822; x@y.example\nAction: failed\nStatus: 5.0.0\n"
        "Diagnostic-Code: smtp; 550 User unknown\n",
        "<x@y.example>: host mx said: 550 User unknown (in reply to end of DATA command)",
    )
    assert found is not None
    assert (found.reason, found.kind) == ("filtered", "soft")


def test_a_delay_is_never_final() -> None:
    found = report(
        "Final-Recipient: rfc822; x@y.example\nAction: delayed\nStatus: 4.4.1\n"
        "Diagnostic-Code: smtp; 450 host not found\nWill-Retry-Until: Fri, 3 Apr 2026 08:15:00 +0200\n"
    )
    assert found is not None
    assert (found.kind, found.action, found.reason) == ("soft", "delayed", "temporary")


def test_a_success_report_is_no_bounce() -> None:
    found = report("Final-Recipient: rfc822; x@y.example\nAction: relayed\nStatus: 2.0.0\n")
    assert found is not None
    assert (found.is_bounce, found.kind, found.reason) == (False, None, "delivered")


def test_further_recipients_stand_in_others() -> None:
    found = report(
        "Final-Recipient: rfc822; a@y.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n\n"
        "Final-Recipient: rfc822; b@y.example\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 Mailbox full\n"
    )
    assert found is not None
    assert [found.recipient, *(one.recipient for one in found.others)] == [
        "a@y.example",
        "b@y.example",
    ]
    assert [found.kind, *(one.kind for one in found.others)] == ["hard", "soft"]


QMAIL = (
    "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message.\n\n"
    "<x@y.example>:\n192.0.2.5 does not like recipient.\nRemote host said: 550 sorry, no mailbox here by that name\n"
    "Giving up on 192.0.2.5.\n\n--- Below this line is a copy of the message.\n\n"
    "Return-Path: <help@desk.example>\nMessage-ID: <1@desk.example>\nSubject: mailbox full, spam, virus\n\nover quota\n"
)
EXIM = (
    "This message was created automatically by mail delivery software.\n\nA message that you sent could not be"
    " delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n"
    "  x@y.example\n    SMTP error from remote mail server after RCPT TO:<x@y.example>:\n"
    "    host mx.y.example [192.0.2.5]: 550 5.1.1 unknown user\n\n"
    "------ This is a copy of the message, including all the headers. ------\n\nReturn-path: <help@desk.example>\n"
)
SENDMAIL = (
    "The original message was received at Mon, 30 Mar 2026\nfrom localhost\n\n"
    "   ----- The following addresses had permanent fatal errors -----\n<x@y.example>\n"
    "    (reason: 552 5.2.2 Over quota)\n\n   ----- Transcript of session follows -----\n"
    "... while talking to mx.y.example.:\n>>> RCPT To:<x@y.example>\n<<< 552 5.2.2 Over quota\n"
)
MAIL_RU = (
    "Это письмо создано автоматически сервером Mail.Ru.\nК сожалению, Ваше письмо не может быть доставлено:\n\n"
    "  x@y.example\n    SMTP error from remote mail server after RCPT TO:<x@y.example>:\n"
    "    host mx [192.0.2.5]: 550 Message was not accepted -- invalid mailbox. Local mailbox x@y.example is unavailable: user not found\n"
)
GMAIL = (
    "Delivery to the following recipient failed permanently:\n\n     x@y.example\n\n"
    "Technical details of permanent failure:\nGoogle tried to deliver your message, but it was rejected by the"
    " server.\nThe error that the other server returned was:\n550 5.1.1 <x@y.example>... User Unknown\n\n"
    "----- Original message -----\n\nFrom: help@desk.example\n"
)
SEZNAM = (
    "Vaši zprávu se nepodařilo doručit adresátovi:\n\nx@y.example\n\n"
    "host mx.y.example said: 550 5.1.1 Uživatel neexistuje (in reply to RCPT TO command)\n"
)


@pytest.mark.parametrize(
    ("body", "reason", "kind"),
    [
        (QMAIL, "unknown_recipient", "hard"),
        (EXIM, "unknown_recipient", "hard"),
        (SENDMAIL, "mailbox_full", "soft"),
        (MAIL_RU, "unknown_recipient", "hard"),
        (GMAIL, "unknown_recipient", "hard"),
        (SEZNAM, "unknown_recipient", "hard"),
    ],
    ids=["qmail", "exim", "sendmail", "mail.ru", "gmail", "seznam"],
)
def test_plain_reports_of_known_systems(body: str, reason: str, kind: str) -> None:
    found = plain(body)
    assert found is not None
    assert (found.is_bounce, found.reason, found.kind) == (True, reason, kind)
    assert found.recipient == "x@y.example"


def test_words_of_the_enclosed_original_are_never_read() -> None:
    found = plain(QMAIL.replace("550 sorry, no mailbox here by that name", "451 try again later"))
    assert found is not None
    assert (found.reason, found.kind) == ("temporary", "soft")


def test_a_complaint_is_feedback() -> None:
    raw = (
        b"From: fbl@isp.example\nSubject: complaint\nContent-Type: multipart/report; report-type=feedback-report;"
        b" boundary=b\n\n--b\n\nabuse\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n"
        b"Original-Rcpt-To: x@y.example\n\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <1@d.example>\n\n\n--b--\n"
    )
    found = read_mail(raw).bounce
    assert found is not None
    assert (found.is_bounce, found.reason, found.recipient) == (False, "feedback", "x@y.example")


def test_a_read_receipt_is_read() -> None:
    raw = (
        b"From: x@y.example\nSubject: Read\nContent-Type: multipart/report; report-type=disposition-notification;"
        b" boundary=b\n\n--b\n\nseen\n--b\nContent-Type: message/disposition-notification\n\n"
        b"Final-Recipient: rfc822; x@y.example\nDisposition: manual-action/MDN-sent-manually; displayed\n--b--\n"
    )
    found = read_mail(raw).bounce
    assert found is not None
    assert (found.is_bounce, found.reason) == (False, "read")


def test_a_vacation_note_is_no_bounce() -> None:
    mail = read_mail((MAILS / "vacation-cs.eml").read_bytes())
    assert mail.bounce is not None
    assert (mail.bounce.is_bounce, mail.bounce.reason) == (False, "vacation")


@pytest.mark.parametrize(
    ("sender", "subject", "body"),
    [
        (
            "jana@example.org",
            "Mail delivery problem",
            "My parcel could not be delivered to the address 550 Main Street.",
        ),
        (
            "jana@example.org",
            "Re: Undelivered Mail Returned to Sender",
            "Hi, I got this. Is x@y.example wrong? 550 5.1.1",
        ),
        ("jana@example.org", "Nedoručená zásilka", "Dobrý den, zásilka nebyla doručena."),
        (
            "jan.mailer@example.org",
            "Failure of my washing machine",
            "It does not exist in your list.",
        ),
    ],
)
def test_people_who_write_about_failures_are_people(sender: str, subject: str, body: str) -> None:
    raw = f"From: {sender}\nTo: help@desk.example\nSubject: {subject}\n\n{body}\n"
    mail = read_mail(raw.encode())
    assert mail.bounce is None
    assert not mail.auto_submitted.is_auto
