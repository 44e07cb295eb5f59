#!/usr/bin/env python3
"""The executable as people meet it: subcommands, options, exit codes, signals, a killed database. PLUMBLINE SOURCE"""
import hashlib, json, os, re, shutil, signal, ssl, subprocess, sys, tempfile, time, unittest, urllib.error, urllib.request, warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import prepared

PROGRAM, SOURCE = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
CATALOGUE = [SOURCE / f"tests/data/catalogue/{name}.json" for name in ("guides", "interventions", "expectations")]
INTAKE = SOURCE / "tests/data/intake"


def until(claim, what, seconds=60):
    """Asks again and again until it holds; the answer comes as soon as it does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"{claim}: not within {seconds} s")


def get(address, accept="text/html"):
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers={"Accept": accept}), timeout=30) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read().decode()


class Plumbline(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="plumbline-system-"))
        self.data = self.folder / "data"
        self.children = []

    def tearDown(self):
        for child in self.children:
            if child.poll() is None:
                child.kill()
            child.wait()
            child.stderr.close()
        pid = self.data / "database/mariadb.pid"
        if pid.exists():
            until("the database ends with its owner", lambda: not self.runs(int(pid.read_text() or 0)) if pid.exists() else True)
        shutil.rmtree(self.folder, ignore_errors=True)

    @staticmethod
    def runs(pid):
        try:
            return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
        except FileNotFoundError:
            return False

    def run_program(self, *words, expect=0, data=True, given=None, environment=None):
        done = subprocess.run([PROGRAM, *map(str, words), *(["--data-dir", self.data] if data else [])], capture_output=True,
                              text=True, input=given, timeout=300, env={**os.environ, **(environment or {})}, cwd=self.folder)
        self.assertEqual(done.returncode, expect, f"{words}\n{done.stdout[-500:]}\n{done.stderr[-1500:]}")
        return done

    def serve(self, *words):
        child = subprocess.Popen([PROGRAM, "serve", *words, "--port", "0", "--data-dir", self.data], stderr=subprocess.PIPE,
                                 stdout=subprocess.DEVNULL, text=True)
        self.children.append(child)
        heard = ""
        for line in child.stderr:
            heard += line
            place = re.search(r"Plumbline is at (https?:\S+)", line)
            if place:
                return child, place[1]
        raise AssertionError(f"it stopped: {heard}")

    def prepare(self, recipe="catalogue"):
        prepared.put(PROGRAM, recipe, self.data)

    def test_help_and_version_and_usage(self):
        version = self.run_program("--version", data=False).stdout
        self.assertRegex(version, r"^plumbline \d+\.\d+\.\d+")
        self.assertIn("serve", self.run_program("--help", data=False).stdout)
        for words in (["serve"], ["work"], ["create"], ["migrate"], ["catalogue", "check"], ["catalogue", "load"], ["import"], ["results"],
                      ["recompute"], ["user", "add"], ["user", "invite"], ["audit", "verify"], ["subject", "erase"], ["pseudonym", "rotate"], ["retention"], ["clock", "accept"], ["key", "replace"], ["demo"], ["doctor"]):
            help_text = self.run_program(*words, "--help", data=False).stdout
            self.assertTrue(help_text.strip(), words)
        for wrong in ([], ["nonsense"], ["import"], ["results", "--authority", "E06000001"], ["serve", "kitchen"], ["migrate", "--colour"]):
            self.run_program(*wrong, expect=2, data=False)

    def test_data_dir_is_taken_in_both_forms_and_before_or_after(self):
        for name in ("one", "two", "three", "four", "five"):
            prepared.put(PROGRAM, "migrated", self.folder / name)
        (self.folder / "my.properties").write_text(f"data.dir = {self.folder}/four\n")
        for words, environment in ((["migrate", f"--data-dir={self.folder}/one"], {}), ([f"--data-dir={self.folder}/two", "migrate"], {}),
                                   (["--data-dir", f"{self.folder}/three", "migrate"], {}), (["migrate", "--config", self.folder / "my.properties"], {}),
                                   (["migrate"], {"PLUMBLINE_DATA_DIR": str(self.folder / "five")})):
            done = self.run_program(*words, "--json", data=False, environment=environment)
            self.assertEqual(json.loads(done.stdout)["ran"], [], f"{words}: there is nothing to do in the folder that was meant")
        (self.folder / "bad.properties").write_text("data.dri = x\n")
        self.assertIn("data.dri", self.run_program("migrate", "--config", self.folder / "bad.properties", expect=1).stderr)
        self.run_program("migrate", "--config", self.folder / "none.properties", expect=4)

    def test_the_data_folder_may_have_a_long_name_and_is_private(self):
        self.data = self.folder / ("x" * 100) / "data"
        self.run_program("create")
        self.assertEqual((self.data / "database").stat().st_mode & 0o777, 0o700)
        self.assertEqual((self.data / "database/passwords").stat().st_mode & 0o777, 0o600)

    def test_nothing_is_made_by_looking(self):
        """A folder that was mistyped, or whose disk is missing, is not filled with an empty database."""
        for words in (["doctor"], ["serve", "--port", "0"], ["migrate"], ["demo"], ["import", INTAKE, "--authority", "E06000001"], ["catalogue", "load", *CATALOGUE]):
            said = self.run_program(*words, expect=6 if words == ["doctor"] else 4).stderr
            self.assertIn("plumbline create", said)
            self.assertFalse(self.data.exists(), words)

    def test_nothing_is_installed_over_something(self):
        self.prepare("migrated")
        self.run_program("create", expect=5)
        restored = self.folder / "restored"
        (restored / "database").mkdir(parents=True)
        shutil.copytree(self.data / "database/files", restored / "database/files")
        shutil.copytree(self.data / "keys", restored / "keys")
        tables = len(list((restored / "database/files/plumbline").glob("*.ibd")))
        whole, self.data = self.data, restored
        for words, code in ((["doctor"], 6), (["migrate"], 5), (["create"], 5), (["serve"], 5)):
            self.assertRegex(self.run_program(*words, expect=code).stderr, "installed|already")
            self.assertEqual(len(list((restored / "database/files/plumbline").glob("*.ibd"))), tables, words)
        for name in ("installed", "passwords"):  # as the refusal says
            shutil.copy(whole / "database" / name, restored / "database" / name)
        self.run_program("migrate")
        self.run_program("audit", "verify")
        shutil.rmtree(restored / "database/files")
        self.assertIn("is a disk missing?", self.run_program("migrate", expect=5).stderr)
        shutil.rmtree(restored / "database")
        self.assertIn("there is a key", self.run_program("create", expect=5).stderr)

    def test_an_installation_that_was_cut_short_begins_anew(self):
        (self.data / "database/files/half").mkdir(parents=True)
        (self.data / "database/installing").write_text("1\n")
        self.assertIn("cut short", self.run_program("migrate", expect=5).stderr)
        self.run_program("create")
        self.run_program("doctor", expect=6)  # no guidance yet
        self.assertFalse((self.data / "database/files/half").exists())

    def test_a_key_that_is_missing_or_another_is_refused_and_never_made_anew(self):
        self.prepare()
        self.run_program("import", INTAKE, "--authority", "E06000001")
        child = (INTAKE / "episodes.csv").read_text().splitlines()[1].split(",")[2]
        for name in ("audit.key", "sign-in.key", "805.key"):
            key, away = self.data / "keys" / name, self.folder / name
            key.rename(away)
            other = re.sub(r"[0-9a-f]{64}", "0" * 64, away.read_text())
            for written in (None, other):
                if written:
                    key.write_text(written)
                doctor = json.loads(self.run_program("doctor", "--json", expect=6).stdout)["checks"]
                wrong = [one for one in doctor if not one["well"]]
                self.assertTrue(any(str(key) in one["found"] for one in wrong), doctor)
                self.assertIn("key", self.run_program("import", INTAKE, "--authority", "E06000001", expect=6).stderr)
                self.assertEqual(key.exists(), written is not None, "none is made in its place")
            away.replace(key)
        self.run_program("subject", "export", "--authority", "E06000001", given=child + "\n")
        self.assertIn("Nothing changed", self.run_program("import", INTAKE, "--authority", "E06000001").stderr)
        (self.data / "keys/sign-in.key").unlink()
        self.run_program("key", "replace", "audit", expect=5)
        self.run_program("key", "replace", "sign-in")
        (self.data / "keys/805.key").unlink()
        self.run_program("pseudonym", "rotate", "--authority", "E06000001", "--lost")
        self.run_program("subject", "export", "--authority", "E06000001", given=child + "\n", expect=4)
        self.run_program("doctor")

    def test_a_migration_that_was_killed_goes_on_at_once(self):
        killed = subprocess.Popen([PROGRAM, "create", "--data-dir", self.data], stderr=subprocess.DEVNULL)
        self.children.append(killed)
        killed.stderr = open(os.devnull)
        table = self.data / "database/files/plumbline/person.ibd"
        until("it is at its work", table.exists)
        killed.kill()
        killed.wait()
        self.run_program("migrate")
        self.assertEqual(json.loads(self.run_program("migrate", "--json").stdout)["ran"], [])

    def test_a_day_of_work_by_command(self):
        ran = json.loads(self.run_program("create", "--json").stdout)["ran"]
        self.assertGreater(len(ran), 25)
        self.assertEqual(json.loads(self.run_program("migrate", "--json").stdout)["ran"], [])
        self.run_program("import", INTAKE, "--authority", "E06000001", expect=5)
        self.run_program("catalogue", "check", *CATALOGUE)
        self.run_program("catalogue", "load", *CATALOGUE)
        checked = json.loads(self.run_program("import", INTAKE, "--authority", "E06000001", "--dry-run", "--json").stdout)
        self.assertFalse(checked["stored"])
        stored = json.loads(self.run_program("import", INTAKE, "--authority", "E06000001", "--json").stdout)
        self.assertEqual((stored["stored"], stored["created"]), (True, checked["created"]))
        again = self.run_program("import", INTAKE, "--authority", "E06000001")
        self.assertIn("Nothing changed", again.stderr)
        self.assertEqual(again.stdout, "")
        results = json.loads(self.run_program("results", "--authority", "E06000001", "--quarter", "2025-26 Q2", "--json").stdout)
        self.assertEqual(results["recommendations"][1]["level"], "delivered as intended")
        self.assertIn("partly delivered", self.run_program("results", "--authority", "E06000001", "--quarter", "2025-26 Q2").stdout)
        self.assertEqual(json.loads(self.run_program("recompute", "--all", "--verify", "--json").stdout), {"services": 5, "different": []})
        self.assertIn("2025-26 Q3", self.run_program("results", "--authority", "E06000001", "--quarter", "Q3", expect=1).stderr)
        self.run_program("import", INTAKE, "--authority", "E99999999", expect=1)
        self.run_program("import", self.folder / "nowhere", "--authority", "E06000001", expect=4)
        self.assertTrue(json.loads(self.run_program("doctor", "--json").stdout)["well"])

    def test_a_refused_import_lists_problems_on_standard_output_as_json(self):
        self.prepare()
        bad = self.folder / "bad"
        shutil.copytree(INTAKE, bad)
        with (bad / "episodes.csv").open("a") as file:
            file.write("X,S1,C1,5-9,female,White,no,need,31/02/2025,,,,,\n")
        refused = self.run_program("import", bad, "--authority", "E06000001", "--json", expect=1)
        problem = json.loads(refused.stdout)["problems"][0]
        self.assertEqual((problem["file"], problem["column"], problem["value"]), ("episodes.csv", "referred_on", "31/02/2025"))
        self.assertIn("nothing was stored", refused.stderr)

    def test_a_corrupt_catalogue_never_replaces_a_good_one(self):
        self.prepare()
        before = json.loads(self.run_program("doctor", "--json").stdout)["checks"]
        broken = json.loads(CATALOGUE[0].read_text())
        broken["guides"][0]["recommendations"][0]["standards"][0].pop("basis")
        (self.folder / "broken.json").write_text(json.dumps(broken))
        refused = self.run_program("catalogue", "load", self.folder / "broken.json", CATALOGUE[1], expect=1)
        self.assertIn("/guides/0/recommendations/0/standards/0", refused.stderr)
        (self.folder / "cut.json").write_text(CATALOGUE[0].read_text()[:500])
        self.run_program("catalogue", "load", self.folder / "cut.json", CATALOGUE[1], expect=1)
        self.assertEqual(json.loads(self.run_program("doctor", "--json").stdout)["checks"], before)

    def results(self, quarter, *more):
        return json.loads(self.run_program("results", "--authority", "E06000001", "--quarter", quarter, "--json", *more).stdout)

    def example(self, place):
        """A JSON block of the page that tells a guidance author how to write a measure."""
        block = re.findall(r"```json\n(.*?)```", (SOURCE / "deploy/docs/measures.md").read_text(), re.S)[place]
        path = self.folder / f"example-{place}.json"
        path.write_text(block)
        return path

    def test_a_measure_is_added_from_the_documentation_alone(self):
        self.prepare()
        self.run_program("import", INTAKE, "--authority", "E06000001")
        before = self.results("2025-26 Q2")
        self.run_program("catalogue", "check", self.example(0))
        self.run_program("catalogue", "load", self.example(0), self.example(1))
        after = self.results("2025-26 Q2", "--breakdowns")
        measures = after["services"][0]["measures"]
        self.assertIn("by", measures["ended_within_twelve_weeks"])
        explained = json.loads(self.run_program("explain", "--authority", "E06000001", "--quarter", "2025-26 Q2", "--service",
                                                after["services"][0]["service"], "--measure", "ended_within_twelve_weeks", "--json").stdout)
        self.assertEqual(explained["parts"]["denominator"], measures["ended_within_twelve_weeks"]["denominator"])
        for service in self.results("2025-26 Q2")["services"]:
            for added in ("ended_within_twelve_weeks", "supervised_this_quarter"):
                self.assertIn(added, service["measures"])
                del service["measures"][added]
            self.assertEqual(service["measures"], next(s for s in before["services"] if s["service"] == service["service"])["measures"])
        broken = json.loads(self.example(0).read_text())
        broken["measures"][0]["counts"]["to"]["field"] = "finished_on"
        self.example(0).write_text(json.dumps(broken))
        refused = self.run_program("catalogue", "load", self.folder / "example-0.json", expect=1)
        self.assertIn("/measures/0/counts/to/field", refused.stderr)

    def test_a_new_version_of_a_guide_judges_from_its_day_alone(self):
        self.prepare()
        self.run_program("import", INTAKE, "--authority", "E06000001")
        earlier, later = self.results("2025-26 Q1"), self.results("2025-26 Q2")
        guide = next(g for g in json.loads(CATALOGUE[0].read_text())["guides"] if any(r["id"] == later["recommendations"][1]["recommendation"] for r in g["recommendations"]))
        guide.update(version="next", effective_from="2025-07-01")
        for recommendation in guide["recommendations"]:
            for standard in recommendation["standards"]:
                standard["at_least"] = 1.0
        path = self.folder / "next.json"
        path.write_text(json.dumps({"guides": [guide]}))
        self.run_program("catalogue", "load", path)
        self.assertEqual(self.results("2025-26 Q1"), earlier, "the version in force then judges it still")
        judged = self.results("2025-26 Q2")
        self.assertEqual(judged["services"], later["services"])
        self.assertNotEqual(judged["recommendations"], later["recommendations"])
        first = json.loads(CATALOGUE[0].read_text())["guides"]
        version = next(g["version"] for g in first if g["id"] == guide["id"])
        self.assertEqual(self.results("2025-26 Q2", "--under", f"{guide['id']}@{version}"), later)
        self.assertEqual(self.results("2025-26 Q1", "--under", f"{guide['id']}@next")["services"], earlier["services"])
        compared = json.loads(self.run_program("catalogue", "compare", guide["id"], "--from", version, "--to", "next", "--authority", "E06000001", "--quarter",
                                               "2025-26 Q2", "--json").stdout)
        self.assertTrue(compared["changes"])
        self.assertTrue(any(level["was"] != level["becomes"] for level in compared["levels"]))
        self.assertIn("service", {item["kind"] for item in compared["impact"]})
        self.run_program("results", "--authority", "E06000001", "--quarter", "2025-26 Q2", "--under", f"{guide['id']}@none", expect=4)
        self.run_program("results", "--authority", "E06000001", "--quarter", "2025-26 Q2", "--under", "nonsense", expect=1)

    def test_a_certificate_is_checked_by_a_stranger(self):
        self.prepare()
        self.run_program("import", INTAKE, "--authority", "E06000001")
        quarter = self.results("2025-26 Q2")
        ask = ["explain", "--authority", "E06000001", "--quarter", "2025-26 Q2"]
        check = lambda text: (self.folder / "c.json").write_text(text) and subprocess.run([SOURCE / "deploy/check-certificate", self.folder / "c.json"],
                                                                                         capture_output=True).returncode
        def forged(content, change):  # with a new hash, as who knows the format would
            content = json.loads(json.dumps(content))
            change(content)
            content.pop("sha256")
            content["sha256"] = hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
            return json.dumps(content)
        for service in quarter["services"]:
            for measure, figure in service["measures"].items():
                if measure not in ("dose", "fidelity", "supervised", "referred") and ":" not in measure:
                    continue
                given = self.run_program(*ask, "--service", service["service"], "--measure", measure, "--certificate").stdout
                self.assertEqual(check(given), 0, measure)
                content = json.loads(given)
                self.assertEqual(content["figure"]["parts"]["denominator"], figure.get("denominator", 0))
                self.assertEqual(check(forged(content, lambda c: c["records"].update(counted=c["records"]["counted"] + 1))), 1)
                if content["figure"]["value"] is not None:
                    self.assertEqual(check(forged(content, lambda c: c["figure"].update(value=17))), 1, measure)
        level = self.run_program(*ask, "--recommendation", quarter["recommendations"][1]["recommendation"], "--certificate").stdout
        self.assertEqual(check(level), 0)
        content = json.loads(level)
        self.assertEqual(content["level"]["level"], quarter["recommendations"][1]["level"])
        self.assertEqual(check(forged(content, lambda c: None)), 0)
        other = "partly delivered" if content["level"]["level"] == "delivered as intended" else "delivered as intended"
        self.assertEqual(check(forged(content, lambda c: c["level"].update(level=other))), 1)
        for standard in range(len(content["level"]["standards"])):
            turned = "not met" if content["level"]["standards"][standard]["status"] == "met" else "met"
            self.assertEqual(check(forged(content, lambda c: c["level"]["standards"][standard].update(status=turned))), 1)
        self.run_program(*ask, "--service", "S1", "--measure", "happiness", expect=4)
        self.run_program(*ask, "--service", "nowhere", "--measure", "dose", expect=4)
        self.run_program(*ask, expect=1)

    def test_a_report_is_printed_as_known_now_or_on_a_day_that_is_over(self):
        self.prepare()
        self.run_program("import", INTAKE, "--authority", "E06000001")
        words = ["report", "--authority", "E06000001", "--from", "2024-25 Q2", "--to", "2025-26 Q1"]
        now = json.loads(self.run_program(*words, "--json").stdout)
        self.assertEqual(now["authority"]["name"], "Hartlepool")
        self.assertEqual(len(now["recommendations"]), 3)
        self.assertFalse(now["known"]["is_whole_day"])
        self.assertRegex(self.run_program(*words).stdout, r"fingerprint [0-9a-f]{64}")
        # Nothing was known before anything was imported; asked twice it is the same to the byte.
        day = ["--known-on", "2026-01-31", "--json"]
        before = self.run_program(*words, *day).stdout
        self.assertEqual(json.loads(before)["services"], [])
        self.assertEqual(self.run_program(*words, *day).stdout, before)
        self.assertIn("Choose a day that is over", self.run_program(*words, "--known-on", "2199-01-01", expect=1).stderr)
        self.assertIn("Use a real day", self.run_program(*words, "--known-on", "yesterday", expect=1).stderr)
        self.assertIn("not before the first", self.run_program(*words[:3], "--from", "2025-26 Q1", "--to", "2024-25 Q1", expect=1).stderr)

    def test_published_files_of_the_department_are_read_as_they_are(self):
        published = SOURCE / "../shared/data"
        if not (published / "ees").is_dir():
            print("the department's files are not beside this checkout: not read", file=sys.stderr)
            return
        self.prepare()
        for name, figures in (("c1_children_in_need_referrals_and_rereferrals_2013_to_2025", 21320), ("cla_number_and_rate_per_10k_children", 7515)):
            loaded = json.loads(self.run_program("context", "load", published / f"ees/{name}.csv", "--json").stdout)
            self.assertEqual(loaded["figures"], figures)
            self.assertRegex(" ".join(loaded["notes"]), "Cumbria.*Northamptonshire")
        model = published / "statistical_neighbours_2025.csv"
        self.assertEqual(json.loads(self.run_program("neighbours", "load", model, "--edition", "2025-05", "--json").stdout)["authorities"], 153)
        report = json.loads(self.run_program("report", "--authority", "E06000001", "--from", "2025-26 Q1", "--to", "2025-26 Q4", "--json").stdout)
        self.assertEqual(report["comparison"]["neighbours_known"], 10)
        rate = [one for one in report["context"] if "31 March" in one["filters"]][0]
        with open(published / "ees/cla_number_and_rate_per_10k_children.csv", encoding="utf-8-sig") as file:
            import csv
            row = [one for one in csv.DictReader(file) if one["old_la_code"] == "805" and one["time_period"] == "2025" and "31 March" in one["population_type"]][0]
        self.assertEqual(rate["authority"], row["rate_per_10000"])

    def test_a_national_set_is_the_same_for_the_same_seed(self):
        self.prepare("migrated")
        self.run_program("demo", "--scale", "national", "--share", "0.01", "--seed", "3")
        ours = self.run_program("results", "--authority", "E06000001", "--quarter", "2025-26 Q2", "--json").stdout
        self.assertTrue(json.loads(ours)["services"])
        self.assertEqual(json.loads(self.run_program("recompute", "--all", "--verify", "--json").stdout)["different"], [])
        self.data = self.folder / "again"
        self.prepare("migrated")
        self.run_program("demo", "--scale", "national", "--share", "0.01", "--seed", "3")
        self.assertEqual(self.run_program("results", "--authority", "E06000001", "--quarter", "2025-26 Q2", "--json").stdout, ours)

    def test_people_are_added_with_a_password_from_standard_input(self):
        self.prepare("migrated")
        add = ["user", "add", "--email", "sam@example.gov.uk", "--authority", "E06000001", "--json"]
        added = self.run_program(*add, given="three plain words\n")
        self.assertEqual(json.loads(added.stdout)["email"], "sam@example.gov.uk")
        self.assertNotIn("three plain words", added.stdout + added.stderr)
        self.run_program(*add, given="three plain words\n", expect=5)
        self.run_program(*add[:3], "other@example.gov.uk", *add[4:], given="short\n", expect=1)
        self.run_program(*add[:3], "not an address", *add[4:], given="three plain words\n", expect=1)
        self.run_program(*add, "--role", "king", given="three plain words\n", expect=1)

    def test_termination_ends_service_and_database_in_order(self):
        self.prepare()
        for ending in (signal.SIGTERM, signal.SIGINT):
            child, address = self.serve()
            self.assertEqual(get(f"{address}/healthz")[0], 200)
            database = int((self.data / "database/mariadb.pid").read_text())
            child.send_signal(ending)
            self.assertEqual(child.wait(timeout=60), 0)
            self.assertFalse(self.runs(database))
            self.assertIn("Shutdown complete", (self.data / "database/error.log").read_text()[-2000:])

    def test_a_killed_service_leaves_no_database_behind_and_no_data_is_lost(self):
        self.prepare()
        child, _ = self.serve()
        stored = json.loads(self.run_program("import", INTAKE, "--authority", "E06000001", "--json").stdout)
        database = int((self.data / "database/mariadb.pid").read_text())
        child.kill()
        child.wait()
        until("the database follows its owner", lambda: not self.runs(database))
        again = json.loads(self.run_program("import", INTAKE, "--authority", "E06000001", "--json").stdout)
        self.assertEqual(again["unchanged"], stored["rows"])

    def test_a_killed_database_gives_503_and_a_new_start_recovers(self):
        self.prepare()
        self.run_program("import", INTAKE, "--authority", "E06000001")
        child, address = self.serve()
        self.assertEqual(get(f"{address}/readyz")[0], 200)
        os.kill(int((self.data / "database/mariadb.pid").read_text()), signal.SIGKILL)
        status, headers, body = until("it notices", lambda: (lambda a: a if a[0] != 200 else None)(get(f"{address}/readyz")))
        self.assertEqual((status, headers["Retry-After"]), (503, "5"))
        self.assertEqual(json.loads(body)["type"], "/problems/unavailable")
        self.assertEqual(get(f"{address}/healthz")[0], 200)
        until("it comes back by itself", lambda: get(f"{address}/readyz")[0] == 200)
        child.send_signal(signal.SIGTERM)
        self.assertEqual(child.wait(timeout=60), 0)
        self.assertEqual(json.loads(self.run_program("recompute", "--all", "--verify", "--json").stdout)["different"], [])

    def test_commands_use_the_database_of_a_running_service(self):
        self.prepare()
        self.serve()
        self.run_program("import", INTAKE, "--authority", "E06000001")
        self.assertTrue(json.loads(self.run_program("doctor", "--json").stdout)["well"])

    def test_commands_at_once_do_not_take_the_database_from_each_other(self):
        self.prepare()
        many = [subprocess.Popen([PROGRAM, "import", INTAKE, "--authority", f"E0600000{n}", "--data-dir", self.data], stderr=subprocess.PIPE, text=True)
                for n in range(1, 7)]
        for child in many:
            said = child.communicate(timeout=120)[1]
            self.assertEqual(child.returncode, 0, said)
        self.assertEqual(json.loads(self.run_program("recompute", "--all", "--verify", "--json").stdout), {"services": 30, "different": []})

    def test_a_configured_server_is_used_instead_of_an_embedded_one(self):
        self.prepare()
        self.serve()  # owns the server that the next command is told to use
        passwords = dict(line.split() for line in (self.data / "database/passwords").read_text().splitlines())
        lines = [f"data.dir = {self.folder}/elsewhere", f"audit.key = {self.data}/keys/audit.key", f"sign_in.key = {self.data}/keys/sign-in.key", f"pseudonym.keys = {self.data}/keys", f"database.socket = {self.data}/database/mariadb.sock"]
        lines += [f"database.{account}.password = {password}" for account, password in passwords.items()]
        (self.folder / "server.properties").write_text("\n".join(lines) + "\n")
        checks = json.loads(self.run_program("doctor", "--json", "--config", self.folder / "server.properties", data=False).stdout)
        self.assertIn("configured", checks["checks"][0]["found"])
        self.assertFalse((self.folder / "elsewhere/database").exists())

    def test_no_address_that_opens_a_door_stands_in_the_log(self):
        self.prepare()
        child, address = self.serve()
        secret = "5ec12e7" * 9
        for path in (f"/invitations/{secret}", f"/records/services/{secret}", f"/nowhere/{secret}"):
            get(address + path)
        child.terminate()
        said = child.stderr.read()
        self.assertIn('route="/invitations/{', said)
        self.assertIn('route="none"', said)
        self.assertNotIn(secret, said)

    def test_a_taken_port_is_said(self):
        self.prepare()
        _, address = self.serve()
        other = subprocess.run([PROGRAM, "serve", "--port", address.rsplit(":", 1)[1], "--data-dir", self.data], capture_output=True, text=True, timeout=60)
        self.assertEqual(other.returncode, 6)
        self.assertIn("Is another program using the port?", other.stderr)

    def test_every_log_event_is_explained_to_operators(self):
        explained = set(re.findall(r"^### `([a-z_.]+)`", (SOURCE / "deploy/docs/operations/messages.md").read_text(), re.M))
        logged = set()
        for file in (SOURCE / "services").rglob("*.cpp"):
            logged |= set(re.findall(r'logEvent\(\s*(?:platform::)?LogLevel::\w+,\s*"([a-z_.]+)"', file.read_text()))
        self.assertEqual(explained, logged)

    def sql(self, statement):
        """As who may write to the database whatever they like."""
        done = subprocess.run(["mariadb", "--no-defaults", "-S", self.data / "database/mariadb.sock", "-N", "-e", statement, "plumbline"],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def test_an_audit_that_was_tampered_with_is_found_out(self):
        self.prepare()
        self.serve()
        self.run_program("import", INTAKE, "--authority", "E06000001")
        self.run_program("explain", "--authority", "E06000001", "--quarter", "2025-26 Q1", "--service", "S1", "--measure", "dose")
        found = json.loads(self.run_program("audit", "verify", "--json").stdout)
        self.assertEqual((found["unbroken"], found["faults"]), (True, []))
        self.assertIn("records read", self.sql("SELECT action FROM audit_entry WHERE chain = 805"))
        self.sql("UPDATE audit_entry SET actor = 'somebody else' WHERE chain = 805 AND position = 1")
        found = json.loads(self.run_program("audit", "verify", "--json", expect=5).stdout)
        self.assertEqual((found["unbroken"], found["faults"][0]["chain"], found["faults"][0]["position"]), (False, 805, 1))
        self.assertFalse(json.loads(self.run_program("doctor", "--json", expect=6).stdout)["well"])

    def test_a_child_is_seen_and_forgotten(self):
        self.prepare()
        self.run_program("import", INTAKE, "--authority", "E06000001")
        child = next(line for line in (INTAKE / "episodes.csv").read_text().splitlines() if line.startswith("S1-E01,")).split(",")[2]
        options = ("--authority", "E06000001")
        kept = json.loads(self.run_program("subject", "export", *options, given=child + "\n").stdout)
        self.assertEqual(kept["episodes"][0]["reference"], "S1-E01")
        self.assertTrue(json.loads(self.run_program("pseudonym", "rotate", *options, "--json").stdout)["key_version"] == 2)
        self.assertTrue(json.loads(self.run_program("subject", "erase", *options, "--json", given=child + "\n").stdout)["erased"])
        self.run_program("subject", "export", *options, given=child + "\n", expect=4)
        self.assertEqual(json.loads(self.run_program("subject", "replay", "--json").stdout)["erased_again"], 0)
        self.assertEqual(json.loads(self.run_program("recompute", "--all", "--verify", "--json").stdout)["different"], [])
        self.assertEqual({r["removed"] for r in json.loads(self.run_program("retention", "--json").stdout)}, {0})
        self.run_program("audit", "verify")

    def test_an_erased_child_is_nowhere_in_the_data_folder(self):
        """Every file of the folder, the database's own included, once it has stopped. Left out are the two in which InnoDB keeps
        what it wrote lately, whatever became of it: deploy/docs/data-protection.md says how long."""
        kept_lately = ("ib_logfile0", "ibdata1")
        self.prepare()
        folder = self.folder / "planted"
        shutil.copytree(INTAKE, folder)
        header, row = (folder / "episodes.csv").read_text().splitlines()[:2]
        cells = dict(zip(header.split(","), row.split(",")))
        planted = cells | {"episode_ref": "P-E1", "child_ref": "KIND-4711-Q", "need": "Plantedneed"}
        (folder / "episodes.csv").write_text((folder / "episodes.csv").read_text() + ",".join(planted.values()) + "\n")
        (folder / "feedback.csv").write_text(
            "feedback_ref,service_ref,episode_ref,given_on,respondent,words\n"
            f"P-F1,{cells['service_ref']},P-E1,2025-05-04,child,Plantedwords\n"
        )
        self.run_program("import", folder, "--authority", "E06000001")
        (folder / "feedback.csv").write_text((folder / "feedback.csv").read_text().replace("Plantedwords", "Plantedspeech"))
        self.run_program("import", folder, "--authority", "E06000001")
        words = (b"KIND-4711-Q", b"Plantedneed", b"Plantedwords", b"Plantedspeech")

        def where():
            found = set()
            for path in self.data.rglob("*"):
                if not path.is_file() or path.name in kept_lately:
                    continue
                content = path.read_bytes()
                found |= {(str(path.relative_to(self.data)), word.decode()) for word in words if word in content}
            return found

        self.assertTrue({word for _, word in where()} >= {"Plantedneed", "Plantedwords", "Plantedspeech"}, "it was there")
        options = ("--authority", "E06000001")
        self.run_program("subject", "erase", *options, given="KIND-4711-Q\n")
        self.assertEqual(where(), set())
        refused = self.run_program("import", folder, "--authority", "E06000001", expect=1)
        self.assertIn("it was erased on request", refused.stderr)
        self.assertNotIn("KIND-4711-Q", refused.stderr)
        self.run_program("subject", "readmit", *options, given="kind-4711-q\n")
        self.run_program("import", folder, "--authority", "E06000001")
        self.run_program("subject", "export", *options, given="KIND-4711-Q\n")

    def test_a_door_speaks_tls_and_takes_up_a_new_certificate(self):
        self.prepare()
        def renew():
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem"], check=True, capture_output=True)
        renew()
        (self.folder / "tls.properties").write_text(f"authority.certificate = {self.folder}/cert.pem\nauthority.key = {self.folder}/key.pem\n")
        _, address = self.serve("--config", str(self.folder / "tls.properties"))
        self.assertTrue(address.startswith("https://"))
        def seen():
            context = ssl.create_default_context(cafile=self.folder / "cert.pem")
            with urllib.request.urlopen(f"{address}/sign-in", context=context, timeout=30) as answer:
                return dict(answer.headers)
        headers = seen()
        self.assertIn("max-age=31536000", headers["Strict-Transport-Security"])
        self.assertRegex(headers["Set-Cookie"], r"^__Host-plumbline_session=\w+; Path=/; HttpOnly; SameSite=Lax; Secure$")
        renew()
        self.assertIn("Strict-Transport-Security", seen())  # trusts the new certificate alone
        for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
            old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
            old.set_ciphers("ALL:@SECLEVEL=0")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                old.minimum_version = old.maximum_version = version
            with self.assertRaises(OSError):
                urllib.request.urlopen(f"{address}/sign-in", context=old, timeout=30)

    def test_a_server_whose_history_can_be_backdated_is_refused(self):
        self.prepare("migrated")
        config = self.data / "database/my.cnf"
        self.run_program("doctor", expect=6)
        private = self.folder / "own"
        private.mkdir()
        server = subprocess.Popen(["mariadbd", "--no-defaults", f"--datadir={self.data}/database/files", f"--socket={private}/s.sock", "--skip-networking",
                                   f"--user={os.environ.get('USER', 'root')}", f"--log-error={private}/log"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.children.append(server)
        server.stderr = open(os.devnull)
        until("it answers", lambda: (private / "s.sock").exists())
        passwords = dict(line.split() for line in (self.data / "database/passwords").read_text().splitlines())
        lines = [f"data.dir = {self.data}", f"database.socket = {private}/s.sock"]
        (self.folder / "own.properties").write_text("\n".join(lines + [f"database.{a}.password = {p}" for a, p in passwords.items()]) + "\n")
        refused = self.run_program("results", "--authority", "E06000001", "--quarter", "2025-26 Q1", "--config", self.folder / "own.properties", expect=3, data=False)
        self.assertIn("secure_timestamp", refused.stderr)
        server.terminate()
        server.wait(timeout=60)
        self.assertTrue(config.exists())

    def test_requests_are_limited_and_carry_the_security_headers(self):
        self.prepare()
        _, address = self.serve()
        status, headers, _ = get(f"{address}/sign-in")
        self.assertEqual(status, 200)
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
        self.assertRegex(headers["X-Request-Id"], r"^[0-9a-f]{16}$")
        self.assertEqual(get(f"{address}/%ff")[0], 400)
        large = urllib.request.Request(f"{address}/sign-in", data=b"a=" + b"x" * 200000, method="POST")
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(large)
        self.assertEqual(refused.exception.code, 413)
        refused.exception.close()
        plain = urllib.request.Request(f"{address}/sign-in", data=b"{}", method="POST", headers={"Content-Type": "application/json", "Accept": "application/json"})
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(plain)
        self.assertEqual((refused.exception.code, refused.exception.headers["Content-Type"]), (415, "application/problem+json"))
        refused.exception.close()


if __name__ == "__main__":
    unittest.main(argv=["executable", *sys.argv[3:]])
