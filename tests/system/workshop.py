#!/usr/bin/env python3
"""The workshop's own tools: a suite that grew, failed or did not run is called so, and who includes a changed header is found."""
import importlib.util, io, json, re, sys, tempfile, unittest
from contextlib import redirect_stdout
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("times", SOURCE / "tests/support/times.py")
times = importlib.util.module_from_spec(spec)
spec.loader.exec_module(times)


class Times(unittest.TestCase):
    """A made-up run: the calibration took 3 s each time, and 10 times that is what the suite `unit` used to take."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.logs = Path(self.folder.name)
        self.calibrated(3, 3, 3)
        times.KEPT = self.logs / "kept.json"
        times.KEPT.write_text('{"suites": {"unit": 10, "release": 10}}')
        times.labels = lambda: {"unit_values": "unit", "unit_other": "unit", "oracle.1": "oracle", "tidy": "tidy"}

    def calibrated(self, *seconds):
        self.logs.joinpath("calibration.jsonl").write_text("".join(json.dumps({"seconds": s, "at": 9e9}) + "\n" for s in seconds))

    def run_of(self, *cases, suites=("unit",), phases="", why="SKIP_RETURN_CODE=77"):
        """Each case: name, seconds, status, output."""
        skipped = f'<skipped message="{why}"/>'
        body = "".join(f'<testcase name="{n}" time="{s}" status="{status}">{skipped if status == "notrun" else ""}'
                       f"<system-out>{out}</system-out></testcase>" for n, s, status, out in cases)
        self.logs.joinpath("tests.xml").write_text(f"<testsuite>{body}</testsuite>")
        self.logs.joinpath("phases.tsv").write_text(phases)
        said = io.StringIO()
        with redirect_stdout(said):
            code = times.report(self.logs, list(suites), True)
        return code, said.getvalue()

    def test_a_suite_within_a_third_of_what_it_took_passes(self):
        code, said = self.run_of(("unit_values", 30, "run", "[  PASSED  ] 7 tests."), ("unit_other", 9, "run", "[  PASSED  ] 1 test."))
        self.assertEqual(code, 0, said)
        self.assertIn("8 passed    39.0 s", said)
        self.assertIn("8 passed, 0 failed, 0 skipped", said)
        self.assertEqual(json.loads(self.logs.joinpath("times.json").read_text())["suites"], {"unit": 39.0})

    def test_a_suite_that_takes_more_than_a_third_longer_fails(self):
        code, said = self.run_of(("unit_values", 41, "run", "[  PASSED  ] 7 tests."))
        self.assertEqual(code, 1)
        self.assertIn("unit took 41 s where tests/times.json leads to expect 30 s", said)

    def test_a_short_suite_is_not_judged_by_the_noise_of_a_machine(self):
        times.KEPT.write_text('{"suites": {"unit": 1}}')
        self.assertEqual(self.run_of(("unit_values", 12, "run", "[  PASSED  ] 7 tests."))[0], 0)
        self.assertEqual(self.run_of(("unit_values", 14, "run", "[  PASSED  ] 7 tests."))[0], 1)

    def test_a_machine_that_is_slow_or_became_slow_is_no_slow_suite(self):
        for calibrated in ((5, 5, 5), (3, 3, 5)):
            self.calibrated(*calibrated)
            self.assertEqual(self.run_of(("unit_values", 41, "run", "[  PASSED  ] 7 tests."))[0], 0)
        self.calibrated(5, 3, 3)
        self.assertEqual(self.run_of(("unit_values", 41, "run", "[  PASSED  ] 7 tests."))[0], 1)

    def test_a_failed_entry_a_missing_suite_and_one_without_tests_fail(self):
        code, said = self.run_of(("unit_values", 1, "fail", "expected 3, and it is 4"))
        self.assertEqual(code, 1)
        self.assertIn("unit_values said, at its end:\nexpected 3, and it is 4", said)
        self.assertEqual(self.run_of(("unit_values", 1, "run", "[  PASSED  ] 7 tests."), suites=("unit", "browser"))[0], 1)
        self.assertEqual(self.run_of(("unit_values", 1, "run", "nothing"))[0], 1)

    def test_a_skipped_suite_says_why_and_passes(self):
        code, said = self.run_of(("oracle.1", 0, "notrun", "the oracle is not beside this checkout"), suites=("oracle",))
        self.assertEqual(code, 0)
        self.assertIn("skipped: the oracle is not beside this checkout", said)

    def test_an_entry_that_could_not_be_started_is_not_skipped(self):
        passed = ("unit_other", 1, "run", "[  PASSED  ] 1 test.")
        code, said = self.run_of(("unit_values", 0, "notrun", ""), passed, why="Unable to find executable")
        self.assertEqual(code, 1)
        self.assertIn("FAILED: unit_values", said)

    def test_every_suite_has_a_time_that_it_is_held_against(self):
        kept = json.loads((SOURCE / "tests/times.json").read_text())["suites"]
        suites = " ".join(re.findall(r"^(?:commit|deep)=\((.*)\)", (SOURCE / "tests/run").read_text(), re.M)).split()
        self.assertEqual(sorted(kept), sorted({*suites, "build"} - {"tidy"}))

    def test_a_build_counts_what_this_run_compiled_and_knows_whether_that_was_all(self):
        source, times.SOURCE = times.SOURCE, self.logs
        self.addCleanup(setattr, times, "SOURCE", source)
        kept, new = "0\t9000\t1000000000\ta.dir/CMakeFiles/a.dir/old.cpp.o\tx\n", "0\t4000\t3000000000\ta/CMakeFiles/a.dir/Unity/unity_0_cxx.cxx.o\tx\n"
        log = self.logs / ".ninja_log"
        log.write_text("# ninja log v5\n" + kept + new)
        self.assertEqual(times.compiled("", 2), ([("a/unity_0", 4.0)], False))
        log.write_text("# ninja log v5\n" + new)
        self.assertEqual(times.compiled("", 2), ([("a/unity_0", 4.0)], True))

    def test_nothing_to_tidy_is_no_fault(self):
        self.assertEqual(self.run_of(("tidy", 1, "run", "count: 0"), suites=("tidy",))[0], 0)

    def test_what_is_no_entry_of_ctest_counts_by_its_log(self):
        self.logs.joinpath("release.log").write_text("count: 1\n")
        self.assertEqual(self.run_of(suites=("release",), phases="release\t31000\t0\n")[0], 0)
        self.assertEqual(self.run_of(suites=("release",), phases="release\t41000\t0\n")[0], 1)
        self.assertEqual(self.run_of(suites=("release",), phases="release\t1000\t1\n")[0], 1)


if __name__ == "__main__":
    unittest.main()
