"""Receives files on the machine and stores each under its SHA-256; needs only Python's standard library.

Input: one JSON line {store, files: [{sha256, isProgram}]}, where `store` is null for a folder of this call alone.
Output: one JSON line {store, places: {sha256: path}, missing: [sha256]}; then the input continues with the content of
each missing file, in that order: gzipped, in blocks of a 4-byte length and that many bytes, ended by an empty block.
Last line of the output: {"received": count} or {"error": {code, message}}.
"""

import errno
import hashlib
import json
import os
import stat
import sys
import tempfile
import zlib

STORE = "/opt/soen/store"


def main(given):
    request = json.loads(given.readline())
    store = request["store"]
    if store is None:
        # Not /tmp directly: programs may be forbidden to run there, and TMPDIR may name another folder.
        store = tempfile.mkdtemp(prefix="soen-plan-")
    else:
        os.makedirs(store, mode=0o755, exist_ok=True)
        remove_abandoned(store)
    places = {}
    missing = []
    for file in request["files"]:
        found = find(file["sha256"], {store, STORE})
        places[file["sha256"]] = found or os.path.join(store, file["sha256"])
        if found is None:
            missing.append(file)
    say({"store": store, "places": places, "missing": [file["sha256"] for file in missing]})
    for file in missing:
        receive(given, os.path.join(store, file["sha256"]), file)
    say({"received": len(missing)})


def find(sha256, stores):
    for store in stores:
        path = os.path.join(store, sha256)
        if os.path.isfile(path) and hash_of(path) == sha256:
            return path
    return None


def hash_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def receive(given, path, file):
    """Stores a file whole and verified, or not at all: a kill leaves a partial file, which the next call removes."""
    partial = f"{path}.{os.getpid()}.partial"
    digest = hashlib.sha256()
    unzip = zlib.decompressobj(wbits=31)
    with open(partial, "wb") as out:
        while length := int.from_bytes(exactly(given, 4), "big"):
            block = unzip.decompress(exactly(given, length))
            digest.update(block)
            out.write(block)
        rest = unzip.flush()
        digest.update(rest)
        out.write(rest)
        out.flush()
        os.fsync(out.fileno())
    if digest.hexdigest() != file["sha256"]:
        os.unlink(partial)
        raise Refused("SOEN_PAYLOAD_DAMAGED", f"{file['sha256'][:12]} did not arrive as it was sent.")
    os.chmod(partial, stat.S_IRUSR | stat.S_IWUSR | (0o155 if file["isProgram"] else 0o044))
    os.rename(partial, path)


def exactly(given, length):
    data = given.read(length)
    if len(data) < length:
        raise Refused("SOEN_SSH_LOST", "The connection was lost while files were carried.")
    return data


def remove_abandoned(store):
    for name in os.listdir(store):
        if name.endswith(".partial") and not is_running(int(name.split(".")[-2])):
            os.unlink(os.path.join(store, name))


def is_running(pid):
    return os.path.exists(f"/proc/{pid}")


class Refused(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def say(value):
    print(json.dumps(value), flush=True)


def refusal_of(error):
    if isinstance(error, Refused):
        return {"code": error.code, "message": str(error)}
    codes = {errno.ENOSPC: "SOEN_DISK_FULL", errno.EDQUOT: "SOEN_DISK_FULL", errno.EROFS: "SOEN_READ_ONLY_ROOT"}
    return {"code": codes.get(error.errno, "SOEN_PAYLOAD_REFUSED"), "message": str(error)}


try:
    main(sys.stdin.buffer)
except (OSError, Refused, zlib.error) as error:
    if not isinstance(error, (OSError, Refused)):
        error = Refused("SOEN_PAYLOAD_DAMAGED", str(error))
    say({"error": refusal_of(error)})
    sys.exit(1)
