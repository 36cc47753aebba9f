"""The Chromium of the journeys: the one that `AFTERWORD_TEST_CHROMIUM` names, else one on PATH."""

from __future__ import annotations

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
CHROMIUM = os.environ.get("AFTERWORD_TEST_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")
NO_CHROMIUM = "no Chromium is here: install one, or name it in AFTERWORD_TEST_CHROMIUM"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
