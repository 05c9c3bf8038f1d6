"""Address headers read tolerantly: mailboxes, groups, comments, in one linear pass."""

import re
from dataclasses import dataclass, field

from polyphony.channels.email.parse import words
from polyphony.channels.email.parse.shape import Limits, Mailbox

_EASY = re.compile(
    r"(?:\"([^\"\\<>@=]*)\"\s{0,4}|([^\"<>(),:;@\[\]\\=]*+))"
    r"<([^\s<>\"(),:;\[\]\\@]+@[A-Za-z0-9._-]+)>"
)
_CODED = re.compile(
    r"\"?((?:=\?[^?\s]{1,40}\?[bBqQ]\?[^?\s]{0,500}\?=\s{0,4}){1,20})\"?\s{0,4}"
    r"<([^\s<>\"(),:;\[\]\\@]+@[A-Za-z0-9._-]+)>"
)
_BARE = re.compile(r"<?([^\s<>\"(),:;\[\]\\@=]+@[A-Za-z0-9._-]+)>?")
_CHUNK = re.compile(r"[^\"(<>,:;\[\\=]+|=(?!\?)")
_UNESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ADDRESS = re.compile(r"[^\s<>\"(),;\[\]\\]+@(?:[^\s<>\"(),;:\[\]\\@]+|\[[^\]\s]*\])")
_SPLITS = ",;"


@dataclass(slots=True)
class _State:
    """One mailbox while it is being read."""

    phrase: list[str] = field(default_factory=list)
    quoted: list[bool] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    angle: str | None = None
    has_words: bool = False
    has_at: bool = False

    def add(self, piece: str, *, quoted: bool = False) -> None:
        self.phrase.append(piece)
        self.quoted.append(quoted)
        self.has_words = self.has_words or bool(piece.strip())
        self.has_at = self.has_at or "@" in piece

    def empty(self) -> bool:
        return self.angle is None and not self.comments and not self.has_words


def parse(value: bytes, context: words.Context, limits: Limits) -> tuple[Mailbox, ...]:
    """Read every mailbox of an address header; exact doubles are removed, groups flattened."""
    text = words.raw_text(value, context)
    if "\x00" in text:
        context.defects.add("header_injection")
        text = text.replace("\x00", "")
    text = text.strip()
    if (easy := _EASY.fullmatch(text)) is not None:
        name = easy.group(1) or easy.group(2) or ""
        return (Mailbox(words.one_line(words.clean(name)), _normal(easy.group(3))),)
    if (bare := _BARE.fullmatch(text)) is not None:
        return (Mailbox("", _normal(bare.group(1))),)
    if text.startswith(("=?", '"=?')) and (coded := _CODED.fullmatch(text)) is not None:
        return (Mailbox(_decoded(coded.group(1), context), _normal(coded.group(2))),)
    found: dict[Mailbox, None] = {}
    for state in _mailboxes(text):
        if len(found) >= limits.addresses:
            context.defects.add("addresses_cut")
            break
        if (box := _finish(state, context)) is not None:
            found[box] = None
    return tuple(found)


def _mailboxes(text: str) -> list[_State]:
    out: list[_State] = []
    state = _State()
    at = 0
    while at < len(text):
        char = text[at]
        if char in _SPLITS or (char == ":" and _is_group(state)):
            if char == ":":
                state = _State()  # the name of a group is nobody's
            elif not state.empty():
                out.append(state)
                state = _State()
            at += 1
            continue
        at = _step(text, at, state)
        if len(out) > 60_000:
            break
    if not state.empty():
        out.append(state)
    return out


def _is_group(state: _State) -> bool:
    """A colon ends a group's name unless an address or nothing stands before it."""
    return state.angle is None and state.has_words and not state.has_at


def _step(text: str, at: int, state: _State) -> int:
    char = text[at]
    if char == '"':
        return _take_quoted(text, at, state)
    if char == "(":
        return _take_comment(text, at, state)
    if char == "<":
        return _take_angle(text, at, state)
    if char == "=" and (word := _encoded_here(text, at)):
        state.add(text[at:word])
        return word
    chunk = _CHUNK.match(text, at)
    state.add(chunk.group() if chunk else char)
    return chunk.end() if chunk else at + 1


def _encoded_here(text: str, at: int) -> int:
    """Return the end of an encoded word that starts exactly here, else 0."""
    if not text.startswith("=?", at):
        return 0
    found = words.find_word(text[at : at + 2000], 0)
    return at + found[1] if found is not None and found[0] == 0 else 0


def _take_quoted(text: str, at: int, state: _State) -> int:
    stop = at + 1
    while stop < len(text) and text[stop] != '"':
        stop += 2 if text[stop] == "\\" else 1
    inner = _UNESCAPE.sub(r"\1", text[at + 1 : min(stop, len(text))])
    state.add(inner, quoted=True)
    return stop + 1


