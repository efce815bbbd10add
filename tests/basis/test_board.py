"""What one process of a server puts on the board the others read, as long as it lives."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from counterfoil.basis import Board

KEPT = "import sys; from pathlib import Path; from counterfoil.basis import Board; "
KEPT += "Board(Path(sys.argv[1]), 'gone').put('run-1', b'half'); print('up', flush=True); sys.stdin.read()"


def read(board, begins=""):
    return {note.key: note.content for note in board.notes(begins)}


def test_each_process_reads_what_all_put_up(tmp_path):
    one, two = Board(tmp_path / "b", "one"), Board(tmp_path / "b", "two")
    assert read(one) == {}
    assert not (tmp_path / "b").exists()
    one.put("run-1", b"begun")
    two.put("run-2", b"x")
    one.put("run-1", b"ended")
    one.put("export-1", b"y")
    assert read(two) == read(one) == {"run-1": b"ended", "run-2": b"x", "export-1": b"y"}
    assert read(two, "run-") == {"run-1": b"ended", "run-2": b"x"}
    assert one.folder.stat().st_mode & 0o077 == 0
    (note,) = two.notes("export-")
    two.drop(note.key, note.folder)
    assert not one.has("export-1")
    one.close()
    assert read(two) == {"run-2": b"x"}
    two.close()
    assert list((tmp_path / "b").iterdir()) == []


def test_what_a_killed_process_left_is_swept_away(tmp_path):
    pipe = subprocess.PIPE
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    arguments = [sys.executable, "-c", KEPT, str(tmp_path)]
    with subprocess.Popen(arguments, stdin=pipe, stdout=pipe, env=environment) as other:
        assert other.stdout.readline() == b"up\n"
        board = Board(tmp_path, "here")
        assert read(board) == {"run-1": b"half"}
        other.send_signal(signal.SIGKILL)
        other.wait()
    assert read(board) == {}
    assert list(tmp_path.iterdir()) == []
