"""`afterword lsp`, spoken to as an editor speaks: the real process, over standard input and output."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from afterword.language import TEXT_CHARACTERS_MAX
from tests.servers import command_line, environment_of

pytestmark = pytest.mark.pure

ANSWER_SECONDS_MAX = 60
CAPABILITIES = {
    "workspace": {
        "workspaceEdit": {"documentChanges": True, "resourceOperations": ["create"]},
    }
}


class Editor:
    """The other end of the protocol: sends messages, and waits for those that it needs."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.received: queue.Queue[dict[str, Any]] = queue.Queue()
        self.number = 0
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        while header := self.process.stdout.readline():
            length = int(header.split(b":")[1])
            while self.process.stdout.readline().strip():
                pass
            self.received.put(json.loads(self.process.stdout.read(length)))

    def _send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def notify(self, method: str, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def ask(self, method: str, **params: Any) -> Any:
        self.number += 1
        self._send({"id": self.number, "method": method, "params": params})
        return self.wait(lambda message: message.get("id") == self.number and "method" not in message)[
            "result"
        ]

    def wait(self, wanted: Any) -> dict[str, Any]:
        while True:
            message = self.received.get(timeout=ANSWER_SECONDS_MAX)
            if wanted(message):
                return message

    def diagnostics(self, uri: str, version: int | None) -> list[dict[str, Any]]:
        """What is published for that version of the document."""

        def is_it(message: dict[str, Any]) -> bool:
            params = message.get("params", {})
            return (
                message.get("method") == "textDocument/publishDiagnostics"
                and params["uri"] == uri
                and params.get("version") == version
            )

        return list(self.wait(is_it)["params"]["diagnostics"])

    def open(self, uri: str, text: str) -> None:
        document = {"uri": uri, "languageId": "markdown", "version": 1, "text": text}
        self.notify("textDocument/didOpen", textDocument=document)

    def change(self, uri: str, version: int, text: str) -> None:
        document = {"uri": uri, "version": version}
        self.notify("textDocument/didChange", textDocument=document, contentChanges=[{"text": text}])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("repository")


@pytest.fixture(scope="module")
def editor(folder: Path) -> Iterator[Editor]:
    process = subprocess.Popen(
        command_line("lsp", "--stdio"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment_of(folder),
    )
    editor = Editor(process)
    try:
        root = {"uri": folder.as_uri(), "name": "repository"}
        answer = editor.ask(
            "initialize",
            processId=None,
            rootUri=root["uri"],
            workspaceFolders=[root],
            capabilities=CAPABILITIES,
        )
        assert answer["serverInfo"]["name"] == "afterword"
        assert answer["capabilities"]["hoverProvider"]
        editor.notify("initialized")
        yield editor
        assert editor.ask("shutdown") is None
        editor.notify("exit")
        assert process.wait(ANSWER_SECONDS_MAX) == 0
    finally:
        process.kill()
        process.wait()
        editor.reader.join(ANSWER_SECONDS_MAX)
        for pipe in (process.stdin, process.stdout):
            assert pipe
            pipe.close()


def _span(line: int, start: int, end: int) -> dict[str, Any]:
    return {"start": {"line": line, "character": start}, "end": {"line": line, "character": end}}


def test_findings_are_shown_when_a_text_is_opened_and_again_when_it_changes(editor: Editor, folder: Path):
    uri = (folder / "a.md").as_uri()
    # An editor counts in UTF-16, where the face is two; the separator of lines is none to it.
    editor.open(uri, "# Causes\n\n🙂\u2028Due to human error.\n")
    (found,) = editor.diagnostics(uri, 1)
    assert (found["code"], found["source"], found["severity"]) == ("human_error", "afterword", 1)
    assert found["range"] == _span(2, 10, 21)
    editor.change(uri, 2, "# Causes\r\n\r\n👩‍🚒 Due to\r\nhuman error.\r\n")
    (found,) = editor.diagnostics(uri, 2)
    assert found["range"] == _span(3, 0, 11)
    editor.change(uri, 3, "# Causes\n\nDue to a pipe that burst.\n")
    assert editor.diagnostics(uri, 3) == []
    editor.notify("textDocument/didClose", textDocument={"uri": uri})
    assert editor.diagnostics(uri, None) == []
    late = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 1}}
    assert editor.ask("textDocument/hover", **late) is None


