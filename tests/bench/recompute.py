#!/usr/bin/env python3
"""Full recompute against the same figures by SQL. recompute.py PLUMBLINE SOURCE [SHARE ... | small]

For each share of the national demonstration set, or for the small set: a full recompute from the kept columns and one
from the records, with the program's own peak memory; for the last, the same figures by MariaDB (GROUP BY, on the same
rows) and by DuckDB (loading the same rows from CSV), with the answers of all three compared; then item scores, and how
soon a written record is in the figures while others are written.
"""
import atexit, json, math, os, re, statistics, subprocess, sys, tempfile, threading, time
from pathlib import Path

PROGRAM, SOURCE = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
SHARES = sys.argv[3:] or ["0.0625", "0.25", "1.0"]
IS_SMALL = SHARES == ["small"]
CORES = os.cpu_count() or 1
# Ours counts quarters from 1900-01 Q1, which began in April 1900.
QUARTER_OFFSET = 7602
QUARTER = "(YEAR({0})*4+QUARTER({0})-%d)" % QUARTER_OFFSET


class House:
    """One data folder with its database running, so that every command finds it warm."""

    def __init__(self, folder):
        self.folder = str(folder)

    def start(self):
        self.server = subprocess.Popen([PROGRAM, "serve", "authority", "--port", "0", "--data-dir", self.folder],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        atexit.register(self.server.terminate)
        while "Plumbline is at" not in self.server.stderr.readline():
            if self.server.poll() is not None:
                raise SystemExit("the service did not start")
        threading.Thread(target=self.server.stderr.read, daemon=True).start()

    def stop(self):
        self.server.terminate()
        self.server.wait()

    def demonstrate(self, share, seed):
        self.run("create")
        self.run("demo", *([] if IS_SMALL else ["--scale", "national", "--share", share, "--seed", seed]))

    def run(self, *words):
        """What it said on standard error, and its peak memory in MB."""
        child = subprocess.Popen([PROGRAM, *words, "--data-dir", self.folder], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        peak = 0
        while child.poll() is None:
            try:
                found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{child.pid}/status").read_text())
                peak = max(peak, int(found[1]) if found else 0)
            except (FileNotFoundError, ProcessLookupError):
                pass
            time.sleep(0.02)
        said = child.stderr.read()
        if child.returncode:
            raise SystemExit(f"{words}: exit {child.returncode}\n{said}")
        return said, peak / 1024

    def recompute(self, *more):
        said, peak = self.run("recompute", "--all", *more)
        return float(re.search(r"computed in ([0-9.]+) s", said)[1]), peak

    def sql(self, text, *options):
        done = subprocess.run(["mariadb", "--no-defaults", "-S", f"{self.folder}/database/mariadb.sock", "-u", os.environ.get("USER", "root"), "-N", "-B", *options,
                               "plumbline"], input=text, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stderr[:2000])
        return [line.split("\t") for line in done.stdout.splitlines()]


def catalogue():
    files = [SOURCE / "schema/guidance/interventions.json", SOURCE / "schema/reference/instruments.json"]
    merged = {}
    for file in files:
        for kind, entries in json.loads(file.read_text()).items():
            if isinstance(entries, list):
                merged.setdefault(kind, []).extend(entries)
    return merged


def parameter_tables():
    """What the definitions compare with, as two tables for SQL."""
    known = catalogue()
    rows = [(i["id"], i["dose"]["expected_sessions"], math.ceil(i["dose"]["minimum_share"] * i["dose"]["expected_sessions"] - 1e-9),
             i["start_within_days"], i["supervision_within_days"], i["fidelity"]["threshold"]) for i in known["interventions"]]
    items = [(c["id"], c["version"], place + 1, item["max"], int(item["required"])) for c in known["checklists"] for place, item in enumerate(c["items"])]
    scales = [(i["id"], 1.96 * i["sd"] * math.sqrt(2 * (1 - i["reliability"])), -1 if i["better"] == "lower" else 1) for i in known["instruments"]]
    uses = [(i["id"], s) for i in known["interventions"] for s in i["instruments"]]
    text = lambda value: f"'{value}'" if isinstance(value, str) else repr(value)
    values = lambda rows: ",".join("(" + ",".join(map(text, row)) + ")" for row in rows)
    return {"p": ("id VARCHAR(60), expected INT, fewest INT, starts INT, supervises INT, threshold DOUBLE", values(rows)),
            "item": ("checklist VARCHAR(60), version INT, place INT, most INT, required INT", values(items)),
            "scale": ("id VARCHAR(60), reliable DOUBLE, sign INT", values(scales)),
            "uses": ("intervention VARCHAR(60), instrument VARCHAR(60)", values(uses))}


def queries(days, last_day, score):
    """Each gives measure, numerator, denominator and a checksum over services and quarters. The same text for both."""
    q = QUARTER.format
    of = lambda n, d, k, body: f"SELECT SUM(n), SUM(d), SUM(n*k) FROM (SELECT s, k, {n} AS n, {d} AS d FROM ({body}) b GROUP BY s, k) c" if k is None else \
        f"SELECT SUM(n), SUM(d), SUM(n*k) FROM (SELECT e.service_id AS s, {k} AS k, {n} AS n, {d} AS d FROM {body} GROUP BY 1, 2) c"
    episodes = "episode e JOIN service v ON v.id=e.service_id JOIN p ON p.id=v.intervention"
    held = episodes + " LEFT JOIN (SELECT episode_id, COUNT(*) AS held FROM session WHERE status='held' GROUP BY episode_id) h ON h.episode_id=e.id"
    ended = held + " WHERE e.ended_on IS NOT NULL AND e.started_on IS NOT NULL"
    delivering = (f"SELECT DISTINCT e.service_id AS s, {q('x.held_on')} AS k, x.practitioner_id AS w FROM session x JOIN episode e ON e.id=x.episode_id "
                  "WHERE x.status='held'")
    staff = f"({delivering}) t JOIN practitioner w ON w.id=t.w JOIN service v ON v.id=t.s JOIN p ON p.id=v.intervention"
    complete = f"({score}) r JOIN service v ON v.id=r.service_id JOIN p ON p.id=v.intervention WHERE r.missing=0 AND r.possible>0"
    people = lambda n, more="": f"SELECT SUM(n), SUM(d), SUM(n*k) FROM (SELECT t.s, t.k, {n} AS n, COUNT(*) AS d FROM {staff} {more} GROUP BY t.s, t.k) c"
    found = {name: of("COUNT(*)", "0", q(f"e.{name}_on"), f"{episodes} WHERE e.{name}_on IS NOT NULL")
             for name in ("referred", "offered", "accepted", "started", "ended")}
    found["completed"] = of("COUNT(*)", "0", q("e.ended_on"), f"{episodes} WHERE e.ended_on IS NOT NULL AND e.end_reason='completed'")
    found["offered_of_referred"] = of("COUNT(e.offered_on)", "COUNT(*)", q("e.referred_on"), episodes)
    found["started_of_referred"] = of("COUNT(e.started_on)", "COUNT(*)", q("e.referred_on"), episodes)
    found["start_timeliness"] = of(f"SUM(CASE WHEN {days('e.referred_on', 'e.started_on')}<=p.starts THEN 1 ELSE 0 END)", "COUNT(*)", q("e.started_on"),
                                   f"{episodes} WHERE e.started_on IS NOT NULL")
    found["dose"] = of("SUM(LEAST(COALESCE(h.held,0),p.expected))", "SUM(p.expected)", q("e.ended_on"), ended)
    found["completers"] = of("SUM(CASE WHEN COALESCE(h.held,0)>=p.fewest THEN 1 ELSE 0 END)", "COUNT(*)", q("e.ended_on"), ended)
    found["fidelity"] = (f"SELECT SUM(n), SUM(d), SUM(n*k) FROM (SELECT r.service_id AS s, {q('r.reviewed_on')} AS k, "
                         f"SUM(CASE WHEN r.points>=p.threshold*r.possible-0.000000001 THEN 1 ELSE 0 END) AS n, COUNT(*) AS d FROM {complete} GROUP BY 1, 2) c")
    seen = f"SELECT DISTINCT r.service_id AS s, {q('r.reviewed_on')} AS k, r.practitioner_id AS w FROM {complete}"
    found["review_coverage"] = people("COUNT(z.w)", f"LEFT JOIN ({seen}) z ON z.s=t.s AND z.k=t.k AND z.w=t.w")
    found["trained"] = people(f"SUM(CASE WHEN w.trained_on<={last_day('t.k')} THEN 1 ELSE 0 END)")
    found["accredited"] = people(f"SUM(CASE WHEN w.accredited_until>={last_day('t.k')} THEN 1 ELSE 0 END)")
    found["supervised"] = people(f"SUM(CASE WHEN EXISTS (SELECT 1 FROM supervision y WHERE y.practitioner_id=t.w AND y.held_on<={last_day('t.k')} AND "
                                 f"{days('y.held_on', last_day('t.k'))}<p.supervises) THEN 1 ELSE 0 END)")
    pairs = ("SELECT b.s, b.instrument, b.after_on, b.after_value-a.value AS change_ FROM "
             "(SELECT e.service_id AS s, o.episode_id, o.instrument, o.respondent, o.scored_on AS after_on, o.value AS after_value, ROW_NUMBER() OVER "
             "(PARTITION BY o.episode_id, o.instrument, o.respondent ORDER BY o.scored_on DESC) AS place FROM outcome_score o JOIN episode e ON e.id=o.episode_id "
             "WHERE o.time_point='after') b JOIN (SELECT episode_id, instrument, respondent, value, ROW_NUMBER() OVER "
             "(PARTITION BY episode_id, instrument, respondent ORDER BY scored_on) AS place FROM outcome_score WHERE time_point='before') a "
             "ON a.episode_id=b.episode_id AND a.instrument=b.instrument AND a.respondent=b.respondent AND a.place=1 WHERE b.place=1")
    found["outcome_improved"] = (f"SELECT SUM(n), SUM(d), SUM(n*k) FROM (SELECT b.s, {q('b.after_on')} AS k, SUM(CASE WHEN x.sign*b.change_>x.reliable THEN 1 ELSE 0 END) "
                                 f"AS n, COUNT(*) AS d FROM ({pairs}) b JOIN scale x ON x.id=b.instrument JOIN service v ON v.id=b.s JOIN uses u ON "
                                 "u.intervention=v.intervention AND u.instrument=b.instrument GROUP BY b.s, 2) c")
    return found


def whole(row):
    return tuple(int(float(value)) if value not in (None, "NULL") else 0 for value in row)


def kept_answers(house):
    rows = house.sql("SELECT SUBSTRING_INDEX(measure,':',1), SUM(numerator), SUM(denominator), SUM(numerator*quarter) FROM service_figure GROUP BY 1;")
    return {row[0]: whole(row[1:]) for row in rows}


def by_mariadb(house):
    tables = parameter_tables()
    setup = "".join(f"CREATE TEMPORARY TABLE {name} ({columns}); INSERT INTO {name} VALUES {rows};" for name, (columns, rows) in tables.items())
    # A temporary table can be named only once in a query, so what is used again is a plain one.
    setup = setup.replace("CREATE TEMPORARY TABLE", "CREATE OR REPLACE TABLE")
    house.sql(setup)
    score = ("SELECT review.id, review.service_id, review.practitioner_id, review.reviewed_on, SUM(IF(ORD(SUBSTRING(scores,place,1))<=200,ORD(SUBSTRING(scores,place,1)),0)) "
             "AS points, SUM(IF(ORD(SUBSTRING(scores,place,1))<=200,most,0)) AS possible, SUM(ORD(SUBSTRING(scores,place,1))=255 AND required) AS missing FROM review "
             "JOIN item ON item.checklist=review.checklist AND item.version=review.checklist_version GROUP BY review.id, review.service_id, review.practitioner_id, review.reviewed_on")
    texts = queries(lambda a, b: f"DATEDIFF({b},{a})",
                    lambda k: f"LAST_DAY(MAKEDATE(1900+FLOOR(({k}+{QUARTER_OFFSET}-1)/4)-1900,1)+INTERVAL ((({k}+{QUARTER_OFFSET}-1) MOD 4)*3+2) MONTH)", score)
    answers = {}
    began = time.monotonic()
    for name, text in texts.items():
        answers[name] = whole(house.sql(text + ";")[0])
    took = time.monotonic() - began
    house.sql("".join(f"DROP TABLE {name};" for name in tables))
    return took, answers


def by_duckdb(house, folder):
    exports = {"service": "SELECT HEX(id), intervention FROM service",
               "episode": "SELECT HEX(id), HEX(service_id), referred_on, offered_on, accepted_on, started_on, ended_on, end_reason FROM episode",
               "session": "SELECT HEX(episode_id), HEX(practitioner_id), held_on, status+0 FROM session",
               "review": "SELECT HEX(id), HEX(service_id), HEX(practitioner_id), reviewed_on, checklist, checklist_version FROM review",
               "review_item": "SELECT HEX(review_id), position, score FROM review_item",
               "practitioner": "SELECT HEX(id), trained_on, accredited_until FROM practitioner",
               "supervision": "SELECT HEX(practitioner_id), held_on FROM supervision",
               "outcome_score": "SELECT HEX(episode_id), instrument, respondent, time_point, scored_on, value FROM outcome_score"}
    columns = {"service": "id VARCHAR, intervention VARCHAR",
               "episode": "id VARCHAR, service_id VARCHAR, referred_on DATE, offered_on DATE, accepted_on DATE, started_on DATE, ended_on DATE, end_reason VARCHAR",
               "session": "episode_id VARCHAR, practitioner_id VARCHAR, held_on DATE, status_ INT",
               "review": "id VARCHAR, service_id VARCHAR, practitioner_id VARCHAR, reviewed_on DATE, checklist VARCHAR, checklist_version INT",
               "review_item": "review_id VARCHAR, place INT, score INT", "practitioner": "id VARCHAR, trained_on DATE, accredited_until DATE",
               "supervision": "practitioner_id VARCHAR, held_on DATE",
               "outcome_score": "episode_id VARCHAR, instrument VARCHAR, respondent VARCHAR, time_point VARCHAR, scored_on DATE, value DOUBLE"}
    load = []
    for name, query in exports.items():
        path = f"{folder}/{name}.csv"
        with open(path, "w") as file:
            subprocess.run(["mariadb", "--no-defaults", "-S", f"{house.folder}/database/mariadb.sock", "-u", os.environ.get("USER", "root"), "-N", "-B", "--quick", "plumbline",
                            "-e", query], stdout=file, check=True)
        load += [f"CREATE TABLE {name} ({columns[name]})", f"COPY {name} FROM '{path}' (DELIMITER '\t', NULLSTR 'NULL', HEADER false)"]
    load.append("CREATE VIEW session_named AS SELECT *, CASE status_ WHEN 1 THEN 'held' ELSE 'other' END AS status FROM session")
    for name, (kinds, rows) in parameter_tables().items():
        load += [f"CREATE TABLE {name} ({kinds})", f"INSERT INTO {name} VALUES {rows}"]
    score = ("SELECT r.id, r.service_id, r.practitioner_id, r.reviewed_on, SUM(CASE WHEN i.score<=200 THEN i.score ELSE 0 END) AS points, SUM(CASE WHEN i.score<=200 THEN "
             "m.most ELSE 0 END) AS possible, SUM(CASE WHEN i.score=255 AND m.required=1 THEN 1 ELSE 0 END) AS missing FROM review r JOIN review_item i ON i.review_id=r.id "
             "JOIN item m ON m.checklist=r.checklist AND m.version=r.checklist_version AND m.place=i.place GROUP BY ALL")
    texts = queries(lambda a, b: f"datediff('day',{a},{b})",
                    lambda k: f"last_day(make_date(CAST(floor(({k}+{QUARTER_OFFSET}-1)/4) AS INT),CAST(({k}+{QUARTER_OFFSET}-1)%4*3+3 AS INT),1))", score)
    texts = {name: text.replace("FROM session WHERE", "FROM session_named WHERE").replace("FROM session x", "FROM session_named x") for name, text in texts.items()}
    job = Path(folder) / "job.json"
    job.write_text(json.dumps({"threads": CORES, "load": load, "queries": texts}))
    done = subprocess.run(["node", str(SOURCE / "tests/bench/duckdb.mjs"), str(job)], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr[:2000])
    found = json.loads(done.stdout)
    return found["load"], found["compute"], {name: whole(rows[0]) for name, rows in found["rows"].items()}


def touched(house, seconds=3 if IS_SMALL else 20, rate=50):
    """Seconds from a committed write until the new figures are there, while so many others are written a second."""
    house.worker = subprocess.Popen([PROGRAM, "work", "--data-dir", house.folder], stderr=subprocess.DEVNULL)
    ids = [row[0] for row in house.sql("SELECT HEX(service_id) FROM service_result GROUP BY service_id ORDER BY RAND(1) LIMIT 400;")]
    client = subprocess.Popen(["mariadb", "--no-defaults", "-S", f"{house.folder}/database/mariadb.sock", "-u", os.environ.get("USER", "root"), "-N", "-B", "--unbuffered",
                               "plumbline"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(text):
        client.stdin.write(text + " SELECT 'END';\n")
        client.stdin.flush()
        rows = []
        for line in client.stdout:
            if line.strip() == "END":
                return rows
            rows.append(line.strip())

    waits, waiting, place, written, began = [], {}, 0, 0, time.monotonic()
    while time.monotonic() - began < seconds or (waiting and time.monotonic() - began < seconds + 5):
        now = time.monotonic()
        while written < (now - began) * rate and now - began < seconds:
            service = ids[place % len(ids)]
            place, written = place + 1, written + 1
            if service in waiting:
                continue
            ask(f"START TRANSACTION; UPDATE episode SET need=IF(need='stability','behaviour','stability') WHERE service_id=UNHEX('{service}') LIMIT 1; INSERT INTO touched "
                f"(service_id) VALUES (UNHEX('{service}')) ON DUPLICATE KEY UPDATE generation=generation+1, has_new_records=TRUE; COMMIT;")
            waiting[service] = time.monotonic()
        if waiting:
            left = set(ask("SELECT HEX(service_id) FROM touched;"))
            for service in [one for one in waiting if one not in left]:
                waits.append(time.monotonic() - waiting.pop(service))
        time.sleep(0.002)
    client.stdin.close()
    client.wait()
    house.worker.terminate()
    house.worker.wait()
    waits.sort()
    return len(waits), statistics.median(waits), waits[int(len(waits) * 0.95)], len(waiting)


def item_scores(folder, reviews=3_060 if IS_SMALL else 3_060_000, items=12):
    """So many reviews of one checklist, put straight into the table; then one measure's worth of work."""
    house = House(folder)
    house.demonstrate("0.0625", "9")
    house.start()
    checklist = {"checklists": [{"id": "twelve", "version": 1, "items": [
        {"id": f"i{n}", "text": "An item", "dimension": "adherence", "max": 2, "required": n < 3} for n in range(items)]}]}
    path = Path(folder) / "twelve.json"
    path.write_text(json.dumps(checklist))
    house.run("catalogue", "load", str(path))
    house.sql("CREATE TEMPORARY TABLE one AS SELECT service.id AS service_id, service.authority_id, MIN(practitioner.id) AS practitioner_id, (SELECT session.reference FROM episode "
              "JOIN session ON session.episode_id=episode.id WHERE episode.service_id=service.id LIMIT 1) AS session_reference, ROW_NUMBER() OVER (ORDER BY service.id) AS place "
              "FROM service JOIN practitioner ON practitioner.service_id=service.id GROUP BY service.id, service.authority_id HAVING session_reference IS NOT NULL;"
              "SET foreign_key_checks=0; SET unique_checks=0; DELETE FROM review; INSERT INTO review (id, authority_id, service_id, session_reference, practitioner_id, reference, "
              "reviewer, reviewed_on, checklist, checklist_version, scores) SELECT UNHEX(LPAD(HEX(seq),32,'0')), authority_id, service_id, session_reference, practitioner_id, "
              "CONCAT('R',seq), 'observer', DATE('2024-04-01')+INTERVAL (seq MOD 900) DAY, 'twelve', 1, "
              f"CHAR({','.join(f'(seq*{7 + 2 * n}+{n}) MOD 3' for n in range(items))} USING binary) FROM seq_1_to_{reviews} JOIN one ON "
              "one.place=seq MOD (SELECT COUNT(*) FROM one AS all_ONES)+1;".replace("(SELECT COUNT(*) FROM one AS all_ONES)", "@n")
              .replace("SET foreign_key_checks", "SET @n=(SELECT COUNT(*) FROM one); SET foreign_key_checks"))
    from_records = house.recompute("--from-records")[0]
    again = house.recompute()[0]
    kept = house.sql("SELECT SUM(denominator) FROM service_figure WHERE measure='fidelity';")[0][0]
    house.stop()
    return from_records, again, int(float(kept)), reviews * items


def line(*cells):
    print("".join(f"{cell:>{width}}" if place else f"{cell:<{width}}" for place, (cell, width) in enumerate(zip(cells, (52, 12, 12, 12, 10)))), flush=True)


with tempfile.TemporaryDirectory(prefix="plumbline-bench-") as temp:
    line("full recompute", "sessions", "seconds", "rows/s", "peak MB")
    for share in SHARES:
        house = House(Path(temp) / f"share-{share}")
        began = time.monotonic()
        house.demonstrate(share, "5")
        made = time.monotonic() - began
        house.start()
        rows = int(house.sql("SELECT COUNT(*) FROM session;")[0][0])
        all_rows = sum(int(house.sql(f"SELECT COUNT(*) FROM {name};")[0][0]) for name in ("episode", "session", "review", "outcome_score", "supervision", "practitioner"))
        house.recompute()
        columns = [house.recompute() for _ in range(3)]
        seconds, peak = statistics.median(run[0] for run in columns), max(run[1] for run in columns)
        records, records_peak = house.recompute("--from-records")
        line(f"share {share}: made and imported", rows, f"{made:.1f}", f"{all_rows / made:,.0f}", "")
        line(f"share {share}: from the kept columns (median of 3)", rows, f"{seconds:.2f}", f"{all_rows / seconds:,.0f}", f"{peak:.0f}")
        line(f"share {share}: from the records", rows, f"{records:.2f}", f"{all_rows / records:,.0f}", f"{records_peak:.0f}")
        if share != SHARES[-1]:
            house.stop()
            continue
        ours = kept_answers(house)
        sql_seconds, theirs = by_mariadb(house)
        load, compute, ducks = by_duckdb(house, temp)
        names = sorted(theirs)
        different = [(name, ours.get(name), theirs[name], ducks[name]) for name in names if len({ours.get(name), theirs[name], ducks[name]}) != 1]
        line("the same figures by MariaDB, GROUP BY", rows, f"{sql_seconds:.2f}", f"{all_rows / sql_seconds:,.0f}", "")
        line("the same by DuckDB: load from CSV, then compute", rows, f"{load:.2f}+{compute:.2f}", f"{all_rows / (load + compute):,.0f}", "")
        print(f"answers compared: {len(names)} measures, {len(different)} different {different[:3] if different else ''}")
        print(f"MariaDB takes {sql_seconds / seconds:.1f} times as long as the kept columns, DuckDB {(load + compute) / seconds:.1f}; "
              f"from the records {sql_seconds / records:.1f} and {(load + compute) / records:.1f}")
        count, middle, late, lost = touched(house)
        print(f"one touched service among 50 writes a second: {count} seen, median {middle * 1000:.0f} ms, p95 {late * 1000:.0f} ms, {lost} not seen")
        house.stop()
        if different or not names or not count:
            raise SystemExit("that is no measurement: answers differ, or nothing was compared or seen")
    from_records, again, counted, scores = item_scores(Path(temp) / "items")
    print(f"{scores:,} item scores: {from_records:.2f} s from the records, {again:.2f} s from the kept columns, with every other figure of those services; {counted:,} reviews counted")
    if not counted:
        raise SystemExit("no review was counted")
