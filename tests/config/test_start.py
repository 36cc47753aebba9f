"""What a process that answers pages does not load until somebody needs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import environment_of

pytestmark = [pytest.mark.pure, pytest.mark.server]

LOAD = """
import sys
import django
django.setup()
import afterword.config.asgi
from django.urls import get_resolver
get_resolver().url_patterns
heavy = {"httpcore", "afterword.drafting.record.times", "afterword.drafting.record.rules"}
print(*sorted(heavy & set(sys.modules)))
"""


def test_what_sends_and_what_few_pages_need_is_loaded_when_used(tmp_path: Path) -> None:
    environment = {**environment_of(tmp_path), "DJANGO_SETTINGS_MODULE": "afterword.config.settings"}
    answer = subprocess.run(
        [sys.executable, "-c", LOAD], env=environment, capture_output=True, text=True, check=False
    )
    assert (answer.stdout.strip(), answer.returncode) == ("", 0), answer.stderr[-2000:]
