import re
import struct

import pytest

from afterword.documents.pictures import Picture, Unfit, inspect_picture
from tests.documents.documents import DRAWING, png

pytestmark = pytest.mark.pure


def drawing(inside, attributes=""):
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {attributes}>'
        f"{inside}</svg>"
    ).encode()


def cleaned(inside, attributes=""):
    picture = inspect_picture(drawing(inside, attributes))
    assert isinstance(picture, Picture), picture
    return picture.data.decode()


def jpeg(width, height):
    return b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03" * 9


@pytest.mark.parametrize(
    ("data", "kind"),
    [(png(), "png"), (jpeg(8, 6), "jpg"), (b"GIF89a\x08\x00\x06\x00", "gif"), (DRAWING, "svg")],
    ids=["png", "jpg", "gif", "svg"],
)
def test_the_kind_is_read_from_the_bytes(data, kind):
    picture = inspect_picture(data)
    assert isinstance(picture, Picture)
    assert picture.kind == kind


@pytest.mark.parametrize(
    "data", [png(6_000, 4_001, pixels=b""), jpeg(6_000, 4_001), b"GIF89a" + struct.pack("<HH", 6_000, 4_001)]
)
def test_more_pixels_than_the_limit_are_refused_by_the_header(data):
    assert inspect_picture(data) == Unfit("more than 24,000,000 pixels")


def test_a_drawing_keeps_what_draws():
    kept = cleaned(
        '<defs><linearGradient id="a"><stop offset="1" stop-color="red"/></linearGradient></defs>'
        '<path d="M0 0L9 9" fill="url(#a)" style="stroke:url(#a)"/><use xlink:href="#a"/>'
        '<text x="1">a &lt; b</text>',
        'viewBox="0 0 9 9"',
    )
    for piece in (
        'viewBox="0 0 9 9"',
        "linearGradient",
        'fill="url(#a)"',
        'style="stroke:url(#a)"',
        "a &lt; b",
    ):
        assert piece in kept
    assert 'xlink:href="#a"' in kept


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<rect onclick="alert(1)" ONLOAD="x"/>',
        '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml">x</body></foreignObject>',
        '<image href="/etc/passwd"/>',
        '<image xlink:href="file:///etc/passwd"/>',
        '<image href="https://example.com/x.png"/>',
        '<image href="data:image/svg+xml;base64,PHN2Zy8+"/>',
        '<use href="https://example.com/x.svg#a"/>',
        '<a href="javascript:alert(1)"><rect/></a>',
        '<style>@import url("https://example.com/x.css"); rect{fill:url(https://example.com/x)}</style>',
        '<rect fill="url(https://example.com/x)" style="fill:url(\'https://example.com/x\')"/>',
        '<animate attributeName="href" to="javascript:alert(1)"/>',
        '<set attributeName="href" to="javascript:alert(1)"/>',
        "<?xml-stylesheet href='https://example.com/x.css'?>",
        '<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>',
    ],
)
def test_a_drawing_loses_what_runs_fetches_or_reads(inside):
    kept = re.sub(r'xmlns(:xlink)?="[^"]*"', "", cleaned(inside))
    assert not re.search(
        r"script|alert|\son\w+=|passwd|example\.com|foreignObject|animate|<set|import|xhtml|svg\+xml",
        kept,
        re.I,
    )


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("<g>" * 100 + "</g>" * 100, "nested deeper"),
        ("<g/>" * 20_001, "parts"),
        ('<use href="#a"/>' * 501, "repeats"),
        ("<g>", "broken"),
    ],
)
def test_a_drawing_beyond_a_limit_is_refused(inside, reason):
    unfit = inspect_picture(drawing(inside))
    assert isinstance(unfit, Unfit)
    assert reason in unfit.reason


def test_entities_are_refused():
    bomb = b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>'
    assert inspect_picture(bomb) == Unfit("a drawing with entities")
    external = (
        b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"/>'
    )
    assert inspect_picture(external) == Unfit("a drawing with entities")
