#!/usr/bin/env python3
"""What documents say of the repository itself: decisions are numbered and tell what replaced them, links lead somewhere, and the table of
libraries (decision 8) names what is asked for, all of it and nothing else."""
import json, re, subprocess, unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
DECISIONS = sorted((SOURCE / "deploy/docs/decisions").glob("*.md"))
LIBRARIES = SOURCE / "deploy/docs/decisions/0008-libraries.md"
LINK = re.compile(r"\[([^]]*)\]\(([^)#\s]*)(?:#[^)]*)?\)")
# What the operating system and the C library give needs no line in the table.
SYSTEM = {"sys/", "arpa/", "netinet/", "linux/", "net/"}


def files(*patterns):
    """Of the repository, and those that would be added to it."""
    said = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns], cwd=SOURCE, check=True, capture_output=True, text=True)
    return [SOURCE / name for name in said.stdout.splitlines() if (SOURCE / name).exists()]


def number(decision):
    return int(decision.name[:4])


def status(decision):
    return decision.read_text().split("\n\n")[1].replace("\n", " ")


class Decisions(unittest.TestCase):
    def test_are_numbered_without_a_gap_and_titled_by_their_number(self):
        self.assertEqual([number(one) for one in DECISIONS], list(range(1, len(DECISIONS) + 1)))
        for one in DECISIONS:
            self.assertRegex(one.read_text(), rf"^# {number(one)}\. \S")

    def test_say_since_when_they_hold(self):
        for one in DECISIONS:
            self.assertRegex(status(one), r"^(Status: a|\*A)ccepted, \d{1,2} \w+ \d{4}[.;]", one.name)

    def test_say_at_both_ends_that_one_supersedes_another(self):
        def named(one, sentence):
            return {int(found) for part in re.findall(sentence, status(one)) for found in re.findall(r"\[decision (\d+)\]", part)}

        newer = {(number(one), old) for one in DECISIONS for old in named(one, r"Supersedes (.*)")}
        older = {(new, number(one)) for one in DECISIONS for new in named(one, r"superseded by (.*?\))")}
        self.assertTrue(newer)
        self.assertEqual(newer, older, "(which supersedes, which is superseded)")
        self.assertTrue(all(new > old for new, old in newer))


class Links(unittest.TestCase):
    def test_lead_somewhere(self):
        looked = 0
        for page in files("*.md"):
            for words, target in LINK.findall(page.read_text()):
                if not target or re.match(r"[a-z]+:", target):
                    continue
                looked += 1
                self.assertTrue((page.parent / target).exists(), f"{page.relative_to(SOURCE)}: {target}")
                said = re.fullmatch(r"(?:decision )?0*(\d+)", words)
                if said:
                    self.assertEqual(int(said[1]), number(Path(target)), f"{page.relative_to(SOURCE)}: {words} leads to {target}")
        self.assertGreater(looked, 20)


def asked_of_cmake():
    """The names that CMake looks for: packages, pkg-config's modules, libraries."""
    for file in files("*CMakeLists.txt"):
        text = re.sub(r"#.*", "", file.read_text())
        yield from re.findall(r"\bfind_package\(\s*(\w+)", text)
        yield from re.findall(r"\bfind_library\(\s*\w+\s+(\w+)", text)
        for words in re.findall(r"\bpkg_check_modules\(\s*\w+\s+([^)]*)", text):
            yield from (re.split(r"[<>=]", word)[0] for word in words.split() if not word.isupper())


def asked_of_debian():
    """Every package of deploy/install, whatever it is installed for."""
    text = re.sub(r"#.*", "", (SOURCE / "deploy/install").read_text())
    for words in re.findall(r"\bpackages\+?=\(([^)]*)\)", text):
        yield from words.split()


def asked_of_npm():
    for file in files("*package.json"):
        for kind in ("dependencies", "devDependencies", "optionalDependencies"):
            yield from json.loads(file.read_text()).get(kind, {})


def asked_of_includes():
    """Folders of headers that sources include and that are not ours; of Boost also which part."""
    for file in files("services/*.h", "services/*.cpp", "tests/*.h", "tests/*.cpp"):
        yield from re.findall(r"^\s*#\s*include <(boost/\w+/|(?!boost/)\w+/)", file.read_text(), re.MULTILINE)


class Libraries(unittest.TestCase):
    def test_are_in_the_table_when_they_are_asked_for_and_only_then(self):
        rows = [line.split("|") for line in LIBRARIES.read_text().splitlines() if line.startswith("|")]
        named = {name for row in rows for name in re.findall(r"`([^`]+)`", row[2])}
        asked = {}
        for where, names in (("CMake", asked_of_cmake()), ("deploy/install", asked_of_debian()), ("a package.json", asked_of_npm()), ("an include", asked_of_includes())):
            found = set(names) - SYSTEM
            self.assertTrue(found, f"{where} asks for nothing")
            asked.update({name: where for name in found})
        self.assertEqual({name: where for name, where in asked.items() if name not in named}, {}, "asked for, and not in decision 8")
        self.assertEqual(named - asked.keys(), set(), "in decision 8, and nothing asks for it")

    def test_say_what_they_save_and_who_writes_them(self):
        for line in LIBRARIES.read_text().splitlines():
            if line.startswith("|"):
                cells = line.split("|")[1:-1]
                self.assertTrue(len(cells) == 4 and all(cell.strip() for cell in cells), line)


if __name__ == "__main__":
    unittest.main()
