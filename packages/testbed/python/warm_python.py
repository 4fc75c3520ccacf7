"""
A Python that has already imported MLflow: programs are forks of it and start at once.

`warm_python.py serve SOCKET` imports MLflow, prints `ready`, and forks on request.
`warm_python.py run SOCKET ARGS…` requests a fork: it behaves like `python ARGS…`, with the same environment, folder,
streams, signals and exit code. What it cannot do alike (options, no server) it leaves to the cold Python.

MLflow's own server modules are not imported in advance: some of them read the environment when they are imported.
"""

import array
import contextlib
import gc
import importlib
import io
import json
import os
import runpy
import signal
import socket
import struct
import subprocess
import sys
import types
import warnings

FORWARDED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)


def run(path: str, args: list[str]) -> None:
    """Requests a fork from the server, and lives as long as the fork."""
    connection = socket.socket(socket.AF_UNIX)
    if not args or (args[0].startswith("-") and args[0] not in ("-c", "-m")):
        be_cold(args)
    try:
        connection.connect(path)
    except OSError:
        be_cold(args)
    request = json.dumps({"args": args, "env": dict(os.environ), "cwd": os.getcwd()}).encode()
    streams = array.array("i", [0, 1, 2])
    connection.sendmsg([struct.pack("!I", len(request))], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, streams)])
    connection.sendall(request)
    # The fork has them now: readers of its output must see the end when the fork closes them.
    for stream in (0, 1, 2):
        os.close(stream)
    for number in FORWARDED:
        signal.signal(number, lambda which, _frame: connection.send(bytes([which])))
    answer = b""
    while len(answer) < 4 and (part := connection.recv(4 - len(answer))):
        answer += part
    status = struct.unpack("!i", answer)[0] if len(answer) == 4 else signal.SIGKILL
    if os.WIFSIGNALED(status):
        signal.signal(os.WTERMSIG(status), signal.SIG_DFL) if os.WTERMSIG(status) in FORWARDED else None
        os.kill(os.getpid(), os.WTERMSIG(status))
    os._exit(os.WEXITSTATUS(status))


def be_cold(args: list[str]) -> None:
    os.execv(sys.executable, [sys.executable, *args])


class OnlyWhenServing:
    """Prevents the import in advance of modules that look at the environment, or at each other, when imported."""

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        if name.startswith(("mlflow.server", "uvicorn")):
            raise ImportError(f"{name} is imported by whoever serves")


def import_ahead() -> None:
    """Every module that MLflow's client and server import, as a cold Python lists them."""
    program = "import uvloop, mlflow.server.fastapi_app, mlflow.cli, sys; print(*sys.modules)"
    listed = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True)
    names = [name for name in listed.stdout.split() if name != "__main__"]
    guard = OnlyWhenServing()
    sys.meta_path.insert(0, guard)
    gc.disable()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in ["mlflow", *names]:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
    gc.enable()
    gc.freeze()
    sys.meta_path.remove(guard)


def serve(path: str) -> types.SimpleNamespace:
    """Forks on each request, until it is killed; returns only in the fork, with the request."""
    import_ahead()
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    listening.listen(64)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    while True:
        connection, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            return supervise(connection)
        connection.close()


def supervise(connection: socket.socket) -> types.SimpleNamespace:
    """Forks once more: the fork runs the program, while this process forwards signals and reports its end."""
    head, ancillary, _, _ = connection.recvmsg(4, socket.CMSG_LEN(3 * array.array("i").itemsize))
    streams = array.array("i", ancillary[0][2])
    size = struct.unpack("!I", head)[0]
    text = b""
    while len(text) < size:
        text += connection.recv(size - len(text))
    request = types.SimpleNamespace(**json.loads(text), streams=streams)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    for number in FORWARDED:
        signal.signal(number, signal.SIG_IGN)
    program = os.fork()
    if program == 0:
        connection.close()
        return request
    for stream in (0, 1, 2, *streams):
        with contextlib.suppress(OSError):
            os.close(stream)
    ended, ends = os.pipe()
    if os.fork() == 0:
        # If the requesting process is killed, everything it requested is killed as well.
        os.close(ended)
        with contextlib.suppress(OSError):
            while number := connection.recv(1):
                os.killpg(0, number[0])
        os.killpg(0, signal.SIGKILL)
    os.close(ends)
    _, status = os.waitpid(program, 0)
    with contextlib.suppress(OSError):
        connection.sendall(struct.pack("!i", status))
    os.killpg(0, signal.SIGKILL)
    raise AssertionError("it killed its own group")


def become(request: types.SimpleNamespace) -> int:
    """Runs the request like a newly started Python."""
    for number in FORWARDED:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    for place, stream in enumerate(request.streams):
        os.dup2(stream, place)
        os.close(stream)
    os.chdir(request.cwd)
    os.environ.clear()
    os.environ.update(request.env)
    is_unbuffered = os.environ.get("PYTHONUNBUFFERED", "") != ""
    sys.stdin = open(0, encoding="utf-8", closefd=False)
    for name, place in (("stdout", 1), ("stderr", 2)):
        raw = open(place, "wb", 0 if is_unbuffered else -1, closefd=False)
        is_line_buffered = place == 2 or os.isatty(place)
        stream = io.TextIOWrapper(raw, "utf-8", line_buffering=is_line_buffered, write_through=is_unbuffered)
        setattr(sys, name, stream)
    for name in ("stdin", "stdout", "stderr"):
        setattr(sys, f"__{name}__", getattr(sys, name))
    for rule in filter(None, os.environ.get("PYTHONWARNINGS", "").split(",")):
        action, _, category = rule.partition("::")
        warnings.filterwarnings(action, category=getattr(__import__("builtins"), category, Warning))
    sys.path[1:1] = [folder for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep) if folder]
    first, *rest = request.args
    try:
        if first == "-c":
            sys.argv, sys.path[0] = ["-c", *rest[1:]], ""
            main = types.ModuleType("__main__")
            sys.modules["__main__"] = main
            exec(compile(rest[0], "<string>", "exec"), main.__dict__)
        elif first == "-m":
            sys.argv, sys.path[0] = ["-m", *rest[1:]], os.getcwd()
            runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
        else:
            sys.argv, sys.path[0] = [first, *rest], os.path.dirname(os.path.abspath(first))
            runpy.run_path(first, run_name="__main__")
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


if sys.argv[1] == "run":
    run(sys.argv[2], sys.argv[3:])
else:
    sys.exit(become(serve(sys.argv[2])))
