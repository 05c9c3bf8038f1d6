"""Mail HTML made safe by an allow-list; nothing in it runs, loads or calls out."""

import re
from functools import lru_cache

import nh3

REMOTE = "\ue0f0"


def words_of(text: str) -> frozenset[str]:
    """Return the names in a text, blanks between."""
    return frozenset(text.split())


_TAGS = words_of(
    "a abbr address article aside b bdi bdo big blockquote br caption center cite code col "
    "colgroup dd del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 "
    "header hr i img ins kbd li main mark nav ol p pre q s samp section small span strike strong "
    "sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr"
)
_GONE = words_of(
    "script style title svg math noscript template iframe object embed applet select textarea "
    "audio video canvas map xml"
)
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "dir", "id", "lang", "style", "title", "align"},
    "a": {"href"},
    "blockquote": {"type"},
    "img": {"src", "alt", "width", "height", "data-remote"},
    "font": {"color", "face", "size"},
    "ol": {"start", "type"},
    "table": {"border", "cellpadding", "cellspacing", "width", "bgcolor"},
    "td": {"colspan", "rowspan", "width", "height", "valign", "bgcolor", "nowrap"},
    "th": {"colspan", "rowspan", "width", "height", "valign", "bgcolor", "nowrap"},
    "tr": {"valign", "bgcolor"},
    "col": {"span", "width"},
}
QUOTE_CLASSES = {"gmail_quote", "gmail_attr", "moz-cite-prefix", "yahoo_quoted"}
QUOTE_IDS = {"divRplyFwdMsg", "appendonsend", "mail-editor-reference-message-container"}
_STYLES = words_of(
    "background-color border border-bottom border-collapse border-color border-left border-right "
    "border-spacing border-style border-top border-width color direction display font font-family "
    "font-size font-style font-variant font-weight height letter-spacing line-height "
    "list-style-type margin margin-bottom margin-left margin-right margin-top max-width min-width "
    "padding padding-bottom padding-left padding-right padding-top text-align text-decoration "
    "text-indent text-transform vertical-align white-space width word-break word-wrap"
)
_VALUE = re.compile(r"[\w\s#%.,+/'\"!-]{1,200}|rgba?\([\d\s.,%]{1,60}\)")
_FORBIDDEN = re.compile(r"url|expression|position|javascript|import|behaviou?r|@|\\|/\*")
_LINK = re.compile(r"(?:https?|mailto|tel):[^\x00-\x20]", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif|webp)[;,]", re.IGNORECASE)
_DATA_MAX = 64 * 1024
_MANY = 3000
_DEEP = 120
_TURNS = 4
_LONG_TAG = 2000
_MANY_ATTRIBUTES = 300
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]{0,40})((?:[^<>\"']|\"[^\"<>]*\"|'[^'<>]*')*)>")
_VOID = {"br", "hr", "img", "col", "wbr", "input", "meta", "link", "area", "base", "param", "p"}
_BLOCK_END = re.compile(r"</(?:p|div|tr|table|li|ul|ol|blockquote|h[1-6]|pre)>|<br>")


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Decide about one attribute of the allow-list: its value, another value or None."""
    decide = _DECIDE.get(name)
    return value if decide is None else decide(tag, value)


def _href(_tag: str, value: str) -> str | None:
    return value if _LINK.match(value.strip()) else None


def _src(_tag: str, value: str) -> str | None:
    bare = value.strip()
    if bare[:4].lower() == "cid:":
        return bare
    if bare[:7].lower() == "http://" or bare[:8].lower() == "https://":
        return f"cid:{REMOTE}{bare}"
    return bare if _PICTURE.match(bare) and len(bare) <= _DATA_MAX else None


def _remote(_tag: str, value: str) -> str | None:
    return value if value[:7].lower() == "http://" or value[:8].lower() == "https://" else None


def _class(_tag: str, value: str) -> str | None:
    kept = [one for one in value.split() if one in QUOTE_CLASSES]
    return " ".join(kept) if kept else None


def _id(_tag: str, value: str) -> str | None:
    return value if value in QUOTE_IDS else None


def _type(tag: str, value: str) -> str | None:
    if tag == "blockquote":
        return "cite" if value.strip().lower() == "cite" else None
    return value if value in {"1", "a", "A", "i", "I"} else None


@lru_cache(maxsize=1024)
def style(value: str) -> str | None:
    """Keep the harmless declarations of a style attribute; None when none is left."""
    kept: list[str] = []
    for declaration in value[:4000].split(";"):
        name, colon, said = declaration.partition(":")
        name, said = name.strip().lower(), said.strip()
        if not colon or name not in _STYLES or not _VALUE.fullmatch(said):
            continue
        if _FORBIDDEN.search(said.lower()) or (name == "display" and said.lower() != "none"):
            continue
        kept.append(f"{name}:{said}")
    return ";".join(kept) if kept else None


def _style(_tag: str, value: str) -> str | None:
    return style(value)


_DECIDE = {
    "href": _href,
    "src": _src,
    "data-remote": _remote,
    "class": _class,
    "id": _id,
    "type": _type,
    "style": _style,
}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_GONE,
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
    url_relative="deny",
    link_rel="noopener noreferrer",
)


def clean(html: str) -> str:
    """Return safe HTML; cleaning it again changes nothing."""
    if REMOTE in html:
        html = html.replace(REMOTE, "")
    if "\x00" in html:
        html = html.replace("\x00", "\ufffd")
    if html.count("<") > _MANY:
        html = flatten(html)
    if len(html) > _LONG_TAG and html.count("=") > _MANY_ATTRIBUTES:
        html = _bare_tags(html)
    safe = _CLEANER.clean(html)
    if "<table" in safe:  # what a table throws out is parsed anew: until nothing moves any more
        safe = _settled(safe)
    return safe.replace(f' src="cid:{REMOTE}', ' data-remote="') if REMOTE in safe else safe


def _settled(safe: str) -> str:
    for _ in range(_TURNS):
        again = _CLEANER.clean(safe)
        if again == safe:
            break
        safe = again
    return safe


def _bare_tags(html: str) -> str:
    """Strip tags with hundreds of attributes of all of them: comparing them costs a square."""
    pieces = html.split("<")
    for number, piece in enumerate(pieces):
        tag, close, rest = piece.partition(">")
        if len(tag) > _LONG_TAG and tag.count(" ") + tag.count("\n") > _MANY_ATTRIBUTES:
            pieces[number] = tag[:_LONG_TAG].split(None, 1)[0] + close + rest
    return "<".join(pieces)


def flatten(html: str) -> str:
    """Drop the tags nested deeper than anybody sees: browsers and sanitisers choke on them."""
    out: list[str] = []
    depth = 0
    at = 0
    dropped: list[str] = []
    for tag in _TAG.finditer(html):
        name = tag.group(2).lower()
        if name in _VOID or tag.group(3).endswith("/"):
            continue
        if tag.group(1):
            if dropped:
                if dropped[-1] == name:
                    dropped.pop()
                out.append(html[at : tag.start()])
                at = tag.end()
            elif depth:
                depth -= 1
        elif depth >= _DEEP:
            dropped.append(name)
            out.append(html[at : tag.start()])
            at = tag.end()
        else:
            depth += 1
    out.append(html[at:])
    return "".join(out)


def cut(safe: str, limit: int) -> str:
    """Cut safe HTML at the last block border before the limit (in characters)."""
    room = limit - limit // 16
    end = 0
    for border in _BLOCK_END.finditer(safe, max(0, room - 65536), room):
        end = border.end()
    return clean(safe[: end or safe.rfind("<", 0, room)])
