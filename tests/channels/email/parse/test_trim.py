"""The trimmer in Czech, Polish, Russian and in the forms of the great mail programs."""
# ruff: noqa: E501 - mails of the world are quoted as they are written

import re
from collections import Counter
from pathlib import Path

import pytest

from polyphony.channels.email.parse.html import clean
from polyphony.channels.email.parse.trim import reply
from polyphony.channels.email.parse.visible import text as visible_text

CASES = Path(__file__).parent / "trimming"
LANGUAGES = ("cs", "pl", "ru")


def cases(language: str) -> list[tuple[str, str, str]]:
    found = []
    for block in (CASES / f"{language}.txt").read_text(encoding="utf-8").split("=== ")[1:]:
        title, _, rest = block.partition("\n")
        body, _, own = rest.partition("--- own\n")
        found.append((title, body, own))
    return found


def flat(text: str) -> str:
    return " ".join(text.split())


ALL = [(language, *case) for language in LANGUAGES for case in cases(language)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_twenty_cases_of_its_own(language: str) -> None:
    assert len(cases(language)) >= 20


@pytest.mark.parametrize(
    ("language", "title", "body", "own"), ALL, ids=[f"{a}: {b}" for a, b, *_ in ALL]
)
def test_only_what_the_person_wrote_is_left(language: str, title: str, body: str, own: str) -> None:
    assert flat(reply(body, None, html_only=False).text) == flat(own), (language, title)


def test_at_least_995_of_1000_own_words_are_kept() -> None:
    word = re.compile(r"\w+")
    kept = asked = 0
    for _, _, body, own in ALL:
        got = Counter(word.findall(reply(body, None, html_only=False).text))
        want = Counter(word.findall(own))
        kept += sum((want & got).values())
        asked += sum(want.values())
    assert kept >= 0.995 * asked


def test_a_mail_of_quotes_only_keeps_its_text_and_says_so() -> None:
    found = reply("> Only a quote.\n> More.\n", None, html_only=False)
    assert found.text == "> Only a quote.\n> More."
    assert found.all_quoted


def test_a_forward_without_a_note_is_the_message_itself() -> None:
    text = "---------- Forwarded message ---------\nFrom: A <a@b.example>\nDate: today\nSubject: x\n\nHello"
    found = reply(text, None, html_only=False)
    assert "Hello" in found.text
    assert not found.all_quoted


def test_nothing_recognised_gives_the_text_trimmed() -> None:
    found = reply("\n  Just words.\nMore words.\n\n", None, html_only=False)
    assert found.text == "Just words.\nMore words."
    assert found.rule == "nothing recognised"


def _from_html(html: str) -> str:
    safe = clean(html)
    return flat(reply(visible_text(safe), safe, html_only=True).text)


def test_gmail_quotes_in_html_are_taken_off() -> None:
    html = (
        '<div dir="ltr">Ano, souhlasím.</div><br><div class="gmail_quote"><div dir="ltr" '
        'class="gmail_attr">po 30. 3. 2026 v 8:15 odesílatel X &lt;<a href="mailto:x@y.example">'
        'x@y.example</a>&gt; napsal:<br></div><blockquote class="gmail_quote">Souhlasíte?'
        "</blockquote></div>"
    )
    assert _from_html(html) == "Ano, souhlasím."


def test_answers_between_gmail_quotes_stay() -> None:
    html = (
        '<div class="gmail_quote"><div class="gmail_attr">On Mon X wrote:<br></div><blockquote '
        'class="gmail_quote">One?</blockquote><div>yes</div><blockquote class="gmail_quote">Two?'
        "</blockquote><div>no</div></div>"
    )
    assert _from_html(html) == "yes no"


def test_outlook_borders_in_html_are_taken_off() -> None:
    html = (
        "<p>Termín vyhovuje.</p><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3pt'>"
        "<p><b>From:</b> Podpora &lt;p@d.example&gt;<br><b>Sent:</b> Monday<br><b>To:</b> Jan<br>"
        "<b>Subject:</b> Termín</p></div><p>Hodí se úterý?</p>"
    )
    assert _from_html(html) == "Termín vyhovuje."


def test_outlook_on_the_web_is_taken_off_by_its_mark() -> None:
    html = (
        '<div>Děkuji.</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>Od:</b> P<br>'
        "<b>Odesláno:</b> dnes</div><div>Starý text.</div>"
    )
    assert _from_html(html) == "Děkuji."


def test_thunderbird_and_yahoo_marks_are_taken_off() -> None:
    html = (
        '<p>Hotovo.</p><div class="moz-cite-prefix">Dne 1. 1. 2026 v 8:00 X napsal(a):<br></div>'
        '<blockquote type="cite">Starý text.</blockquote>'
    )
    assert _from_html(html) == "Hotovo."
    html = '<div>Fertig.</div><div class="yahoo_quoted"><div>Am Montag schrieb X:</div><div>Alt.</div></div>'
    assert _from_html(html) == "Fertig."


def test_the_html_helps_when_the_plain_part_shows_no_border() -> None:
    plain = "Díky moc\n\nStará zpráva bez jakékoli značky"
    html = clean(
        '<p>Díky moc</p><blockquote type="cite">Stará zpráva bez jakékoli značky</blockquote>'
    )
    assert reply(plain, html, html_only=False).text == "Díky moc"


def test_a_blockquote_that_is_no_citation_stays() -> None:
    assert _from_html("<p>Ceník:</p><blockquote>Kus 10 Kč</blockquote>") == "Ceník: Kus 10 Kč"


@pytest.mark.parametrize(
    "body",
    [
        "Dobrý den, potřebuji přepravu:\n\nOd: Praha\nDo: Brno\nDatum: 5. 5. 2026\nPočet osob: 2\n\nDěkuji",
        "Od: Jan Novák\nDatum: 5. 5. 2026\nPředmět: Reklamace\n\nDobrý den, lednička nechladí.",
        "Hello,\nmy colleague wrote:\nplease call me back\nand I agree.",
        "Ceny:\n1) 100 Kč\n2) 200 Kč\n---\nCelkem: 300 Kč, prosím potvrďte.",
        "Volal mi dne 30. 3. 2026 pan Novák a napsal: zboží je vadné.",
        "On Monday I wrote to you. Date: unknown. Subject: none. What now?",
        "Proszę o wycenę:\nOd: Warszawa\nDo: Kraków\nData: 5.05.2026\n\nPozdrawiam",
        "def f(x):\n    if x > 3:\n        return x >> 1\n",
    ],
)
def test_own_words_that_look_like_headers_stay(body: str) -> None:
    assert flat(reply(body, None, html_only=False).text) == flat(body)
