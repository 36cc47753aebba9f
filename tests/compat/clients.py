"""Other people's clients, each in a process of its own: what they print, warn of and import stays there."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from typing import Any

CLIENT_SECONDS_MAX = 60


def run_client(code: str, **settings: Any) -> Any:
    """Run Python that finds these in `settings`; the last line that it prints, by way of JSON."""
    program = f"import json, sys\nsettings = json.loads(sys.argv[1])\n{textwrap.dedent(code)}"
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, json.dumps(settings)],
        capture_output=True,
        text=True,
        timeout=CLIENT_SECONDS_MAX,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])
