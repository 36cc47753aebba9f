"""What the texts of the catalogue may measure."""

from __future__ import annotations

NAME_LENGTH_MAX = 100
SUMMARY_LENGTH_MAX = 2_000
COLOUR_LENGTH_MAX = 7
