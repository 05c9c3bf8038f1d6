"""Language: which of our languages a short text is in, by its letters and small words."""
# ruff: noqa: RUF001 - words of many languages and alphabets

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LETTERS = re.compile(r"[^\W\d_]+")
_LATIN_WORDS: dict[str, frozenset[str]] = {
    "cs": _words(
        "že se na je jsem jsme jsou byl byla bylo ale nebo jak co když by do pro od už tak také "
        "prosím děkuji dobrý den pozdravem mi mám máte můžete který která které není nejsem ve ze "
        "si tento tato toto jako jen ještě kdy kde proto protože vás vám nám bych být bude mě dne "
        "zda aby přeji s o v k i a z u po při před za přes objednávku fakturu zboží včera dnes "
        "díky ahoj nefunguje potřebuji chtěl bylo jste"
    ),
    "sk": _words(
        "že sa na je som sme sú bol bola bolo ale alebo ako čo keď by do pre od už tak tiež prosím "
        "ďakujem dobrý deň pozdravom mi mám máte môžete ktorý ktorá ktoré nie som vo zo si tento "
        "táto toto len ešte kedy kde preto pretože vás vám nám aby byť bude ma dňa či s o v k i a "
        "z u po pri pred za objednávku faktúru tovar včera dnes vďaka ahoj nefunguje potrebujem "
        "chcel ste"
    ),
    "pl": _words(
        "że się na jest jestem są był była było ale lub albo jak co gdy czy by do dla od już tak "
        "też proszę dziękuję dzień dobry pozdrawiam mi mam ma możecie który która które nie we ze "
        "ten ta to jako tylko jeszcze kiedy gdzie ponieważ was państwo państwa pan pani nam żeby "
        "być będzie mnie w z i o a u po przy przed za przez zamówienie fakturę wczoraj dzisiaj "
        "dzięki cześć działa potrzebuję chciałbym chciałabym"
    ),
    "de": _words(
        "der die das und ist ich nicht ein eine zu den mit sie es für von auf dem im des wir aber "
        "oder wie was wenn bitte danke guten tag grüßen freundlichen mir habe haben können sehr "
        "auch an bei nach aus noch kein keine mein meine ihre ihr bin sind war wurde werden dass "
        "hallo gerne schon heute gestern"
    ),
    "en": _words(
        "the and is i not a an to of you it for in on with that this but or how what when please "
        "thank thanks hello hi regards my have has can could would be are was were we your our "
        "they at by from me if as so do does did will just any some there been about after order "
        "yesterday today"
    ),
}
_CYRILLIC_WORDS: dict[str, frozenset[str]] = {
    "ru": _words(
        "и в не на что я с как это по но из у за вы мы они он она был была было если или для так "
        "же уже ещё еще пожалуйста спасибо здравствуйте добрый день уважением мне меня вас вам нам "
        "есть нет когда где который можно от до к о бы чтобы почему заказ вчера сегодня"
    ),
    "uk": _words(
        "і й в не на що я з як це по але із у за ви ми вони він вона був була було якщо або для "
        "так же вже ще будь ласка дякую вітаю добрий день повагою мені мене вас вам нам є немає "
        "коли де який можна від до про б щоб чому замовлення вчора сьогодні та"
    ),
}
_MARKS: dict[str, frozenset[str]] = {
    "cs": frozenset("ěřů"),
    "sk": frozenset("ľĺŕôä"),
    "pl": frozenset("ąęłśźżćńó"),
    "de": frozenset("äöüß"),
    "ru": frozenset("ыэъё"),
    "uk": frozenset("іїєґ"),
}
# Letters that a language never uses in its own words.
_STRANGE: dict[str, frozenset[str]] = {
    "cs": frozenset("ľĺŕôäąęłśźżćńößü"),
    "sk": frozenset("ěřůąęłśźżćńößü"),
    "pl": frozenset("ěřůščžýáíéúďťňľôäöüß"),
    "de": frozenset("ěřůščžýáíéúďťňľôąęłśźżćńó"),
    "en": frozenset("ěřůščžýáíúďťňľôąęłśźżćńóäöüß"),
    "ru": frozenset("іїєґ"),
    "uk": frozenset("ыэъё"),
}
_LETTERS_MAX = 600
_FEW_LETTERS = 20


def _by_word(tables: dict[str, frozenset[str]]) -> dict[str, tuple[str, ...]]:
    out: dict[str, tuple[str, ...]] = {}
    for name, small in tables.items():
        for word in small:
            out[word] = (*out.get(word, ()), name)
    return out


_LATIN = _by_word(_LATIN_WORDS)
_CYRILLIC = _by_word(_CYRILLIC_WORDS)


def recognise(text: str) -> str | None:
    """Return cs, sk, pl, de, en, ru or uk; None for under 20 letters or when unsure."""
    sample = text[:_LETTERS_MAX].lower()
    words = _LETTERS.findall(sample)
    joined = "".join(words)
    if len(joined) < _FEW_LETTERS:
        return None
    used = set(joined)
    if joined.isascii() or _most(joined, [char for char in used if char <= "ɏ"]):
        return _best(words, joined, used, tuple(_LATIN_WORDS), _LATIN)
    if _most(joined, [char for char in used if "Ѐ" <= char <= "ӿ"]):
        return _best(words, joined, used, tuple(_CYRILLIC_WORDS), _CYRILLIC)
    return None


def _most(joined: str, chars: list[str]) -> bool:
    """Tell whether more than half of the letters are of these."""
    return sum(map(joined.count, chars)) * 2 > len(joined)


def _best(
    words: list[str],
    joined: str,
    used: set[str],
    names: tuple[str, ...],
    table: dict[str, tuple[str, ...]],
) -> str | None:
    """The language with the most small words and own letters, if it leads clearly."""
    hits = dict.fromkeys(names, 0)
    for word in words:
        for name in table.get(word, ()):
            hits[name] += 1
    scores = []
    for name in names:
        score = hits[name] / len(words)
        if not joined.isascii():
            score += 5 * _share(joined, used & _MARKS.get(name, frozenset()))
            score -= 8 * _share(joined, used & _STRANGE[name])
        scores.append((score, name))
    scores.sort(reverse=True)
    (best, name), (second, _) = scores[0], scores[1]
    return name if best >= 0.08 and best - second >= 0.02 else None


def _share(joined: str, chars: set[str] | frozenset[str]) -> float:
    return sum(map(joined.count, chars)) / len(joined)
