#!/usr/bin/env python3
"""The executable against the independent oracle: every seed, clean and messy, all four quarters of 2025-26.

oracle.py PLUMBLINE ORACLE_FOLDER [SEED ...]
Each authority of one database takes one seed and kind; the faulty folder must be refused at exactly the places
that the oracle lists.
"""
import json, subprocess, sys, tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import prepared

PROGRAM, ORACLE = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
if not ORACLE.is_dir():
    print("the oracle is not beside this checkout")
    sys.exit(77)
SEEDS = [int(s) for s in sys.argv[3:]] or list(range(1, 11))
QUARTERS = [f"2025-26 Q{n}" for n in (1, 2, 3, 4)]
problems = []


def run(*words, expect=0):
    done = subprocess.run([PROGRAM, *words, "--data-dir", DATA], capture_output=True, text=True)
    if done.returncode != expect:
        raise SystemExit(f"{' '.join(map(str, words))}: exit {done.returncode}, not {expect}\n{done.stderr[-2000:]}")
    return done.stdout


def differences(ours, theirs, place=""):
    """Equal counts, and values within 1e-9."""
    if isinstance(theirs, dict):
        if not isinstance(ours, dict) or set(ours) != set(theirs):
            yield f"{place}: {sorted(ours)} is not {sorted(theirs)}"
            return
        for key in theirs:
            yield from differences(ours[key], theirs[key], f"{place}/{key}")
    elif isinstance(theirs, list):
        if len(ours) != len(theirs):
            yield f"{place}: {len(ours)} entries, not {len(theirs)}"
            return
        for i, (a, b) in enumerate(zip(ours, theirs)):
            yield from differences(a, b, f"{place}/{i}")
    elif isinstance(theirs, float) and isinstance(ours, (int, float)):
        if abs(ours - theirs) > 1e-9:
            yield f"{place}: {ours} is not {theirs}"
    elif ours != theirs:
        yield f"{place}: {ours!r} is not {theirs!r}"


def check(claim, found):
    if found:
        problems.append(f"{claim}: {found[:5]}")


def main():
    authorities = [f"E0600000{n}" for n in range(1, 10)] + [f"E060000{n}" for n in range(10, 43) if n not in (28, 29)]
    for seed in SEEDS:
        intake = Path(TEMP) / f"intake-{seed}"
        subprocess.run([sys.executable, ORACLE / "make_intake.py", intake, "--seed", str(seed)], check=True,
                       capture_output=True)
        wanted = json.loads((intake / "faulty/problems.json").read_text())
        used = [authorities.pop(0), authorities.pop(0)]
        refusal = json.loads(run("import", intake / "faulty", "--authority", used[0], "--json", expect=1))
        got = sorted((p["file"], p["row"], p["column"]) for p in refusal["problems"])
        if got != sorted((p["file"], p["row"], p["column"]) for p in wanted):
            problems.append(f"seed {seed} faulty: {got}")
        for kind, authority in zip(("clean", "messy"), used):
            first = json.loads(run("import", intake / kind, "--authority", authority, "--json"))
            if first["created"] != first["rows"]:
                problems.append(f"seed {seed} {kind}: the refused import left something behind: {first}")
            again = json.loads(run("import", intake / "messy", "--authority", authority, "--json"))
            if again["created"] or again["changed"]:
                problems.append(f"seed {seed} {kind}: importing again changed {again}")
            for quarter in QUARTERS:
                theirs = json.loads(subprocess.run(
                    [sys.executable, ORACLE / "figures.py", intake / "clean", "--quarter", quarter], check=True,
                    capture_output=True, text=True).stdout)
                ours = json.loads(run("results", "--authority", authority, "--quarter", quarter, "--json"))
                check(f"seed {seed} {kind} {quarter}", list(differences(ours, theirs)))
    different = json.loads(run("recompute", "--verify", "--all", "--json"))["different"]
    check("kept figures against a fresh computation", different)
    for problem in problems:
        print(problem)
    print(f"oracle: {len(SEEDS)} seeds, {len(SEEDS) * 2 * len(QUARTERS)} comparisons, {len(problems)} problems")
    return 1 if problems else 0


with tempfile.TemporaryDirectory() as TEMP:
    DATA = str(Path(TEMP) / "data")
    prepared.put(PROGRAM, "migrated", DATA)
    with prepared.open_data_folder(PROGRAM, DATA):
        run("catalogue", "load", ORACLE / "catalogue/guides.json", ORACLE / "catalogue/interventions.json")
        code = main()
sys.exit(code)
