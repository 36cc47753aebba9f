"""Evidence that gives orders to whoever reads it, and is therefore not shown to a model. Pure: no Django.

Whatever a text in the evidence says, a claim must stand in the evidence that it cites. But a text that tells
a model what to write *is* evidence, word for word. So what speaks to a reader who is a machine is left out:
it tells nothing of the incident. The record's own draft quotes it still, as somebody's words.

Shapes (`orders.txt`), and not one language's words alone: what takes back instructions, what gives a role,
marks of a chat, what names the reader, what says what to write, answers in the form that is asked for, and
the same encoded.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
import unicodedata
from functools import cache
from pathlib import Path

from afterword.drafting.evidence.book import Piece

READ_CHARACTERS_MAX = 4_000
"""Of a text; a piece of evidence has fewer."""
ENCODED_CHARACTERS_MIN = 24

_TELLING = re.compile(
    r"(?i)instruct|ignore|disregard|prompt|assistant|summary|write|respond|claims|obey|forget"
)
"""What a text has, read in a strange way, that means something when read so."""
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_TAGS = re.compile("[\U000e0020-\U000e007e]")
"""Letters that are drawn as nothing, in which whole sentences have been hidden."""
_LOOKALIKES = str.maketrans("0134578@$аеорсухіӏѕԁһј", "oieastbasaeopcyxilsdhj")
_SPACED_OUT = re.compile(r"(?<![^\W_])(?:[^\W\d_][\W_]){4,}[^\W\d_](?![^\W_])")
_NOT_LETTERS = re.compile(r"[^\w<>\[\]{}:|/#\"'!?.,;=-]+")
_ENCODED = re.compile(rf"[A-Za-z0-9+/_-]{{{ENCODED_CHARACTERS_MIN},}}={{0,2}}")
_HEXED = re.compile(r"(?:[0-9a-fA-F]{2}[ :]?){16,}")


def gives_orders(text: str) -> bool:
    """Whether a text tells a reader what to do or to write, and not what happened.

    Wrong now and then in both directions: what is withheld is missing in a model's text and never in the
    record's; what is not recognised meets the check of citations like everything else.
    """
    return any(_orders().search(shape) for shape in _shapes(text[:READ_CHARACTERS_MAX]))


def piece_gives_orders(piece: Piece) -> bool:
    """Whether any text of a piece does, or all of them one after the other."""
    return any(gives_orders(text) for text in _texts_of(piece))


def _texts_of(piece: Piece) -> list[str]:
    """Every text of a piece, one for all: an order may be spread over several fields."""
    texts = [piece.source, piece.text]
    waiting: list[object] = [piece.data]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            texts.append(one)
        elif isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list | tuple):
            waiting += one
    return ["\n".join(texts), piece.text]


@cache
def _orders() -> re.Pattern[str]:
    """All shapes of `orders.txt`."""
    words: dict[str, str] = {}
    shapes: list[str] = []
    for line in Path(__file__).with_name("orders.txt").read_text(encoding="utf-8").splitlines():
        name, is_named, value = line.partition(" = ")
        if is_named and name.isidentifier():
            words[name] = value
        elif line.strip() and not line.startswith("#"):
            shapes.append(_NAMED.sub(lambda found: words.get(found[1], found[0]), line.strip()))
    return re.compile("|".join(f"(?:{shape})" for shape in shapes), re.IGNORECASE | re.MULTILINE)


_NAMED = re.compile(r"<(\w+)>")


def _shapes(text: str) -> list[str]:
    """The text as it may be read: plainly, without what is drawn as nothing, and decoded."""
    hidden = "".join(chr(ord(one) - 0xE0000) for one in _TAGS.findall(text))
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    joined = _SPACED_OUT.sub(lambda found: re.sub(r"[\W_]", "", found[0]) + " ", plain)
    words = _NOT_LETTERS.sub(" ", plain.replace("*", "").replace("_", " "))
    shapes = [plain, words, joined]
    for turned in (plain.translate(_LOOKALIKES), codecs.decode(plain, "rot13"), plain[::-1]):
        if _TELLING.search(turned):
            shapes.append(turned)
    if hidden:
        shapes.append(hidden)
    for found in (*_ENCODED.finditer(plain), *_HEXED.finditer(plain)):
        shapes += _decoded(found[0])
    return list(dict.fromkeys(shapes))


def _decoded(text: str) -> list[str]:
    found = []
    for read in (_from_base64, _from_hex):
        try:
            decoded = read(text).decode("utf-8")
        except (ValueError, binascii.Error):
            continue
        if decoded.isprintable() or "\n" in decoded:
            found.append(unicodedata.normalize("NFKC", decoded))
    return found


def _from_base64(text: str) -> bytes:
    text = text.rstrip("=").replace("-", "+").replace("_", "/")
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


def _from_hex(text: str) -> bytes:
    return bytes.fromhex(re.sub(r"[ :]", "", text))
