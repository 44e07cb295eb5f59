#!/usr/bin/env python3
"""Where the time of a test run goes.

times.py calibrate FILE        compiles tests/support/calibration.cpp and adds to FILE what it took
times.py report LOGS …         prints each suite's count and seconds and the slowest files of the build, writes
                               LOGS/times.json, and fails where a suite failed, did not run, or takes a third longer
                               than tests/times.json says
times.py keep LOGS             takes the times of this run as those of tests/times.json

tests/times.json holds, for each suite, its seconds divided by the seconds of the calibration on the same machine at
the same time: so a slow machine, or a busy one, is not a slow suite. A suite of ctest is the sum of its entries. The
calibration compiles the file once for each processor, all at the same time, because that is how a run uses them. It is
done before the build, after it and at the end; the build is held against the slower of the first two, the suites
against the slower of the last two. Less than ten seconds more than expected is not judged: that is the noise of a
machine. The build is judged when it began from nothing and nothing came from a cache.
"""
import argparse, json, math, os, re, subprocess, sys, time
from pathlib import Path
from xml.etree import ElementTree

SOURCE = Path(__file__).resolve().parents[2]
KEPT = SOURCE / "tests/times.json"
LONGER = 4 / 3
NOISE = 10
LAST_LINES = 60
COUNTS = (r"^count: (\d+)$", r"\[  PASSED  \] (\d+) tests?\.", r"^Ran (\d+) tests? in", r"^# pass (\d+)", r"(\d+) comparisons")


def calibrate():
    """Seconds to compile the fixed file on every processor at once."""
    command = ["g++", "-std=c++20", "-O0", "-c", SOURCE / "tests/support/calibration.cpp", "-o", "/dev/null"]
    since = time.monotonic()
    for compiler in [subprocess.Popen(command) for _ in os.sched_getaffinity(0)]:
        if compiler.wait():
            sys.exit("tests/support/calibration.cpp does not compile")
    return round(time.monotonic() - since, 2)


def calibrations(logs):
    """Of this run, in the order they were made: when, and seconds."""
    return [json.loads(line) for line in (logs / "calibration.jsonl").read_text().splitlines()]


def phases(logs):
    """Name, seconds and exit status of what tests/run did one after another."""
    path = logs / "phases.tsv"
    lines = [line.split("\t") for line in path.read_text().splitlines()] if path.exists() else []
    return {name: {"seconds": int(thousandths) / 1000, "status": int(status)} for name, thousandths, status in lines}


def count_of(output):
    return sum(int(number) for pattern in COUNTS for number in re.findall(pattern, output or "", re.M))


def labels():
    shown = subprocess.run(["ctest", "--test-dir", SOURCE / "build/dev", "--show-only=json-v1"], capture_output=True, text=True)
    tests = json.loads(shown.stdout)["tests"] if shown.returncode == 0 else []
    return {t["name"]: next((p["value"][0] for p in t["properties"] if p["name"] == "LABELS"), "") for t in tests}


def entries(logs):
    """What ctest ran: its suite, seconds, how it ended, what it printed."""
    path = logs / "tests.xml"
    if not path.exists():
        return
    suite_of = labels()
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        output = case.findtext("system-out") or ""
        # An entry that could not be started is called skipped as well, for another reason.
        skip = case.find("skipped")
        skipped = skip is not None and skip.get("message", "").startswith("SKIP_RETURN_CODE")
        yield {"name": case.get("name"), "suite": suite_of.get(case.get("name"), ""), "seconds": float(case.get("time")),
               "failed": case.get("status") != "run" and not skipped, "skipped": skipped, "output": output}


def compiled(folder, since):
    """What was compiled in this run, the longest first, and whether that is all there is: each file, or the dozen of a
    room's, with its seconds."""
    log = SOURCE / folder / ".ninja_log"
    took, is_whole = {}, True
    for line in log.read_text().splitlines()[1:] if log.exists() else []:
        begin, end, written, output, _ = line.split("\t")
        if not output.endswith(".o"):
            continue
        if int(written) < since * 1e9:
            is_whole = False
            continue
        dozen = re.sub(r"(?:^|.*/)CMakeFiles/([^/]*)\.dir/Unity/(unity_\d+)_cxx\.cxx\.o$", r"\1/\2", output)
        took[re.sub(r"(?:^|.*/)CMakeFiles/[^/]*\.dir/|\.o$", "", dozen)] = (int(end) - int(begin)) / 1000
    return sorted(took.items(), key=lambda one: -one[1]), is_whole


