"""The language of a short text: ours are told apart, doubt is admitted."""
# ruff: noqa: E501 - sentences stay unbroken

import pytest

from polyphony.domain.language import recognise


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Dobrý den, kdy mi přijde objednávka? Děkuji.", "cs"),
        ("Potřebuji prosím poslat fakturu za minulý měsíc.", "cs"),
        (
            "Dobry den, kdy mi prijde objednavka? Zatim nic nedorazilo a ja uz to potrebuji, dekuji.",
            None,
        ),
        ("Dobrý deň, kedy mi príde objednávka? Ďakujem.", "sk"),
        ("Dzień dobry, kiedy przyjdzie moje zamówienie? Dziękuję.", "pl"),
        ("Proszę o fakturę za ostatni miesiąc, pozdrawiam.", "pl"),
        ("Здравствуйте, когда придёт мой заказ? Спасибо.", "ru"),
        ("Добрий день, коли прийде моє замовлення? Дякую.", "uk"),
        ("Hello, when will my order arrive? Thank you.", "en"),
        ("Guten Tag, wann kommt meine Bestellung? Danke.", "de"),
        ("ok", None),
        ("", None),
        ("1234567890 1234567890 1234567890", None),
        ("xqzt vwkj plmf xqzt vwkj plmf", None),
    ],
)
def test_our_languages_are_told_apart(text: str, language: str | None) -> None:
    assert recognise(text) == language


def test_the_rest_of_a_long_text_does_not_matter() -> None:
    assert (
        recognise("Dobrý den, prosím o zaslání faktury, děkuji. " * 50 + "Hello there " * 500)
        == "cs"
    )
