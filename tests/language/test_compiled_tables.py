"""What the build makes of the tables says what the tables say, and is left aside when it does not."""

import shutil
from pathlib import Path

import pytest

import hatch_build
from afterword.language import LANGUAGES
from afterword.language.compiling import read_folder, write_compiled
from afterword.language.findings import PACKAGE
from afterword.language.sentences import Sentence, sentences_of
from afterword.language.tables import COMPILED, _read_compiled, tables_of
from tests.language.english import BLAMING, SILENT

pytestmark = pytest.mark.pure


@pytest.fixture
def project(tmp_path: Path) -> Path:
    target = tmp_path / "src/afterword"
    shutil.copytree(PACKAGE, target / "language", ignore=shutil.ignore_patterns(COMPILED, "__pycache__"))
    (target / "__init__.py").touch()
    return tmp_path


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_tables_are_the_tables(project: Path, language: str) -> None:
    folder = str(project / "src/afterword/language" / language)
    assert _read_compiled(folder) is None
    assert write_compiled(folder) is True
    assert _read_compiled(folder) == read_folder(folder)
    assert write_compiled(folder) is False


def test_what_is_older_than_the_tables_or_half_a_file_is_left_aside(project: Path) -> None:
    folder = project / "src/afterword/language/en"
    write_compiled(str(folder))
    whole = (folder / COMPILED).read_bytes()
    for half in (b"", whole[:8], whole[: len(whole) // 2]):
        (folder / COMPILED).write_bytes(half)
        assert _read_compiled(str(folder)) is None
    (folder / COMPILED).write_bytes(whole)
    for name in ("rules.toml", "words.txt", "names.txt"):
        table = (folder / name).read_bytes()
        (folder / name).write_bytes(table + b"# One line more.\n")
        assert _read_compiled(str(folder)) is None, name
        (folder / name).write_bytes(table)
    assert _read_compiled(str(folder)) is not None


def test_the_build_leaves_them_and_names_a_table_that_cannot_be_read(project: Path) -> None:
    said: list[str] = []
    hatch_build.build_tables(project, say=said.append)
    assert said == ["Language tables: made en/tables.bin.\nLanguage tables: made de/tables.bin."]
    hatch_build.build_tables(project, say=said.append)
    assert len(said) == 1
    rules = project / "src/afterword/language/en/rules.toml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("a:SUBJ REACH", "a:SUBJCET REACH", 1), "utf-8")
    with pytest.raises(hatch_build.TablesBuildError, match="SUBJCET is no class"):
        hatch_build.build_tables(project, say=said.append)


def test_no_rule_is_left_unasked_that_would_find_something() -> None:
    tables = tables_of("en")
    lost = []
    for text in [*BLAMING.strip().splitlines()[::11], *SILENT.strip().splitlines()[::23]]:
        for words in sentences_of(text, tables):
            sentence = Sentence(words, tables)
            sentence.find_agents(frozenset(), set(), "")
            for number, rule in enumerate(tables.rules):
                if not sentence.called >> number & 1 and rule.pattern.matches(sentence.view):
                    lost.append((rule.name, text))
    assert lost == []
