#!/usr/bin/env python3
"""England at national size: roll-up pages with so many people at work at once, what the server needed for each; and a release with all tables from the
question to its page, by each set of rules. releases.py PLUMBLINE [USERS [PAUSE]]"""
import base64, hashlib, hmac, random, re, struct, sys, tempfile, time
from pathlib import Path

from served import Service, Visitor, demonstrated, nth, together

PROGRAM = Path(sys.argv[1]).resolve()
USERS, PAUSE, ROUNDS = int((sys.argv[2:] or ["16"])[0]), float((sys.argv[3:] or ["0.5"])[0]), 6
EMAIL, PASSWORD = "analyst@national.example", "plumb line demonstration"
PATHS = ["/england", "/evidence", "/context", "/workbench"]


def code(key="PLUMBLINEDEMONSTRATIONONLYABCDEF"):
    digest = hmac.new(base64.b32decode(key), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1000000:06}"


def release(analyst, rules):
    """Asks for one with every table, waits until it is made, fetches its files."""
    quarter = re.search(r'<option value="(\d{4}-\d\d Q\d)"', analyst.ask("GET", "/releases/new"))[1]
    began = time.monotonic()
    place = analyst.post("/releases/new", {"quarter": quarter, "rules": rules, "note": ""})
    while "It is being made" in (page := analyst.ask("GET", place)):
        time.sleep(0.1)
    took = time.monotonic() - began
    counts = re.search(r"Of (\d+) counts, (\d+) are hidden because they are small, and (\d+) so", page)
    if not counts:
        raise SystemExit(f"the release by {rules} at {place} says no counts")
    print(f"release by {rules}: {took:.1f} s; {counts[1]} counts, {counts[2]} small, {counts[3]} beside; {'safe' if 'Safe:' in page else 'NOT SAFE'}")
    for name in re.findall(r'href="(/releases/[0-9a-f]{32}/files/[^"]+)"', page):
        analyst.ask("GET", name)


def work(analyst):
    links = re.findall(r'href="(/england/[^"]+)"', analyst.ask("GET", "/england"))
    for _ in range(ROUNDS):
        for path in PATHS + [random.choice(links).replace("&amp;", "&")]:
            page = analyst.look(path, PAUSE)
            if measures := re.findall(r'href="(/england/[^"]+/measures/[^"]+)"', page):
                analyst.look(random.choice(measures).replace("&amp;", "&"), PAUSE)


def kind_of(path):
    if not re.match(r"/(england|evidence|context|workbench|publications|releases/[0-9a-f]{32}/files)", path):
        return None
    path = re.sub(r"/england/[^/]+", "/england/{recommendation}", re.sub(r"/measures/.*", "/measures/{measure}", path))
    return re.sub(r"sites/.*", "sites/{recommendation}", re.sub(r"releases/[0-9a-f]+/files/.*", "releases/{release}/files/{file}", path))


with tempfile.TemporaryDirectory(prefix="plumbline-releases-") as temp:
    with Service(PROGRAM, demonstrated(PROGRAM, temp)) as service:
        port = service.ports["national"]
        first = Visitor(port, EMAIL, PASSWORD)
        first.post("/sign-in/code", {"code": code()})
        for rules in ("default", "dfe-csc", "research"):
            release(first, rules)
        together([lambda: work(Visitor(port, cookies=first.cookies)) for _ in range(USERS)])
    measured = service.by_kind(kind_of, [*PATHS, "/england/{recommendation}", "/england/{recommendation}/measures/{measure}", "/releases/{release}/files/{file}"])
    print(f"{USERS} analysts at once, a page each {PAUSE} s on average")
    for kind, found in sorted(measured.items()):
        print(f"{kind:46} {len(found):5} looks, median {nth(found, 0.5):5} ms, p99 {nth(found, 0.99):5} ms on the server")