def _take_comment(text: str, at: int, state: _State) -> int:
    """Read a comment (nested ones counted, never recursed); an open one is plain text."""
    depth = 0
    for hit in re.finditer(r"[()\\]", text[at : at + 4000]):
        if hit.group() == "(":
            depth += 1
        elif hit.group() == ")":
            depth -= 1
        else:
            continue
        if depth > 20:
            break
        if depth == 0:
            end = at + hit.end()
            state.comments.append(text[at + 1 : end - 1])
            return end
    state.add("(")
    return at + 1


def _take_angle(text: str, at: int, state: _State) -> int:
    close = text.find(">", at, at + 2000)
    again = text.find("<", at + 1, close if close >= 0 else at + 2000)
    if again >= 0 and "@" not in text[at:again]:
        state.add(text[at:again])  # `<<a@b>>` or `<name <a@b>`
        return again
    if close < 0:
        hit = _ADDRESS.match(text, at + 1, at + 2000)
        if hit is None:
            state.add(text[at])
            return at + 1
        state.angle = state.angle or hit.group()
        return hit.end()
    inner = text[at + 1 : close].strip()
    if "@" in inner or state.angle is None:
        state.angle = inner if state.angle in {None, ""} else state.angle
    return close + 1


def _finish(state: _State, context: words.Context) -> Mailbox | None:
    name = _name(state, context)
    if state.angle is not None:
        address = address_in(state.angle, context) or _local(state.angle)
        comments = " ".join(_decoded(one, context) for one in state.comments)
        label = name.strip(" <>") or comments or ("" if address else _decoded(state.angle, context))
        return Mailbox(label, address) if label or address else None
    joined = "".join(
        f'"{piece}"' if quoted and _needs_quotes(piece) else piece
        for piece, quoted in zip(state.phrase, state.quoted, strict=True)
    ).strip()
    address = address_in(joined, context)
    comments = " ".join(_decoded(one, context) for one in state.comments)
    if address:
        return Mailbox(comments or _around(name, address), address)
    return _second_look(name, comments)


def _local(angle: str) -> str:
    """`<MAILER-DAEMON>`: a mailbox of the sending machine, named without a domain."""
    return angle if re.fullmatch(r"[A-Za-z0-9._+-]{1,64}", angle) else ""


def _second_look(name: str, comments: str) -> Mailbox | None:
    """`=?utf-8?q?Jana_=3Cjana=40example.org=3E?=`: the whole mailbox was encoded."""
    if (easy := _EASY.fullmatch(name)) is not None:
        inner = easy.group(1) or easy.group(2) or ""
        return Mailbox(words.one_line(inner), _normal(easy.group(3)))
    label = " ".join(one for one in (name, comments) if one)
    return Mailbox(label, "") if label else None


def _around(name: str, address: str) -> str:
    """The words beside a bare address (`Jana jana@example.org`) are its name."""
    if "@" not in name or name.lower() == address.lower():
        return ""
    at = name.lower().find(address.lower())
    around = f"{name[:at]} {name[at + len(address) :]}" if at >= 0 else ""
    return words.one_line(around).strip(" <>\"'").removesuffix("<").strip()


def _needs_quotes(piece: str) -> bool:
    return re.fullmatch(r"[^\s<>\"(),:;\[\]\\@]+", piece) is None


def _name(state: _State, context: words.Context) -> str:
    phrase = "".join(state.phrase)
    return _decoded(phrase, context).strip("'\"") if phrase.strip() else ""


def _decoded(text: str, context: words.Context) -> str:
    return words.one_line(words.clean(words.encoded_words(text, context)))


def address_in(text: str, context: words.Context) -> str:
    """Return the normalised address in the text, or an empty string when there is none."""
    text = words.encoded_words(text, context).strip()
    if text.startswith("@") and ":" in text:  # an old source route
        text = text.rpartition(":")[2]
    if text[:7].lower() == "mailto:":
        text = text[7:]
    if (bare := _BARE.fullmatch(text)) is not None:
        return _normal(bare.group(1))
    local, at, domain = text.rpartition("@")
    if not at:
        return ""
    local, domain = local.strip(), domain.strip()
    if local.startswith('"') and local.endswith('"') and len(local) > 1:
        inner = _UNESCAPE.sub(r"\1", local[1:-1])
        local = inner if not _needs_quotes(inner) else local
        if domain and " " not in domain:
            return _normal(f"{local}@{domain}")
    hit = _ADDRESS.search(text[:2000])
    return _normal(hit.group()) if hit is not None else ""


def _normal(address: str) -> str:
    local, _, domain = words.clean(address).rpartition("@")
    return f"{local}@{domain.lower().rstrip('.')}" if local and domain else ""
