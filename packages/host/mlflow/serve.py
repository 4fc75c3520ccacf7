"""
Runs MLflow's own command line, which imports MLflow a single time for all of its server's processes.

`mlflow server` checks the database in one process, starts uvicorn as a second, and that one more for each worker: every
one of them imports the same two thousand modules, which takes seconds of each start and 130 MB apiece. Here the process
that checked the database goes on as uvicorn, and its workers are forks of it, which share what it has imported.

Usage: python serve.py server ARGS…
"""

import gc
import importlib
import multiprocessing
import os
import signal
import sys

# Before MLflow: it looks for uvicorn to know that it is going to serve.
import uvicorn._subprocess
import uvicorn.main
from mlflow import server
from mlflow.cli import cli
from sqlalchemy.engine import Engine


def end_as_others_do() -> None:
    """A worker that has no handlers of its own yet would keep its parent's, and outlive the order to stop."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def serve_here(command: list[str], *, extra_env: dict[str, str], **_options: object) -> None:
    """Takes the place of the process that MLflow would start: `python -m uvicorn OPTIONS… MODULE:APP`."""
    os.environ.update(extra_env)
    importlib.import_module(command[-1].partition(":")[0])
    # No worker may speak on a connection that others have too: each makes its own.
    for held in gc.get_objects():
        if isinstance(held, Engine):
            held.dispose()
    os.register_at_fork(after_in_child=end_as_others_do)
    uvicorn._subprocess.spawn = multiprocessing.get_context("fork")
    # What is never looked at again by the garbage collector stays shared.
    gc.collect()
    gc.freeze()
    uvicorn.main.main(command[3:])


# On macOS a process that does not become another program after its fork may crash in the system's libraries.
if sys.platform == "linux":
    server._exec_cmd = serve_here
cli()
