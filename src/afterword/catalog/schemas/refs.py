"""How a thing is named inside another."""

from __future__ import annotations

from uuid import UUID

from ninja import Schema


class TeamRef(Schema):
    unique_id: UUID
    name: str
