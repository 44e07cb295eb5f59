#!/usr/bin/env python3
"""Every package-lock.json of the repository, as npm finds it on a new machine: with an empty cache, in a folder that holds the lock
and its package.json alone. locks.py fetches nothing: `npm ci --dry-run` refuses a lock that does not name what it would install.
locks.py --install fetches it all, so each package must also be there and be what its lock says."""
import json, os, shutil, subprocess, sys, tempfile, unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
INSTALLS = "--install" in sys.argv


def listed(pattern):
    """Files of the repository, and those that would be added to it."""
    said = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", pattern], cwd=SOURCE, check=True, capture_output=True, text=True)
    return [SOURCE / name for name in said.stdout.split()]


LOCKS = listed("*package-lock.json")


def missing(packages):
    """What packages of a lock ask for and the lock does not hold, looked for as Node.js does: beside the package, then further out.
    Packages for other machines as well: npm 11 refuses a lock without them, npm 9 does not see it."""
    for place, package in packages.items():
        free = {name for name, more in package.get("peerDependenciesMeta", {}).items() if more.get("optional")}
        for name in {**package.get("dependencies", {}), **package.get("optionalDependencies", {}), **package.get("peerDependencies", {})}.keys() - free:
            folders = [place] if place else []
            while folders and "/node_modules/" in folders[-1]:
                folders.append(folders[-1].rpartition("/node_modules/")[0])
            if not any(f"{folder}/node_modules/{name}" in packages for folder in folders) and f"node_modules/{name}" not in packages:
                yield f"{name}, for {place.rpartition('node_modules/')[2] or 'package.json'}"


def complaint(lock, package):
    """What npm says against these two texts; nothing where it would install them."""
    with tempfile.TemporaryDirectory(prefix="plumbline-lock-") as temp:
        (Path(temp) / "package-lock.json").write_text(lock)
        (Path(temp) / "package.json").write_text(package)
        done = subprocess.run(["npm", "ci", *([] if INSTALLS else ["--dry-run"]), "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error",
                               "--cache", f"{temp}/cache"], cwd=temp, capture_output=True, text=True, timeout=300)
    said = [line.removeprefix("npm ERR!").removeprefix("npm error").strip() for line in done.stderr.splitlines()]
    told = said[:said.index("Clean install a project")] if "Clean install a project" in said else said  # its help follows
    return "\n".join(line for line in told if line and "complete log" not in line) or "npm says nothing" if done.returncode else ""


class Locks(unittest.TestCase):
    def test_are_there_for_every_package_file(self):
        self.assertTrue(LOCKS)
        self.assertEqual(LOCKS, [manifest.with_name("package-lock.json") for manifest in listed("*package.json")])

    def test_hold_what_their_packages_ask_for(self):
        for lock in LOCKS:
            with self.subTest(lock=str(lock.relative_to(SOURCE))):
                self.assertEqual(list(missing(json.loads(lock.read_text())["packages"])), [])

    def test_are_installed_by_npm_with_nothing_kept_from_before(self):
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            complaints = pool.map(lambda lock: complaint(lock.read_text(), lock.with_name("package.json").read_text()), LOCKS)
        for lock, said in zip(LOCKS, complaints):
            with self.subTest(lock=str(lock.relative_to(SOURCE))):
                if said:
                    self.fail(said)

    def test_name_no_host_and_the_hash_of_each_package(self):
        for lock in LOCKS:
            for name, package in json.loads(lock.read_text())["packages"].items():
                with self.subTest(lock=str(lock.relative_to(SOURCE)), package=name):
                    self.assertNotIn("resolved", package, "write the lock with npm's --omit-lockfile-registry-resolved")
                    self.assertTrue(not name or package.get("integrity", "").startswith("sha512-"), "no hash")

    def test_are_refused_when_a_package_is_missing_even_one_for_another_machine(self):
        packages = {"": {"dependencies": {"a": "1"}}, "node_modules/a": {"optionalDependencies": {"b": "1"}},
                    "node_modules/c/node_modules/b": {"peerDependencies": {"d": "1"}, "peerDependenciesMeta": {"d": {"optional": True}}}}
        self.assertEqual(list(missing(packages)), ["b, for a"])
        self.assertEqual(list(missing({**packages, "node_modules/b": {}})), [])
        self.assertEqual(list(missing({**packages, "node_modules/a/node_modules/b": {}})), [])

    def test_are_refused_by_npm_when_a_package_asks_for_more(self):
        lock = min(LOCKS, key=lambda one: one.stat().st_size)
        asked = json.loads(lock.with_name("package.json").read_text())
        name, version = next(iter(asked["dependencies"].items()))
        asked["dependencies"][name] = f"<{version}"
        self.assertIn(name, complaint(lock.read_text(), json.dumps(asked)))


if __name__ == "__main__":
    if not shutil.which("npm"):
        raise SystemExit("npm is not here: deploy/install brings it")
    unittest.main(argv=sys.argv[:1])
