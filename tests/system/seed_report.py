#!/usr/bin/env python3
"""A whole report of one seed of the independent oracle against its golden file, tests/golden/adherence-report-seed-<n>.json.

seed_report.py PLUMBLINE ORACLE_FOLDER     with PLUMBLINE_ACCEPT=1 the golden file is rewritten

The seed's four quarters are those of 2022-23, and what is said beside them is of that year: so long ago that its age decides
the same on whatever day this runs. What still depends on the day, or on the guidance's text, is replaced by `normalised`.
Where the oracle is not there, this says so and exits 77, which is: skipped.
"""
import difflib, json, os, subprocess, sys, tempfile
from datetime import date
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tests/support"))
import prepared

SEED = 7
GOLDEN = SOURCE / f"tests/golden/adherence-report-seed-{SEED}.json"
AUTHORITY = "E06000001"

# What a seed does not hold: what the authority and its families say.
STATEMENTS = {
    "declarations": """recommendation,declared_on,status,planned_by,reason,evidence
kc-navigator,2022-05-01,in place,,,The kinship strategy
mb-reunification,2022-05-01,planned,2022-12-01,,
mb-skills,2022-05-01,not adopted,,Nobody is trained,
""",
    "actions": """action_ref,title,about_kind,about,raised_on,owner,due_on,closed_on,closing_evidence
A1,Review more sessions,recommendation,kc-navigator,2022-05-01,The team,2022-09-01,2022-10-01,Twelve reviews
A2,Supervise in time,service,S001,2022-05-01,The team,2022-09-01,,
A3,Ask everybody,other,,2022-05-01,The team,2022-09-01,,
""",
    "feedback": "feedback_ref,service_ref,given_on,respondent,rating\n"
    + "".join(f"F{n},S00{n % 3 + 1},2022-{n % 9 + 4:02d}-15,{'carer' if n % 2 else 'child'},{n % 5 + 1}\n" for n in range(30)),
    "family_meetings": """meeting_ref,episode_ref,letter_on,offered,offered_on,not_offered_reason,response,accepted_on,model,held_on,has_plan,reviewed_on,application_on
M1,S001-E0001,2022-06-01,yes,2022-06-05,,accepted,2022-06-09,family group conference,2022-07-01,yes,,
M2,S001-E0002,2022-06-01,yes,2022-06-11,,declined,,,,,,2022-08-01
M3,S001-E0003,2022-06-01,no,,It would put the child at risk,,,,,,,
""",
}


def expectations(oracle, folder):
    """The tests' expectations, of the recommendations that the oracle's guides hold."""
    content = json.loads((SOURCE / "tests/data/catalogue/expectations.json").read_text())
    guides = json.loads((oracle / "catalogue/guides.json").read_text())["guides"]
    known = {recommendation["id"] for guide in guides for recommendation in guide["recommendations"]}
    for one in content["expectations"]:
        one["recommendations"] = [each for each in one["recommendations"] if each in known]
    path = folder / "expectations.json"
    path.write_text(json.dumps(content))
    return path


def normalised(content, today):
    """The one place where what may differ from run to run is taken out: the day and the instant of the report, also in
    sentences; the fingerprint of the catalogue; the National Framework's edition of the day, and the numbers of its aims."""
    content["known"].update({"on": "<today>", "at": "<now>"})
    content["catalogue"]["fingerprint"] = "<fingerprint>"
    content["aims"]["edition"] = "<edition>"
    for aim in content["aims"]["list"]:
        aim["number"] = "<number>"
    words = json.dumps(content, indent=1, ensure_ascii=False)
    return words.replace(f"{today.day} {today:%B %Y}", "<today>") + "\n"


def report(program, oracle):
    """Imports the seed into a database of its own and gives its report."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)

        def run(*words):
            done = subprocess.run([program, *words, "--data-dir", folder / "data"], capture_output=True, text=True)
            if done.returncode != 0:
                raise SystemExit(f"{' '.join(map(str, words))}: exit {done.returncode}\n{done.stderr[-2000:]}")
            return done.stdout

        subprocess.run([sys.executable, oracle / "make_intake.py", folder / "intake", "--seed", str(SEED), "--first", "2022-04-01"],
                       check=True, capture_output=True)
        (folder / "statements").mkdir()
        for name, rows in STATEMENTS.items():
            (folder / f"statements/{name}.csv").write_text(rows)
        prepared.put(program, "migrated", folder / "data")
        run("catalogue", "load", *(oracle / f"catalogue/{name}.json" for name in ("guides", "interventions")), expectations(oracle, folder))
        for intake in ("intake/clean", "statements"):
            run("import", folder / intake, "--authority", AUTHORITY)
        content = json.loads(run("report", "--authority", AUTHORITY, "--from", "2022-23 Q1", "--to", "2022-23 Q4", "--json"))
        return normalised(content, date.fromisoformat(content["known"]["on"]))


def main(program, oracle):
    if not (oracle / "make_intake.py").exists():
        print(f"the oracle is not at {oracle}: skipped")
        return 77
    made = report(program, oracle)
    if os.environ.get("PLUMBLINE_ACCEPT"):
        GOLDEN.write_text(made)
    kept = GOLDEN.read_text() if GOLDEN.exists() else ""
    changed = list(difflib.unified_diff(kept.splitlines(), made.splitlines(), GOLDEN.name, f"the report of seed {SEED}", lineterm=""))
    print("\n".join(changed[:60]))
    print(f"{GOLDEN.name}: {'differs; tests/run --accept rewrites it' if changed else 'the same'}\ncount: 1")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()))
