"""Zenduty's eleven names of colours, kept as values and told again by their names."""

from __future__ import annotations

VALUES = {
    "magenta": "#eb2f96",
    "red": "#f5222d",
    "volcano": "#fa541c",
    "orange": "#fa8c16",
    "gold": "#faad14",
    "lime": "#a0d911",
    "green": "#52c41a",
    "cyan": "#13c2c2",
    "blue": "#1890ff",
    "geekblue": "#2f54eb",
    "purple": "#722ed1",
}
_NAMES = {value: name for name, value in VALUES.items()}


def read_colour(color: str) -> str:
    """A value for one of their names; anything else as it is, for the write to judge."""
    return VALUES.get(color.strip().lower(), color)


def write_colour(value: str) -> str:
    return _NAMES.get(value, value)
