#!/usr/bin/env python3
"""Data folders as certain commands leave them: each is made once, for all tests that begin with it, and copied.

prepared.py PROGRAM RECIPE FOLDER      puts one of RECIPES at FOLDER, which must not be there yet

They are kept below build/test-data, and made anew where the program, what it reads or the day is another: a
demonstration ends today. A test of how such a folder is made makes its own."""
import contextlib, fcntl, hashlib, os, shutil, subprocess, sys, threading
from datetime import date
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
KEPT = SOURCE / "build/test-data"
CATALOGUE = [SOURCE / f"tests/data/catalogue/{name}.json" for name in ("guides", "interventions", "expectations")]
# What each begins with, and the command that follows.
RECIPES = {"migrated": (None, ["create"]), "catalogue": ("migrated", ["catalogue", "load", *CATALOGUE]), "demo": ("migrated", ["demo"])}


def digest(program):
    """Of what a prepared folder depends on."""
    whole = hashlib.sha256(f"{date.today()} {RECIPES}".encode())
    for path in [program, *sorted((SOURCE / "schema").rglob("*")), *CATALOGUE]:
        if path.is_file():
            stat = path.stat()
            whole.update(f"{path} {stat.st_mtime_ns} {stat.st_size}\n".encode())
    return whole.hexdigest()[:16]


def copy(source, target):
    # Most of a database's log is empty, and stays so.
    subprocess.run(["cp", "-a", "--sparse=always", source, target], check=True)


def made(program, recipe):
    """The kept folder; who comes second waits until the first has made it."""
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = KEPT / f"{recipe}-{digest(program)}"
    begin, command = RECIPES[recipe]
    before = made(program, begin) if begin else None
    with open(KEPT / f"{recipe}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if kept.exists():
            return kept
        for old in KEPT.glob(f"{recipe}-*"):
            shutil.rmtree(old)
        filled, sparse = KEPT / f"{recipe}-filled", KEPT / f"{recipe}-sparse"
        if before:
            copy(before, filled)
        subprocess.run([program, *command, "--data-dir", filled], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        copy(filled, sparse)
        shutil.rmtree(filled)
        os.rename(sparse, kept)
    return kept


def put(program, recipe, folder):
    copy(made(Path(program).resolve(), recipe), folder)


@contextlib.contextmanager
def open_data_folder(program, folder):
    """A service on the data folder: commands are its database's guests meanwhile, and start none of their own."""
    service = subprocess.Popen([program, "serve", "--port", "0", "--data-dir", folder], stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True)
    try:
        heard = ""
        for line in service.stderr:
            heard += line
            if " door is at " in line:
                break
        else:
            raise SystemExit(f"no service on {folder}: {heard}")
        threading.Thread(target=service.stderr.read, daemon=True).start()
        yield
    finally:
        service.terminate()
        if service.wait() != 0:
            raise SystemExit(f"the service on {folder} ended with {service.returncode}")


if __name__ == "__main__":
    put(sys.argv[1], sys.argv[2], sys.argv[3])
