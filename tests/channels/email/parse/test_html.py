"""Safe HTML: nothing runs, loads or calls out, and cleaning twice changes nothing."""
# ruff: noqa: E501 - mails of the world are quoted as they are written

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from polyphony.channels.email.parse.html import clean, cut, style
from polyphony.channels.email.parse.visible import text

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' java\nscript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<iframe src='https://x.example'></iframe>",
    "<form action='https://x.example'><input name=a></form>",
    "<base href='https://x.example'>",
    "<meta http-equiv=refresh content='0;url=https://x.example'>",
    "<link rel=stylesheet href='https://x.example/x.css'>",
    "<style>@import 'https://x.example/x.css'</style>",
    '<div style="background:url(https://x.example/x)">x</div>',
    "<div style='width:expression(alert(1))'>x</div>",
    "<div style='position:fixed;top:0'>x</div>",
    "<div style='background-color:u\\72l(https://x.example)'>x</div>",
    "<table background='https://x.example/x.png'><tr><td>x</td></tr></table>",
    "<img srcset='https://x.example/x.png 1x'>",
    "<img src='//x.example/x.png'>",
    "<video poster='https://x.example/x.png' src='https://x.example/x'></video>",
    "<object data='https://x.example'></object>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<p title='<img src=https://x.example/x.png>'>x</p>",
    "<img alt='<img src=\"https://x.example/y\"' src='https://x.example/x.png'>",
    "<b id=polyphony class=admin onclick=alert(1)>x</b>",
    "<!--[if mso]><img src=https://x.example><![endif]-->",
    "<img src='cid:\ue0f0https://x.example/x'>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
]
TAGS = {"script", "style", "form", "iframe", "object", "base", "meta", "link", "svg", "math",
        "input", "video", "noscript", "textarea"}  # fmt: skip


class _Seen(HTMLParser):
    """What a browser would make of the cleaned HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in TAGS:
            self.faults.append(tag)
        for name, written in attrs:
            bad = name.startswith("on") or name in {
                "srcset",
                "background",
                "poster",
                "action",
                "xlink:href",
            }
            value = (written or "").strip().lower()
            bad = bad or (name == "src" and not value.startswith(("cid:", "data:image/")))
            bad = bad or (
                name == "href" and not value.startswith(("http://", "https://", "mailto:", "tel:"))
            )
            bad = bad or (
                name == "style" and re.search(r"url|expression|position|\\\\|@", value) is not None
            )
            if bad:
                self.faults.append(f"{name}={value}")


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_are_made_harmless(attack: str) -> None:
    seen = _Seen()
    seen.feed(clean(attack))
    assert seen.faults == []
    assert "\ue0f0" not in clean(attack)


@pytest.mark.parametrize("attack", ATTACKS)
def test_cleaning_twice_changes_nothing(attack: str) -> None:
    assert clean(clean(attack)) == clean(attack)


_PIECES = st.sampled_from(
    [*ATTACKS, "<div>", "</div>", "<p class=gmail_quote>", "<blockquote type=cite>", "text", "<b>",
     "</b>", "<table>", "<tr><td>", "</table>", "&amp;", "&#x202e;", "\x00", '"', "'", "<", ">",
     "<a href=mailto:a@b.example>", "<img src=cid:x>", "<img src=http://x.example/a>", "<!--", "-->"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(_PIECES, st.text(max_size=20)), max_size=12))
@example(["<a href=mailto:a@b.example>", "<table>", "<a href=mailto:a@b.example>"])
def test_any_mixture_is_cleaned_once_and_for_all(pieces: list[str]) -> None:
    once = clean("".join(pieces))
    assert clean(once) == once
    text(once)


def test_what_people_need_stays() -> None:
    html = (
        '<p style="color:red;margin:0 0 1em">a <b>b</b> <a href="https://x.example/?a=1&amp;b=2">c</a></p>'
        '<ul><li>d</li></ul><table border="1"><tr><td colspan="2">e</td></tr></table><img src="cid:f@g">'
        '<img src="data:image/png;base64,AAAA">'
    )
    safe = clean(html)
    for kept in (
        "color:red",
        "<b>b</b>",
        'href="https://x.example/?a=1&amp;b=2"',
        "<li>d</li>",
        'colspan="2"',
        'src="cid:f@g"',
        "data:image/png;base64,AAAA",
    ):
        assert kept in safe


def test_remote_pictures_wait_for_a_click() -> None:
    assert clean('<img src="https://x.example/a.png" alt="A">') == (
        '<img data-remote="https://x.example/a.png" alt="A">'
    )


def test_pictures_inside_the_mail_have_a_limit() -> None:
    assert "src" not in clean(f'<img src="data:image/png;base64,{"A" * 70_000}">')


@pytest.mark.parametrize(
    ("given_style", "kept"),
    [
        ("color:red", "color:red"),
        ("COLOR: #fff ; position:fixed", "color:#fff"),
        ("background-color:rgb(1, 2, 3)", "background-color:rgb(1, 2, 3)"),
        ("width:calc(1px)", None),
        ("font-family:'x';behavior:url(x)", "font-family:'x'"),
        ("display:none", "display:none"),
        ("display:block", None),
    ],
)
def test_styles_keep_harmless_declarations(given_style: str, kept: str | None) -> None:
    assert style(given_style) == kept


def test_long_html_is_cut_at_a_block() -> None:
    safe = clean("<p>word</p>" * 10_000)
    short = cut(safe, 10_000)
    assert len(short) <= 10_000
    assert short.endswith("</p>")


def test_quote_marks_stay_and_other_classes_go() -> None:
    assert clean('<div class="gmail_quote x" id="y">z</div>') == '<div class="gmail_quote">z</div>'
    assert clean('<div id="divRplyFwdMsg">z</div>') == '<div id="divRplyFwdMsg">z</div>'
