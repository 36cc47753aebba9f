"""The fold of PostgreSQL gives way to senders who press, and to nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from afterword.ingest.worker import Courtesy

pytestmark = pytest.mark.pure


@pytest.fixture
def schedule(tmp_path: Path) -> Path:
    return tmp_path / "schedstat"


def rest_after(schedule: Path, *, rows: int, waited_seconds: float) -> tuple[float, int]:
    """The rest after a batch of 0.05 s, with so many rows accepted and so long waited for a processor; and
    how many rows the next batch may have."""
    schedule.write_text("0 0 0")
    courtesy = Courtesy(schedule)
    began = courtesy._at
    courtesy.rest(newest_row=1_000, at=began)
    schedule.write_text(f"0 {int(waited_seconds * 1e9)} 7")
    return courtesy.rest(newest_row=1_000 + rows, at=began + 0.05), courtesy.rows_max


def test_it_rests_while_senders_press_and_processors_are_short(schedule: Path) -> None:
    assert rest_after(schedule, rows=450, waited_seconds=0.03) == (pytest.approx(0.45), 200)


def test_it_goes_on_where_a_processor_is_free(schedule: Path) -> None:
    assert rest_after(schedule, rows=450, waited_seconds=0.001) == (0, 2_000)


def test_it_goes_on_while_few_rows_come(schedule: Path) -> None:
    assert rest_after(schedule, rows=50, waited_seconds=0.03) == (0, 2_000)


def test_its_batches_grow_again_step_by_step(schedule: Path) -> None:
    schedule.write_text("0 0 0")
    courtesy = Courtesy(schedule)
    began = courtesy._at
    courtesy.rest(newest_row=0, at=began)
    schedule.write_text(f"0 {int(0.03 * 1e9)} 7")
    courtesy.rest(newest_row=450, at=began + 0.05)

    sizes = []
    for step in range(1, 5):
        courtesy.rest(newest_row=450, at=began + 0.05 + step)
        sizes.append(courtesy.rows_max)

    assert sizes == [400, 800, 1_600, 2_000]


def test_it_goes_on_where_the_system_tells_nothing(tmp_path: Path) -> None:
    courtesy = Courtesy(tmp_path / "nothing")
    courtesy.rest(newest_row=0, at=courtesy._at)

    assert courtesy.rest(newest_row=10_000, at=courtesy._at + 0.1) == 0
