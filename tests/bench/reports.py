#!/usr/bin/env python3
"""Reports at national size: how long one takes from the question to the page, nothing of it known before, and what the
server needs for a page of one that is made. reports.py PLUMBLINE [AUTHORITIES]"""
import re, sys, tempfile, time
from pathlib import Path

from served import Service, Visitor, add_person, demonstrated, nth

PROGRAM, COUNT, LOOKS = Path(sys.argv[1]).resolve(), int((sys.argv[2:] or ["8"])[0]), 10


def kind_of(path):
    found = re.fullmatch(r"/reports/[0-9a-f]{32}(.*)", path)
    return found and (re.sub(r"/services/[^/]+", "/services/{service}", re.sub(r"/measures/[^/]+", "/measures/{measure}", found[1])) or "the report")


with tempfile.TemporaryDirectory(prefix="plumbline-reports-") as temp:
    data = demonstrated(PROGRAM, temp)
    for n in range(1, COUNT + 1):
        add_person(PROGRAM, data, f"report{n}@example.gov.uk", f"E0600000{n}")
    made, sizes = [], []
    with Service(PROGRAM, data) as service:
        for n in range(1, COUNT + 1):
            visitor = Visitor(service.ports["authority"], f"report{n}@example.gov.uk")
            began = time.monotonic()
            place = visitor.post("/self-evaluation", {})
            while "how help is delivered" not in (page := visitor.ask("GET", place)):
                if time.monotonic() - began > 120:
                    raise SystemExit(f"no report at {place} after two minutes")
                time.sleep(0.02)
            made.append(time.monotonic() - began)
            sizes.append(len(page))
            one = re.search(r'href="(/reports/[0-9a-f]{32}/services/[^"/]+)"', page)[1]
            for _ in range(LOOKS):
                for path in (place, one, one + "/measures/dose"):
                    visitor.ask("GET", path)
    measured = service.by_kind(kind_of, ["the report", "/services/{service}", "/services/{service}/measures/{measure}"])
    print(f"{COUNT} authorities, four quarters each; from the question to the page: median {nth(made, 0.5):.2f} s, slowest {max(made):.2f} s")
    print(f"page of a report: {nth(sizes, 0.5) / 1024:.0f} KB")
    for kind, found in sorted(measured.items()):
        print(f"{kind:44} {len(found):5} looks, median {nth(found, 0.5):4} ms, p99 {nth(found, 0.99):4} ms on the server")
