"""
Runs MLflow's own command line so that MLflow is imported only once for all of its server's processes.

`mlflow server` checks the database in one process, starts uvicorn as a second, and that one process per worker: each of
them imports the same two thousand modules, which takes seconds of every start and 130 MB each. Here the process that
checked the database becomes uvicorn, and its workers are forks of it, which share the imported modules.

Workers that listen on one socket also share its connections unevenly: of eight that a browser or a front door opens at
once, the worker that wakes first takes all and keeps them, while the other processor idles. Here the worker with fewer
connections accepts first.

Files are sent in chunks of 256 kB. Each chunk passes through six tasks and a thread: in chunks of 64 kB, MLflow's size
for files of a folder, they take three times the processor time. And four chunks wait for each reader that stalls: in
chunks of 1 MB, MLflow's size for files of an object store, ninety such readers hold 590 MB instead of 250.

Usage: python serve.py server ARGS…
"""

import asyncio
import gc
import importlib
import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import Callable

# Importing two thousand modules leaves no garbage: collecting it would take a fifth of the import time.
gc.disable()

# Before MLflow, which detects by the presence of uvicorn that it is going to serve.
import uvicorn._subprocess
import uvicorn.main
import uvloop
from kept_database import keep
from mlflow import server
from mlflow.cli import cli
from sqlalchemy.engine import Engine
from starlette.responses import FileResponse

PIECE_BYTES = 256 * 1024


class SharingServer(asyncio.AbstractServer):
    """Accepts connections one by one, after a pause that grows with those it holds: a worker with fewer comes first."""

    PAUSE_S = 0.001
    LONGEST_PAUSE_S = 0.01
    NO_DESCRIPTOR_PAUSE_S = 1

    def __init__(
        self, loop: asyncio.AbstractEventLoop, listening: socket.socket, protocol: Callable[[], asyncio.Protocol]
    ) -> None:
        self.loop = loop
        self.listening = listening
        self.protocol = protocol
        self.held = 0
        self.is_open = True
        self.sockets = (listening,)
        self.listen()

    def listen(self) -> None:
        if self.is_open:
            self.loop.add_reader(self.listening, self.take)

    def take(self) -> None:
        try:
            connection, _ = self.listening.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError as error:
            # File descriptors have run out: the connection waits until some are closed.
            print(f"no connection can be taken now: {error}", file=sys.stderr)
            self.pause(self.NO_DESCRIPTOR_PAUSE_S)
            return
        connection.setblocking(False)
        self.held += 1
        self.pause(min(self.held * self.PAUSE_S, self.LONGEST_PAUSE_S))
        self.loop.create_task(self.serve(connection))

    def pause(self, seconds: float) -> None:
        self.loop.remove_reader(self.listening)
        self.loop.call_later(seconds, self.listen)

    async def serve(self, connection: socket.socket) -> None:
        try:
            await self.loop.connect_accepted_socket(self.counted, connection)
        except OSError:
            self.held -= 1
            connection.close()

    def counted(self) -> asyncio.Protocol:
        """uvicorn's protocol, which also decrements the count when its connection is lost."""
        protocol = self.protocol()
        lost = protocol.connection_lost

        def count_down(error: Exception | None) -> None:
            self.held -= 1
            lost(error)

        protocol.connection_lost = count_down
        return protocol

    def close(self) -> None:
        self.is_open = False
        self.loop.remove_reader(self.listening)

    async def wait_closed(self) -> None:
        """Nothing to wait for: uvicorn itself waits for its connections."""


class SharingLoop(uvloop.Loop):
    """The event loop of each of several workers. A single worker listens by itself (`create_unix_server`)."""

    async def create_server(
        self,
        protocol_factory: Callable[[], asyncio.Protocol],
        *,
        sock: socket.socket,
        backlog: int,
        **_options: object,
    ) -> SharingServer:
        sock.listen(backlog)
        sock.setblocking(False)
        return SharingServer(self, sock, protocol_factory)


def end_as_others_do() -> None:
    """Resets inherited signal handlers: with the parent's, a worker that is still starting would survive a stop."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def serve_here(command: list[str], *, extra_env: dict[str, str], **_options: object) -> None:
    """Serves in this process instead of the one that MLflow would start: `python -m uvicorn OPTIONS… MODULE:APP`."""
    os.environ.update(extra_env)
    importlib.import_module(command[-1].partition(":")[0])
    # Workers must not share database connections: each opens its own.
    for held in gc.get_objects():
        if isinstance(held, Engine):
            held.dispose()
    os.register_at_fork(after_in_child=end_as_others_do)
    uvicorn._subprocess.spawn = multiprocessing.get_context("fork")
    # Memory that the garbage collector never visits again stays shared among the forks.
    gc.collect()
    gc.freeze()
    # A call creates thousands of objects and leaves almost none: a collection per 700 takes up to a tenth of its time.
    gc.set_threshold(50_000)
    FileResponse.chunk_size = PIECE_BYTES
    importlib.import_module("mlflow.server.artifact_router").ARTIFACT_STREAM_CHUNK_SIZE = PIECE_BYTES
    uvicorn.main.main([*command[3:], "--loop", "__main__:SharingLoop"])


gc.freeze()
gc.enable()

# On macOS the system libraries may crash in a process that forks without executing another program.
if sys.platform == "linux":
    server._exec_cmd = serve_here
keep(os.environ["MLFLOW_BACKEND_STORE_URI"])
cli()
