import os
import resource
import signal
import subprocess
import sys
import threading
import time

import pytest

from afterword.documents import FontsMissing, PdfBusy, PdfFailed, PdfTookTooLong, render_pdf
from afterword.documents import pdf as pdf_module
from afterword.documents.glyphs import FONT_FOLDER
from afterword.documents.pool import POOL, Job, Pool, ProcessDied
from tests.documents.documents import document_of, pdf_text

pytestmark = pytest.mark.pure

LARGE = ("Lorem ipsum *dolor* sit `amet` " * 20 + "\n\n") * 1_000


def free_children():
    return [process.child.pid for process in POOL._free]


def warm_child(text):
    """The one process that is left by this document, and by whatever ran before."""
    if len(POOL._free) > 1:
        POOL.close()
    render_pdf(document_of(text))
    (child,) = free_children()
    return child


def wait_until(condition, seconds=60.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0] != "Z"


def test_a_second_document_finds_the_process_warm():
    POOL.close()
    render_pdf(document_of("one"))
    first = free_children()
    render_pdf(document_of("two"))
    assert free_children() == first
    assert len(first) == 1


def test_a_document_over_its_time_is_stopped_and_the_next_one_is_made():
    document = document_of(LARGE)
    child = warm_child("warm")
    begun = time.monotonic()
    with pytest.raises(PdfTookTooLong):
        render_pdf(document, timeout_seconds=0.6)
    assert time.monotonic() - begun < 10
    assert not is_alive(child)
    assert "after" in pdf_text(render_pdf(document_of("after")))


def test_a_document_over_its_memory_is_stopped_and_the_next_one_is_made():
    with pytest.raises(PdfFailed, match="more memory or time") as refusal:
        render_pdf(document_of(LARGE), memory_bytes=300 * 1_048_576)
    assert refusal.value.status == 422  # It is the document's fault, and no mistake of the server.
    assert "after" in pdf_text(render_pdf(document_of("after")))


def test_a_warm_process_that_died_meanwhile_is_replaced():
    child = warm_child("one")
    os.kill(child, signal.SIGKILL)
    assert "two" in pdf_text(render_pdf(document_of("two")))


def test_a_warm_process_that_dies_at_work_is_replaced_once():
    child = warm_child("one")
    os.kill(child, signal.SIGSTOP)
    made = []
    maker = threading.Thread(target=lambda: made.append(render_pdf(document_of("two"))))
    maker.start()
    assert wait_until(lambda: not free_children())
    os.kill(child, signal.SIGKILL)
    maker.join(60)
    assert "two" in pdf_text(made[0])
    assert not is_alive(child)


def test_many_threads_share_a_few_processes():
    made = {}

    def make(number):
        made[number] = pdf_text(render_pdf(document_of(f"number {number} of many")))

    threads = [threading.Thread(target=make, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert all(f"number {number} of many" in made[number] for number in range(12))
    assert 1 <= len(free_children()) <= POOL.processes_max


def test_when_all_processes_are_at_work_the_next_waits_no_longer_than_its_time():
    pool = Pool(processes_max=1)
    deadline = time.monotonic() + 10
    with (
        pool.process((FONT_FOLDER,), deadline),
        pytest.raises(PdfBusy),
        pool.process((FONT_FOLDER,), time.monotonic() + 0.1),
    ):
        pass
    assert time.monotonic() < deadline
    pool.close()


def test_the_child_dies_with_a_parent_that_is_killed():
    script = (
        "import sys, time; sys.path[:0] = sys.argv[1:];"
        "from tests.documents.documents import document_of; from afterword.documents import render_pdf;"
        "from afterword.documents.pool import POOL; render_pdf(document_of('x'));"
        "print(POOL._free[0].child.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, *sys.path], stdout=subprocess.PIPE) as parent:
        child = int(parent.stdout.readline())
        assert is_alive(child)
        parent.kill()
    assert wait_until(lambda: not is_alive(child))


def test_a_fork_leaves_the_parents_processes_alone():
    render_pdf(document_of("before"))
    ours = free_children()
    pid = os.fork()
    if pid == 0:
        os._exit(0 if not POOL._free and render_pdf(document_of("in the fork")) else 1)
    assert os.waitpid(pid, 0)[1] == 0
    assert "after" in pdf_text(render_pdf(document_of("after")))
    assert free_children() == ours


def test_the_child_has_no_environment_cannot_write_and_sees_one_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("AFTERWORD_PRIVATE", "very private")
    POOL.close()
    render_pdf(document_of("x"))
    (child,) = free_children()
    with open(f"/proc/{child}/environ", "rb") as environ:
        assert environ.read() == b"LC_ALL=C.UTF-8\0"
    assert resource.prlimit(child, resource.RLIMIT_FSIZE)[0] == 0
    assert resource.prlimit(child, resource.RLIMIT_AS)[0] == 2 * 1_073_741_824
    assert resource.prlimit(child, resource.RLIMIT_CPU)[0] > 0
    outside = tmp_path / "outside.txt"
    outside.write_text("very private")
    root = tmp_path / "root"
    root.mkdir()
    deadline = time.monotonic() + 10
    for path in ("/etc/passwd", "../outside.txt", str(outside)):
        (root / "x.typ").write_text(f'#read("{path}")')
        with POOL.process((FONT_FOLDER,), deadline) as process, pytest.raises(PdfFailed):
            process.compile(Job(root, "x.typ", 0), deadline)


def test_nothing_is_left_in_the_temporary_folder(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    render_pdf(document_of("x"))
    with pytest.raises(PdfTookTooLong):
        render_pdf(document_of(LARGE), timeout_seconds=0.5)
    assert list(tmp_path.iterdir()) == []


def test_without_fonts_there_is_an_answer_and_no_boxes(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf_module, "FONT_FOLDER", tmp_path)
    with pytest.raises(FontsMissing):
        render_pdf(document_of("x"))


def test_a_process_is_replaced_after_its_share_of_documents(monkeypatch):
    POOL.close()
    monkeypatch.setattr("afterword.documents.limits.PDF_PROCESS_RENDERS_MAX", 2)
    render_pdf(document_of("one"))
    (first,) = free_children()
    render_pdf(document_of("two"))
    assert free_children() == []
    assert not is_alive(first)
    assert issubclass(ProcessDied, PdfFailed)
