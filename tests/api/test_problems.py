"""Every problem has words in four languages and its page; answers follow Accept-Language."""

from pathlib import Path

import pytest

from polyphony.api import errors
from polyphony.domain import errors as refusals

PAGES = Path(__file__).parents[2] / "docs" / "problems"


def test_every_slug_has_its_page_and_every_page_its_slug() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == set(errors.PROBLEMS)
    for slug in errors.PROBLEMS:
        assert (PAGES / f"{slug}.md").read_text(encoding="utf-8") == errors.as_markdown(slug)


@pytest.mark.parametrize("language", errors.LANGUAGES)
def test_every_text_exists_in_every_language(language: str) -> None:
    for known in errors.PROBLEMS.values():
        assert known["title"][language]
        assert known["detail"][language]
    assert all(words[language] for words in errors.CODES.values())


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"), ("", "en"), ("cs", "cs"), ("pl-PL,pl;q=0.9,en;q=0.8", "pl"),
        ("de,ru;q=0.5", "ru"), ("en;q=0.2,cs;q=0.9", "cs"), ("xx", "en"), ("cs;q=odd", "en"),
        ("," * 5000, "en"),
    ],
)  # fmt: skip
def test_the_best_of_our_languages_is_chosen(header: str | None, language: str) -> None:
    assert errors.language_of(header) == language


@pytest.mark.parametrize(
    ("refusal", "slug", "status"),
    [
        (refusals.Invalid("x.y"), "invalid", 422),
        (refusals.NotFound("case"), "not-found", 404),
        (refusals.Forbidden("x", {"needs": ["admin"]}), "forbidden", 403),
        (refusals.NotAuthenticated("x"), "not-authenticated", 401),
        (refusals.Conflict("x"), "conflict", 409),
        (refusals.Conflict("case.moved_on"), "case-moved-on", 409),
        (refusals.Conflict("offer.settled"), "offer-settled", 409),
        (refusals.RateLimited("x", {"after_s": 7}), "rate-limited", 429),
    ],
)
def test_refusals_become_their_problems(refusal: refusals.Refusal, slug: str, status: int) -> None:
    problem = errors.of_refusal(refusal)
    assert (problem.slug, problem.status) == (slug, status)
    if slug == "rate-limited":
        assert problem.headers["Retry-After"] == "7"
