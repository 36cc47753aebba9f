import shutil

import pytest

from afterword.documents import render_pdf
from afterword.documents.glyphs import FONT_FOLDER, Drawable, drawable_characters
from tests.documents.documents import document_of, pdf_text

pytestmark = pytest.mark.pure


def test_the_fonts_that_ship_cover_what_is_promised():
    characters = drawable_characters((FONT_FOLDER,))
    assert characters.issuperset("aéßőşđ Ωωάἀ Жяґђ אבת ابتث ढे 🔥🚀✅🏳 →≥≠∞√ ✓✗☐☑ €£¥ ─│█ ½⁵ �")
    assert not characters & set("中文字한글\U0010fffd")


def test_what_cannot_be_drawn_is_marked_named_and_nothing_else_changes():
    drawable = Drawable((FONT_FOLDER,))
    assert drawable.text("plain é 🔥") == "plain é 🔥"
    assert drawable.missing == set()
    assert drawable.text("a中b\U000e0041c") == "a\ufffdbc"
    assert drawable.missing == {"中"}


def test_a_broken_font_counts_for_nothing(tmp_path):
    (tmp_path / "broken.ttf").write_bytes(b"\0\1\0\0\xff\xff" + b"\xff" * 100)
    (tmp_path / "empty.otf").write_bytes(b"")
    assert drawable_characters((tmp_path,)) == frozenset()


def test_a_folder_of_fonts_can_be_added(tmp_path):
    # Hebrew stands for the scripts that do not ship: what is missing without its font is there with it.
    own = tmp_path / "own"
    own.mkdir()
    shutil.copy(FONT_FOLDER / "NotoSansHebrew_400Regular.ttf", own)
    latin = tmp_path / "latin"
    latin.mkdir()
    shutil.copy(FONT_FOLDER / "Inter_400Regular.ttf", latin)
    assert Drawable((latin,)).text("שלום") == "\ufffd" * 4
    assert Drawable((latin, own)).text("שלום") == "שלום"
    assert "x" in pdf_text(render_pdf(document_of("x"), font_folders=[own]))
