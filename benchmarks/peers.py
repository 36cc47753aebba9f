"""Other programs that take alerts, set up as their own documentation says, for `ingest.py` to measure.

Alerta (PyPI `alerta-server`) keeps alerts in PostgreSQL: gunicorn with a worker process for each core that
it may use, and one more. Prometheus Alertmanager keeps alerts in memory.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

ALERTA_WORKERS = 2
ALERTA = "from alerta import create_app\napp = create_app()\n"
ALERTMANAGER = "route:\n  receiver: nobody\nreceivers:\n  - name: nobody\n"


@dataclass(frozen=True)
class Peer:
    """How to start a program, where it takes alerts and what they look like."""

    command: list[str]
    environment: dict[str, str]
    path: str


def alerta(python: str, folder: Path, database_url: str, port: int) -> Peer:
    """Alerta from the environment of `python`, which has `alerta-server[postgres]` and `gunicorn`."""
    (folder / "alerta_wsgi.py").write_text(ALERTA)
    # Its own settings file, if the machine has one, shall not decide.
    (folder / "alerta.conf").write_text("")
    return Peer(
        command=[
            *(python, "-m", "gunicorn", "alerta_wsgi:app", "--log-level", "error"),
            # Loaded once: two processes that make its tables at the same time fail.
            *("--preload", "--workers", str(ALERTA_WORKERS), "--bind", f"127.0.0.1:{port}"),
        ],
        environment={
            **os.environ,
            "PYTHONPATH": str(folder),
            "ALERTA_SVR_CONF_FILE": str(folder / "alerta.conf"),
            "DATABASE_URL": database_url,
            "SECRET_KEY": "only-for-benchmarks",
            "AUTH_REQUIRED": "False",
        },
        path="/alert",
    )


def alerta_body(entity: str) -> str:
    """The alert of `ingest.body_of` in Alerta's words."""
    return json.dumps(
        {
            "resource": f"checkout-latency-{entity}",
            "event": "CheckoutIsSlow",
            "environment": "Production",
            "severity": "critical",
            "service": ["Checkout"],
            "group": "Payments",
            "value": "2.31",
            "text": "The 99th percentile of checkout is over its limit in eu-west since five minutes.",
            "tags": ["kubeprod"],
            "attributes": {"link": "https://grafana.example.com/d/checkout/latency", "status": "firing"},
        }
    )


def find_alertmanager() -> str | None:
    """Its program, under Debian's name or its own."""
    return shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")


def alertmanager(program: str, folder: Path, port: int) -> Peer:
    """Alertmanager alone, without a cluster, which tells nobody."""
    (folder / "alertmanager.yml").write_text(ALERTMANAGER)
    return Peer(
        command=[
            *(program, f"--config.file={folder / 'alertmanager.yml'}", "--log.level=error"),
            *(f"--storage.path={folder / 'alertmanager'}", "--cluster.listen-address="),
            f"--web.listen-address=127.0.0.1:{port}",
        ],
        environment=dict(os.environ),
        path="/api/v2/alerts",
    )


def alertmanager_body(entity: str) -> str:
    """The alert of `ingest.body_of` in Alertmanager's words."""
    return json.dumps(
        [
            {
                "labels": {
                    "alertname": "CheckoutIsSlow",
                    "instance": f"checkout-latency-{entity}",
                    "severity": "critical",
                    "project": "kubeprod",
                },
                "annotations": {
                    "summary": "Checkout answers in more than two seconds",
                    "description": "The 99th percentile of checkout is over its limit in eu-west.",
                },
                "generatorURL": "https://grafana.example.com/d/checkout/latency",
            }
        ]
    )
