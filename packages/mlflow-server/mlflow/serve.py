"""
Runs MLflow's own command line, which imports MLflow a single time for all of its server's processes.

`mlflow server` checks the database in one process, starts uvicorn as a second, and that one more for each worker: every
one of them imports the same two thousand modules, which takes seconds of each start and 130 MB apiece. Here the process
that checked the database goes on as uvicorn, and its workers are forks of it, which share what it has imported.

Workers that wait on one socket also share its connections unevenly: of eight that a browser or a front door opens at
once, the worker that wakes first takes all, keeps them, and the other processor idles. Here the one with fewer goes
first.

Files go out in pieces of 256 kB. Each piece passes through six tasks and a thread: in the 64 kB that files of a folder
are cut into, they cost three times the processor time. And four pieces wait for each reader who takes none: in the 1 MB
that files of an object store are cut into, ninety such readers hold 590 MB in place of 250.

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

# Two thousand modules leave nothing behind that could be freed: looking for it is a fifth of the time to import them.
gc.disable()

# Before MLflow: it looks for uvicorn to know that it is going to serve.
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
    """Takes connections one by one, the later the more it holds: whoever else waits for them and holds fewer, is first."""

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
            # The processes' files are used up: the connection waits until some are closed.
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
        """uvicorn's protocol, which also counts down when its connection is lost."""
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
    """The loop of one worker of several. A single one listens by itself (`create_unix_server`)."""

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
    # A call makes thousands of objects and leaves nearly none: looking after each 700 is up to a tenth of its time.
    gc.set_threshold(50_000)
    FileResponse.chunk_size = PIECE_BYTES
    importlib.import_module("mlflow.server.artifact_router").ARTIFACT_STREAM_CHUNK_SIZE = PIECE_BYTES
    uvicorn.main.main([*command[3:], "--loop", "__main__:SharingLoop"])


gc.freeze()
gc.enable()

# On macOS a process that does not become another program after its fork may crash in the system's libraries.
if sys.platform == "linux":
    server._exec_cmd = serve_here
keep(os.environ["MLFLOW_BACKEND_STORE_URI"])
cli()
