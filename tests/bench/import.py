#!/usr/bin/env python3
"""Import of one large session file against LOAD DATA LOCAL of the same rows. import.py PLUMBLINE SOURCE ROWS"""
import csv, json, os, re, resource, shutil, subprocess, sys, tempfile, time
from datetime import date, timedelta
from pathlib import Path

PROGRAM, SOURCE, ROWS = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), int(sys.argv[3])
CATALOGUE = [SOURCE / "tests/data/catalogue/guides.json", SOURCE / "tests/data/catalogue/interventions.json"]
PER_EPISODE = 12


def write(path, header, rows):
    with path.open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header.split(","))
        out.writerows(rows)


def make(folder):
    """Forty services of ten practitioners, then an episode for every twelve sessions."""
    base, sessions = folder / "base", folder / "sessions"
    base.mkdir(), sessions.mkdir()
    services = [f"S{n:03}" for n in range(40)]
    write(base / "services.csv", "service_ref,intervention,name,provider,stage,started_on,ended_on,capacity_per_year",
          [[s, "kinship-navigator", f"Service {s}", "In-house", "full", "2024-04-01", "", 100] for s in services])
    write(base / "practitioners.csv", "practitioner_ref,service_ref,role,trained_on,accredited_until",
          [[f"{s}-P{p}", s, "navigator", "2024-04-01", "2027-03-31"] for s in services for p in range(10)])
    episodes = ROWS // PER_EPISODE + 1
    first = date(2025, 4, 1)
    days = [(first + timedelta(days=n)).isoformat() for n in range(400)]
    write(base / "episodes.csv", "episode_ref,service_ref,child_ref,age_band,sex,ethnic_group,disabled,need,referred_on,offered_on,"
          "accepted_on,started_on,ended_on,end_reason",
          ([f"E{e:07}", services[e % 40], f"C{e:07}", "5-9", "female", "White", "no", "stability", days[e % 250], days[e % 250], days[e % 250],
            days[e % 250], "", ""] for e in range(episodes)))
    write(sessions / "sessions.csv", "session_ref,episode_ref,practitioner_ref,held_on,status,minutes,mode",
          ([f"E{n // PER_EPISODE:07}-{n % PER_EPISODE:02}", f"E{n // PER_EPISODE:07}", f"{services[n // PER_EPISODE % 40]}-P{n % 10}",
            days[n // PER_EPISODE % 250 + 7 * (n % PER_EPISODE)], "held", 60, "home"] for n in range(ROWS)))
    return base, sessions


def plumbline(*words):
    """Seconds, peak memory of the program itself in MB, and what it printed."""
    started = time.monotonic()
    child = subprocess.Popen([PROGRAM, *map(str, words), "--data-dir", DATA], stdout=subprocess.PIPE, text=True)
    peak = 0
    while child.poll() is None:
        try:
            found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{child.pid}/status").read_text())
            peak = max(peak, int(found[1]) if found else 0)
        except (FileNotFoundError, ProcessLookupError):
            pass
        time.sleep(0.05)
    if child.returncode:
        raise SystemExit(f"{words}: exit {child.returncode}")
    return time.monotonic() - started, peak / 1024, child.stdout.read()


def load_data(file):
    """The same rows by LOAD DATA LOCAL, into a table like session: references in place of ids, same number of indexes."""
    folder = Path(TEMP) / "plain"
    folder.mkdir()
    subprocess.run(["mariadb-install-db", "--no-defaults", f"--datadir={folder}/files", "--auth-root-authentication-method=normal",
                    "--skip-test-db", "--cross-bootstrap", f"--user={os.environ.get('USER', 'root')}"], check=True, capture_output=True)
    settings = Path(DATA, "database/my.cnf").read_text().replace("local_infile = OFF", "local_infile = ON")
    (folder / "my.cnf").write_text(settings)
    server = subprocess.Popen(["mariadbd", f"--defaults-file={folder}/my.cnf", f"--datadir={folder}/files", f"--socket={folder}/s", f"--log-error={folder}/log",
                               f"--pid-file={folder}/pid", f"--user={os.environ.get('USER', 'root')}"])
    client = ["mariadb", "--no-defaults", "--local-infile=1", "-u", "root", "-S", f"{folder}/s"]
    while subprocess.run([*client, "-e", "SELECT 1"], capture_output=True).returncode:
        time.sleep(0.05)
    subprocess.run([*client, "-e", "CREATE DATABASE b; CREATE TABLE b.session (reference VARCHAR(60) NOT NULL, episode VARCHAR(60) NOT NULL, practitioner "
                    "VARCHAR(60) NOT NULL, held_on DATE NOT NULL, status ENUM('held','missed','cancelled') NOT NULL, minutes SMALLINT UNSIGNED, mode VARCHAR(20), "
                    "PRIMARY KEY (episode, reference), UNIQUE KEY (reference), KEY (practitioner)) WITH SYSTEM VERSIONING"], check=True)
    started = time.monotonic()
    subprocess.run([*client, "-e", f"LOAD DATA LOCAL INFILE '{file}' INTO TABLE b.session FIELDS TERMINATED BY ',' IGNORE 1 LINES "
                    "(reference, episode, practitioner, held_on, status, minutes, mode)"], check=True)
    took = time.monotonic() - started
    server.terminate()
    server.wait()
    return took


with tempfile.TemporaryDirectory(prefix="plumbline-bench-") as TEMP:
    DATA = f"{TEMP}/data"
    base, sessions = make(Path(TEMP))
    plumbline("create")
    plumbline("catalogue", "load", *CATALOGUE)
    base_took, base_peak, base_report = plumbline("import", base, "--authority", "E06000001", "--json")
    base_rows = json.loads(base_report)["rows"]
    took, peak, report = plumbline("import", sessions, "--authority", "E06000001", "--json")
    timing = json.loads(report)
    again_took, again_peak, again = plumbline("import", sessions, "--authority", "E06000001", "--json")
    assert json.loads(again)["unchanged"] == ROWS
    plain = load_data(sessions / "sessions.csv")
    speed = ROWS / timing["seconds"]
    print(f"{'what':44}{'rows':>10}{'seconds':>9}{'rows/s':>10}{'peak MB':>9}")
    for what, rows, seconds, memory in (
            ("import of services and episodes", base_rows, json.loads(base_report)["seconds"], base_peak),
            ("import of new sessions", ROWS, timing["seconds"], peak),
            ("import of the same sessions again", ROWS, json.loads(again)["seconds"], again_peak),
            ("LOAD DATA LOCAL of the same file", ROWS, plain, 0)):
        print(f"{what:44}{rows:>10,}{seconds:>9.2f}{rows / seconds:>10,.0f}{f'{memory:,.0f}' if memory else '':>9}")
    print(f"import takes {timing['seconds'] / plain:.2f} times as long as LOAD DATA LOCAL; the whole command, with start, figures and stop: {took:.2f} s")
