"""`afterword lsp`: the language check as a language server, so that any editor shows what `lint` finds.

The protocol: https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from afterword import __version__
from afterword.language import (
    CATEGORIES,
    TEXT_CHARACTERS_MAX,
    Checker,
    Finding,
    Options,
    Severity,
    check,
)
from afterword.linter.allowing import allow_term
from afterword.linter.files import PLAIN_SUFFIXES
from afterword.linter.formats import page_address
from afterword.linter.places import Lines
from afterword.linter.settings import NAME, Settings, SettingsFault, find_settings, read_settings

# While somebody types, the check waits for a pause.
PAUSE_SECONDS = 0.2
SOURCE = "afterword"
CHECKERS_MAX = 64

LEVELS = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.INFO: lsp.DiagnosticSeverity.Information,
}


def run_server() -> None:
    """Speak the language server protocol on standard input and output until the editor says goodbye."""
    make_server().start_io()


@dataclass(frozen=True)
class Seen:
    """A document as it was checked."""

    version: int | None
    text: str
    lines: Lines
    findings: list[Finding]
    options: Options
    pages: str


class AfterwordServer(LanguageServer):
    """What the server knows: the documents that are open, their findings, and which settings hold."""

    def __init__(self) -> None:
        # Whole texts: they are small, and the ends of lines are counted in one place only.
        super().__init__("afterword", __version__, text_document_sync_kind=lsp.TextDocumentSyncKind.Full)
        self.seen: dict[str, Seen] = {}
        self.checkers: dict[tuple[Path | None, bool], Checker] = {}
        self.waiting: dict[str, asyncio.TimerHandle] = {}
        self.told: set[str] = set()

    def check_soon(self, uri: str, seconds: float = PAUSE_SECONDS) -> None:
        """Check the document when nothing has changed for so long."""
        self.leave(uri)
        self.waiting[uri] = asyncio.get_running_loop().call_later(seconds, self.publish, uri)

    def leave(self, uri: str) -> None:
        waiting = self.waiting.pop(uri, None)
        if waiting is not None:
            waiting.cancel()

    def forget(self, uri: str) -> None:
        """The document was closed: its findings are taken back."""
        self.leave(uri)
        self.seen.pop(uri, None)
        self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri=uri, diagnostics=[]))

    def is_open(self, uri: str) -> bool:
        """Whether the editor has the document; a question about one that was just closed comes too late."""
        return uri in self.workspace.text_documents

    def publish(self, uri: str) -> None:
        """Tell the editor what is found in the document now."""
        self.waiting.pop(uri, None)
        seen = self.look(uri, again=True)
        self.text_document_publish_diagnostics(
            lsp.PublishDiagnosticsParams(
                uri=uri,
                version=seen.version,
                diagnostics=[self.diagnostic(seen, finding) for finding in seen.findings],
            )
        )

    def look(self, uri: str, *, again: bool = False) -> Seen:
        """The document with its findings, checked where it changed since, or `again`."""
        document = self.workspace.get_text_document(uri)
        seen = self.seen.get(uri)
        if again or seen is None or seen.version != document.version:
            settings, read = self.settings(uri)
            is_markdown = not _is_plain(uri, document.language_id)
            checker = self.checker(settings, read.options, is_markdown=is_markdown)
            text = document.source
            if len(text) > TEXT_CHARACTERS_MAX:
                self.tell_once(
                    f"{_name_of(uri)}: Only the first {TEXT_CHARACTERS_MAX:,} characters are checked."
                )
            found = checker.check(text)
            seen = Seen(document.version, text, Lines(text), found, checker.options, read.pages)
            self.seen[uri] = seen
        return seen

    def checker(self, settings: Path | None, options: Options, *, is_markdown: bool) -> Checker:
        """The one for these settings as they are now."""
        key = (settings, is_markdown)
        known = self.checkers.get(key)
        if known is None or known.options != options:
            if len(self.checkers) >= CHECKERS_MAX:
                self.checkers.clear()
            known = self.checkers[key] = Checker(options, markdown=is_markdown)
        return known

    def settings(self, uri: str) -> tuple[Path | None, Settings]:
        """What `.afterword.toml` says for the document; while that is wrong, what holds without one."""
        path = to_fs_path(uri) if uri.startswith("file:") else None
        settings = find_settings(Path(path).parent) if path else None
        if settings is None:
            return None, Settings()
        try:
            return settings, read_settings(settings)
        except SettingsFault as fault:
            self.tell_once(str(fault))
            return settings, Settings()

    def tell_once(self, sentence: str) -> None:
        if sentence not in self.told:
            self.told.add(sentence)
            self.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Warning, sentence))

    def diagnostic(self, seen: Seen, finding: Finding) -> lsp.Diagnostic:
        words = f"{finding.message} {finding.question}".rstrip()
        page = page_address(seen.pages, finding.category, seen.options.language)
        return lsp.Diagnostic(
            range=self.range(seen, finding),
            message=words,
            severity=LEVELS[finding.severity],
            code=finding.category,
            code_description=lsp.CodeDescription(page) if page else None,
            source=SOURCE,
        )

    def range(self, seen: Seen, finding: Finding) -> lsp.Range:
        return lsp.Range(self.position(seen.lines, finding.start), self.position(seen.lines, finding.end))

    def position(self, lines: Lines, offset: int) -> lsp.Position:
        line, column = lines.place(offset)
        return lsp.Position(line - 1, self.units(lines.line(line)[: column - 1]))

    def units(self, text: str) -> int:
        """How long the text is as the editor counts: in UTF-16, unless it asked for something else."""
        if text.isascii():
            return len(text)
        encoding = self.server_capabilities.position_encoding
        if encoding == lsp.PositionEncodingKind.Utf32:
            return len(text)
        if encoding == lsp.PositionEncodingKind.Utf8:
            return len(text.encode("utf-8", "surrogatepass"))
        return len(text.encode("utf-16-le", "surrogatepass")) // 2

    def found_in(self, seen: Seen, wanted: lsp.Range) -> Iterator[Finding]:
        """The findings that touch the range."""
        for finding in seen.findings:
            place = self.range(seen, finding)
            if _key(place.start) <= _key(wanted.end) and _key(wanted.start) <= _key(place.end):
                yield finding

    def actions(self, uri: str, wanted: lsp.Range) -> list[lsp.CodeAction]:
        """What can be done about the findings there: write something else, or allow the words."""
        if not self.is_open(uri):
            return []
        seen = self.look(uri)
        actions = []
        for finding in self.found_in(seen, wanted):
            diagnostic = self.diagnostic(seen, finding)
            for number, suggestion in enumerate(finding.suggestions):
                change = lsp.TextEdit(diagnostic.range, suggestion)
                title = f"Write “{suggestion}”" if suggestion else f"Take out “{finding.text}”"
                actions.append(
                    lsp.CodeAction(
                        title=title,
                        kind=lsp.CodeActionKind.QuickFix,
                        diagnostics=[diagnostic],
                        is_preferred=number == 0,
                        edit=self.edit(uri, change, seen.version),
                    )
                )
            allowing = self.allowing(uri, seen, finding)
            if allowing is not None:
                term = " ".join(finding.text.split())
                actions.append(
                    lsp.CodeAction(
                        title=f"Allow “{term}” in {NAME}",
                        kind=lsp.CodeActionKind.QuickFix,
                        diagnostics=[diagnostic],
                        edit=allowing,
                    )
                )
        return actions

    def allowing(self, uri: str, seen: Seen, finding: Finding) -> lsp.WorkspaceEdit | None:
        """The change to `.afterword.toml` after which the finding is gone, if there is one."""
        path = to_fs_path(uri) if uri.startswith("file:") else None
        term = " ".join(finding.text.split())
        if path is None or not _would_help(seen, finding, term):
            return None
        settings = find_settings(Path(path).parent)
        if settings is not None:
            try:
                content = settings.read_bytes().decode("utf-8")
            except (OSError, UnicodeDecodeError):
                return None
            target = from_fs_path(str(settings))
        else:
            content = ""
            target = from_fs_path(str(self.root_of(Path(path)) / NAME))
        change = allow_term(content, term)
        if change is None or target is None:
            return None
        offset, added = change
        at = self.position(Lines(content), offset)
        return self.edit(target, lsp.TextEdit(lsp.Range(at, at), added), None, is_new=settings is None)

    def root_of(self, path: Path) -> Path:
        """The folder of the editor's workspace that holds the file, else the file's own."""
        for folder in self.workspace.folders.values():
            root = to_fs_path(folder.uri)
            if root and Path(root) in path.parents:
                return Path(root)
        return path.parent

    def edit(
        self, uri: str, change: lsp.TextEdit, version: int | None, *, is_new: bool = False
    ) -> lsp.WorkspaceEdit | None:
        """The change in a form that this editor knows; None when it knows none."""
        workspace = self.client_capabilities.workspace
        known = workspace.workspace_edit if workspace else None
        if not (known and known.document_changes):
            return None if is_new else lsp.WorkspaceEdit(changes={uri: [change]})
        document = lsp.OptionalVersionedTextDocumentIdentifier(uri, version)
        changes: list[lsp.TextDocumentEdit | lsp.CreateFile | lsp.RenameFile | lsp.DeleteFile] = []
        if is_new:
            if lsp.ResourceOperationKind.Create not in (known.resource_operations or ()):
                return None
            changes.append(lsp.CreateFile(uri, options=lsp.CreateFileOptions(ignore_if_exists=True)))
        changes.append(lsp.TextDocumentEdit(document, [change]))
        return lsp.WorkspaceEdit(document_changes=changes)

    def explain(self, uri: str, position: lsp.Position) -> lsp.Hover | None:
        """The page about each category that was found there."""
        if not self.is_open(uri):
            return None
        seen = self.look(uri)
        found = list(self.found_in(seen, lsp.Range(position, position)))
        if not found:
            return None
        pages = dict.fromkeys(
            CATEGORIES[finding.category].explanation_in(seen.options.language).strip() for finding in found
        )
        return lsp.Hover(
            lsp.MarkupContent(lsp.MarkupKind.Markdown, "\n\n---\n\n".join(pages)), self.range(seen, found[0])
        )


def make_server() -> AfterwordServer:
    """A server that knows what to answer to what."""
    server = AfterwordServer()

    @server.feature(lsp.INITIALIZED)
    async def watch_settings(params: lsp.InitializedParams) -> None:
        workspace = server.client_capabilities.workspace
        watched = workspace.did_change_watched_files if workspace else None
        if watched and watched.dynamic_registration:
            options = lsp.DidChangeWatchedFilesRegistrationOptions([lsp.FileSystemWatcher(f"**/{NAME}")])
            registration = lsp.Registration("settings", lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            await server.client_register_capability_async(lsp.RegistrationParams([registration]))

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def settings_changed(params: lsp.DidChangeWatchedFilesParams) -> None:
        for uri in list(server.seen):
            server.check_soon(uri, 0)

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: lsp.DidOpenTextDocumentParams) -> None:
        server.check_soon(params.text_document.uri, 0)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: lsp.DidChangeTextDocumentParams) -> None:
        server.check_soon(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        server.forget(params.text_document.uri)

    @server.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix])
    )
    async def actions(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        return server.actions(params.text_document.uri, params.range)

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    async def hover(params: lsp.HoverParams) -> lsp.Hover | None:
        return server.explain(params.text_document.uri, params.position)

    return server


def _name_of(uri: str) -> str:
    return (to_fs_path(uri) if uri.startswith("file:") else None) or uri


def _is_plain(uri: str, language: str | None) -> bool:
    return language in ("plaintext", "text") or uri.lower().endswith(PLAIN_SUFFIXES)


def _would_help(seen: Seen, finding: Finding, term: str) -> bool:
    """Whether allowing the term silences the finding, tried on its line alone."""
    line, _ = seen.lines.place(finding.start)
    words = seen.lines.line(line)
    allowing = seen.options._replace(allowed=seen.options.allowed | {term})
    before = _same(check(words, seen.options), finding)
    return before > 0 and _same(check(words, allowing), finding) < before


def _same(findings: list[Finding], finding: Finding) -> int:
    return sum(other.category == finding.category and other.text == finding.text for other in findings)


def _key(position: lsp.Position) -> tuple[int, int]:
    return position.line, position.character