def test_a_text_that_is_too_long_is_checked_in_part_and_that_is_said(editor: Editor, folder: Path):
    uri = (folder / "long.md").as_uri()
    editor.open(uri, f"Human error.\n\n{'x' * TEXT_CHARACTERS_MAX}\n\nHuman error.\n")
    told = editor.wait(lambda message: message.get("method") == "window/showMessage")["params"]["message"]
    assert told == f"{folder / 'long.md'}: Only the first 2,000,000 characters are checked."
    assert len(editor.diagnostics(uri, 1)) == 1


def test_hovering_explains_the_category(editor: Editor, folder: Path):
    uri = (folder / "hover.md").as_uri()
    editor.open(uri, "Due to human error.\n")
    shown = editor.ask("textDocument/hover", textDocument={"uri": uri}, position={"line": 0, "character": 9})
    assert shown["contents"]["value"].startswith("# Human error")
    assert shown["range"] == _span(0, 7, 18)
    assert (
        editor.ask("textDocument/hover", textDocument={"uri": uri}, position={"line": 0, "character": 0})
        is None
    )


def _actions(editor: Editor, uri: str, span: dict[str, Any]) -> dict[str, Any]:
    actions = editor.ask(
        "textDocument/codeAction", textDocument={"uri": uri}, range=span, context={"diagnostics": []}
    )
    return {action["title"]: action for action in actions}


def test_a_suggestion_is_taken_by_an_action(editor: Editor, folder: Path):
    uri = (folder / "suggest.md").as_uri()
    text = "Priya should have restarted the node.\n"
    editor.open(uri, text)
    (found,) = editor.diagnostics(uri, 1)
    actions = _actions(editor, uri, found["range"])
    title = next(title for title in actions if title.startswith("Write “"))
    action = actions[title]
    assert action["kind"] == "quickfix"
    assert action["isPreferred"]
    (change,) = action["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": uri, "version": 1}
    (edit,) = change["edits"]
    assert edit["range"] == found["range"]
    assert title == f"Write “{edit['newText']}”"
    assert _actions(editor, uri, _span(0, 38, 38)) == {}


def test_a_term_is_allowed_by_an_action_and_the_settings_hold_at_once(editor: Editor, folder: Path):
    own = folder / "own"
    own.mkdir()
    uri = (own / "allow.md").as_uri()
    editor.open(uri, "What a night!!! Stupid.\n")
    assert all("codeDescription" not in found for found in editor.diagnostics(uri, 1))
    actions = _actions(editor, uri, _span(0, 16, 22))
    create, change = actions["Allow “Stupid” in .afterword.toml"]["edit"]["documentChanges"]
    settings = folder / ".afterword.toml"
    assert (create["kind"], create["uri"]) == ("create", settings.as_uri())
    (edit,) = change["edits"]
    assert edit["newText"] == '[language]\nallow = ["Stupid"]\n'
    (own / ".afterword.toml").write_text('[language]\noff = ["heat"]\npages = "http://localhost:8000/"\n')
    editor.change(uri, 2, "What a night!!! Stupid. Human error.\n")
    (found,) = editor.diagnostics(uri, 2)
    page = "http://localhost:8000/help/wording/human_error?language=en"
    assert found["codeDescription"] == {"href": page}
    (own / ".afterword.toml").write_text("[language]\noof = 1\n")
    editor.change(uri, 3, "What a night!!! Stupid. Indeed!\n")
    warned = editor.wait(lambda message: message.get("method") == "window/showMessage")
    assert "language.oof: There is no such key" in warned["params"]["message"]


def test_without_its_extra_the_command_says_what_to_install(tmp_path: Path):
    code = (
        "import sys; sys.modules['pygls'] = None; sys.argv = ['afterword', 'lsp']\n"
        "from afterword.config.cli import main; main()"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment_of(tmp_path)
    )
    assert answer.returncode == 2
    assert "install afterword[lsp]" in answer.stderr
