"""Time zones by the letters that people write behind a time of day. Pure."""

from __future__ import annotations

import re

ZONE_MINUTES = {
    **dict.fromkeys(("UTC", "GMT", "Z"), 0),
    **dict.fromkeys(("CET", "BST"), 60),
    **dict.fromkeys(("CEST", "EET"), 120),
    **dict.fromkeys(("CST", "MDT"), -360),
    **dict.fromkeys(("EST", "CDT"), -300),
    **dict.fromkeys(("MST", "PDT"), -420),
    "EEST": 180,
    "EDT": -240,
    "PST": -480,
    "JST": 540,
    "IST": 330,
}
"""How many minutes each is ahead of UTC. Letters that several zones share stand for the one most write."""
ZONE = re.compile(r"\s?\(?(UTC|GMT|Z|CET|CEST|BST|IST|EET|EEST|EST|EDT|CST|CDT|MST|MDT|PST|PDT|JST)\b")
"""Behind a time of day."""
