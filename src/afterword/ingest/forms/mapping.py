"""A mapping as a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from afterword.ingest import mapping
from afterword.ingest.forms.conditions import ConditionGroup, ConditionRow, group_of, read_group
from afterword.ingest.forms.posted import Posted
from afterword.ingest.texts import text_of

LABELS = {"message": "Message", "summary": "Summary", "entity_id": "Entity id"}
FIRST_DEFAULT = "critical"
"""Offered to someone who begins: an alert that opens nothing would look like a mapping that fails."""


@dataclass
class TypeRow:
    """One line of the table: a value, and the alert type that it stands for."""

    value: str = ""
    alert_type: str = ""
    name: str = ""
    is_new: bool = False

    @property
    def html_id(self) -> str:
        return self.name.replace(".", "-")


@dataclass
class Settings:
    """What is set: by the mapping itself, or by one of its blocks."""

    texts: dict[str, str] = field(default_factory=dict)
    path: str = ""
    table: list[TypeRow] = field(default_factory=list)
    default: str = ""
    name: str = ""
    at: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def html_id(self) -> str:
        return self.name.replace(".", "-")

    @property
    def fields(self) -> list[dict[str, Any]]:
        """The texts, as a template draws them."""
        return [
            {
                "key": key,
                "label": LABELS[key],
                "name": f"{self.name}.{key}",
                "html_id": f"{self.html_id}-{key}",
                "value": self.texts.get(key, ""),
                "error": self.errors.get(key, ""),
                "is_required": key == "message" and not self.at,
            }
            for key in mapping.TEXT_FIELDS
        ]

    def definition(self, at: str) -> dict[str, Any]:
        self.at = at
        said: dict[str, Any] = {key: text for key, text in self.texts.items() if text}
        table = {row.value: row.alert_type for row in self.table if row.value or row.alert_type}
        alert_type: dict[str, Any] = {}
        if self.path:
            alert_type["path"] = self.path
        if table:
            alert_type["values"] = table
        if self.default:
            alert_type["default"] = self.default
        if alert_type:
            said["alert_type"] = alert_type
        return said

    def place_errors(self, fields: dict[str, str]) -> None:
        """Take those that are about what is set here."""
        start = f"{self.at}." if self.at else ""
        for name in [name for name in fields if name.startswith(start) or name == self.at]:
            rest = name[len(start) :]
            key, _, part = rest.partition(".")
            if key in mapping.TEXT_FIELDS:
                self.errors[key] = fields.pop(name)
            elif key == "alert_type":
                where = part.partition(".")[0] or "path"
                # A template would find the method of that name in a dictionary without it.
                self.errors.setdefault("table" if where == "values" else where, fields.pop(name))
            elif self.at:
                self.errors["message"] = fields.pop(name)

    def number(self, name: str) -> None:
        self.name = name
        for place, row in enumerate(self.table):
            row.name = f"{name}.table.{place}"

    def change(self, verb: str, name: str) -> bool:
        """Do what a button says; whether it was about this table."""
        if verb == "add-value" and name == self.name and len(self.table) < mapping.VALUES_MAX:
            self.table.append(TypeRow(is_new=True))
            return True
        kept = [row for row in self.table if row.name != name]
        found = verb == "remove" and len(kept) < len(self.table)
        self.table = kept if found else self.table
        return found


@dataclass
class Block:
    """Conditions, and what is set where they hold."""

    when: ConditionGroup = field(default_factory=ConditionGroup)
    set: Settings = field(default_factory=Settings)
    name: str = ""


@dataclass
class MappingForm:
    """What was typed, or what is kept."""

    direct: Settings = field(default_factory=Settings)
    blocks: list[Block] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    error_count: int = 0

    def __post_init__(self) -> None:
        self.number()

    def number(self) -> None:
        self.direct.number("direct")
        for place, block in enumerate(self.blocks):
            block.name = f"blocks.{place}"
            block.when.number(f"{block.name}.when")
            block.set.number(f"{block.name}.set")

    @property
    def definition(self) -> dict[str, Any]:
        said = self.direct.definition("")
        if self.blocks:
            said["blocks"] = [
                {
                    "when": block.when.definition(f"blocks.{place}.when"),
                    "set": block.set.definition(f"blocks.{place}.set"),
                }
                for place, block in enumerate(self.blocks)
            ]
        return said

    def change(self, told: str) -> None:
        """Do what a button says: `verb:name`."""
        verb, _, name = told.partition(":")
        if verb == "add-block" and len(self.blocks) < mapping.BLOCKS_MAX:
            self.blocks.append(Block(ConditionGroup("all", [ConditionRow(is_new=True)])))
        elif verb == "remove" and any(block.name == name for block in self.blocks):
            self.blocks = [block for block in self.blocks if block.name != name]
        elif not self.direct.change(verb, name):
            for block in self.blocks:
                if block.when.change(verb, name) or block.set.change(verb, name):
                    break
        self.number()

    def refuse(self, message: str, fields: Mapping[str, str]) -> None:
        """Put what a write refused to where it belongs."""
        self.error_count = max(1, len(fields))
        left = dict(fields)
        self.definition  # noqa: B018 - notes where each row stands in it
        for block in self.blocks:
            block.when.place_errors(left)
            block.set.place_errors(left)
        self.direct.place_errors(left)
        self.errors = left if fields else {"": message}


def new_mapping_form() -> MappingForm:
    return MappingForm(Settings(default=FIRST_DEFAULT))


def read_mapping_form(posted: Posted) -> MappingForm:
    blocks = [
        Block(read_group(branch.branch("when")), _read_settings(branch.branch("set")))
        for branch in list(posted.branch("blocks").numbered())[: mapping.BLOCKS_MAX + 1]
    ]
    return MappingForm(_read_settings(posted.branch("direct")), blocks)


def _read_settings(posted: Posted) -> Settings:
    table = [
        TypeRow(branch.text("value"), branch.text("alert_type"))
        for branch in list(posted.branch("table").numbered())[: mapping.VALUES_MAX + 1]
    ]
    return Settings(
        texts={key: posted.text(key) for key in mapping.TEXT_FIELDS},
        path=posted.text("path"),
        table=table,
        default=posted.text("default"),
    )


def mapping_form_of(definition: Mapping[str, Any]) -> MappingForm:
    blocks = [
        Block(group_of(block.get("when")), _settings_of(block.get("set", {})))
        for block in definition.get("blocks", [])
    ]
    direct = _settings_of(definition)
    direct.default = direct.default or mapping.DEFAULT_ALERT_TYPE
    return MappingForm(direct, blocks)


def _settings_of(definition: Mapping[str, Any]) -> Settings:
    alert_type = definition.get("alert_type") or {}
    values = alert_type.get("values") or {}
    return Settings(
        texts={key: text_of(definition.get(key)) for key in mapping.TEXT_FIELDS},
        path=str(alert_type.get("path") or ""),
        table=[TypeRow(value, kind) for value, kind in values.items()],
        default=str(alert_type.get("default") or ""),
    )
