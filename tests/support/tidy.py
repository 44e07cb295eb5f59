#!/usr/bin/env python3
"""clang-tidy over files of services/, given a line each: tidy.py < FILES, after cmake --preset alone.

Up to a dozen files of a room are read as one, put after each other: headers, which are most of what each file reads,
are read once for all, and what is found is told with the place where it stands. The analyzer follows fewer paths of a
function than it would by itself (max-nodes): it took two thirds of all time.
"""
import json, os, re, subprocess, sys
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

TOGETHER = 12
PLACE = Path("build/tidy")
TREE = Path.cwd()
COMMANDS = {Path(one["file"]).resolve(): one for one in json.loads(Path("build/alone/compile_commands.json").read_text())}
# Options that g++ alone knows; fewer paths for the analyzer.
EXTRA = ["-Wno-unknown-warning-option", "-Wno-unused-command-line-argument", "-Xclang", "-analyzer-config", "-Xclang", "max-nodes=50000"]


def batches(files):
    for _, room in groupby(sorted(files), key=lambda path: path.parts[1]):
        room = list(room)
        # as even as can be
        count = -(-len(room) // TOGETHER)
        yield from (room[index::count] for index in range(count))


def look(name, files):
    """What clang-tidy says of some files of one room; nothing where all is well."""
    lines, starts = [], []
    for path in files:
        starts.append((len(lines), path))
        lines += path.read_text().split("\n")
    together = PLACE / f"{name}.cpp"
    together.write_text("\n".join(lines))
    known = COMMANDS[files[0].resolve()]
    command = dict(known, file=str(TREE / together), command=known["command"].replace(known["file"], str(TREE / together)))
    folder = PLACE / name
    folder.mkdir(exist_ok=True)
    (folder / "compile_commands.json").write_text(json.dumps([command]))
    done = subprocess.run(["clang-tidy", "--quiet", "-p", folder, f"--config-file={Path('.clang-tidy').resolve()}",
                           *(f"--extra-arg={one}" for one in EXTRA), together], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def where(match):
        start, path = next((s, p) for s, p in reversed(starts) if s < int(match[1]))
        return f"{path}:{int(match[1]) - start}"
    said = re.sub(re.escape(str(TREE / together)) + r":(\d+)", where, done.stdout)
    said = re.sub(r"\S*/build/alone/rooms/\w+/", "services/", said)
    return said or (done.stderr or f"clang-tidy ended with {done.returncode}" if done.returncode != 0 else "")


PLACE.mkdir(parents=True, exist_ok=True)
wanted = [(f"{batch[0].parts[1]}_{number}", batch) for number, batch in enumerate(batches(Path(line.strip()) for line in sys.stdin if line.strip()))]
with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as at_once:
    said = [one for one in at_once.map(lambda batch: look(*batch), wanted) if one.strip()]
print("\n".join(said), end="")
sys.exit(1 if said else 0)