def report(logs, suites, judged):
    measured = calibrations(logs)
    done = phases(logs)
    found = {suite: {"seconds": 0.0, "count": 0, "failed": [], "skipped": []} for suite in suites}
    for entry in entries(logs):
        suite = found.get(entry["suite"])
        if suite is None:
            continue
        suite["seconds"] += entry["seconds"]
        suite["count"] += count_of(entry["output"])
        if entry["failed"]:
            suite["failed"].append(entry["name"])
            print(f"{entry['name']} said, at its end:")
            print("\n".join(entry["output"].splitlines()[-LAST_LINES:]))
        if entry["skipped"]:
            suite["skipped"].append(entry["output"].strip().splitlines()[0] if entry["output"].strip() else "skipped")
    for name, phase in done.items():
        if name in found:
            output = (logs / f"{name}.log").read_text(errors="replace")
            found[name] = {"seconds": phase["seconds"], "count": count_of(output), "skipped": [],
                           "failed": [name] if phase["status"] else []}
    failed = passed = skipped = 0
    for suite, one in found.items():
        nothing = one["count"] == 0 and not one["skipped"] and suite != "tidy"
        if one["failed"] or nothing:
            failed += len(one["failed"]) or 1
            print(f"{suite:12} FAILED: {', '.join(one['failed']) or 'nothing ran'}")
        elif one["skipped"] and one["count"] == 0:
            skipped += 1
            print(f"{suite:12} skipped: {one['skipped'][0]}")
        else:
            print(f"{suite:12} {one['count']:5d} passed {one['seconds']:7.1f} s")
        passed += one["count"]
    files, is_whole = compiled("build/dev", measured[0]["at"])
    files = files[:20]
    if files:
        print("slowest files of the build, in seconds: " + ", ".join(f"{name} {seconds:.0f}" for name, seconds in files))
    times = {"calibration": [one["seconds"] for one in measured], "phases": {name: round(p["seconds"], 1) for name, p in done.items()},
             "suites": {name: round(one["seconds"], 1) for name, one in found.items()},
             "built_whole": is_whole, "files": dict(files)}
    (logs / "times.json").write_text(json.dumps(times, indent=1) + "\n")
    slow = list(too_slow(times)) if judged and not failed else []
    for line in slow:
        print(line)
    print(f"{passed} passed, {failed + len(slow)} failed, {skipped} skipped")
    return 1 if failed or slow else 0


def judged_times(times):
    """Of suites, and of the build where all of it was built. How long tidy takes follows what changed."""
    whole = {name: seconds for name, seconds in times["suites"].items() if name != "tidy"}
    # What comes from a compiler's cache takes less than the calibration.
    if times["phases"].get("build") and times["built_whole"] and sum(times["files"].values()) > 20 * unit_of("build", times):
        whole["build"] = times["phases"]["build"]
    return whole


def unit_of(name, times):
    """The seconds of the calibration that a time is held against."""
    return max(times["calibration"][:2] if name == "build" else times["calibration"][-2:])


def too_slow(times):
    kept = json.loads(KEPT.read_text())["suites"] if KEPT.exists() else {}
    for name, seconds in judged_times(times).items():
        expected = kept.get(name, math.inf) * unit_of(name, times)
        if seconds > max(expected * LONGER, expected + NOISE):
            yield (f"{name} took {seconds:.0f} s where tests/times.json leads to expect {expected:.0f} s on this machine. Make it "
                   "faster, or say in a commit why it must take longer (python3 tests/support/times.py keep build/log).")


def keep(logs):
    times = json.loads((logs / "times.json").read_text())
    kept = json.loads(KEPT.read_text())["suites"] if KEPT.exists() else {}
    kept |= {name: round(seconds / unit_of(name, times), 1) for name, seconds in judged_times(times).items()}
    how = "Seconds of each suite divided by those of compiling tests/support/calibration.cpp on each processor: tests/support/times.py"
    KEPT.write_text(json.dumps({"how": how, "suites": dict(sorted(kept.items()))}, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=("calibrate", "report", "keep"))
    parser.add_argument("place", type=Path)
    parser.add_argument("--suites", default="")
    parser.add_argument("--judged", default="yes")
    asked = parser.parse_args()
    if asked.verb == "calibrate":
        at = time.time()
        with asked.place.open("a") as file:
            file.write(json.dumps({"at": at, "seconds": calibrate()}) + "\n")
    elif asked.verb == "report":
        sys.exit(report(asked.place, asked.suites.split(), asked.judged == "yes"))
    else:
        keep(asked.place)


if __name__ == "__main__":
    main()
