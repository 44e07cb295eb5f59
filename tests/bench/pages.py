#!/usr/bin/env python3
"""Every page of the authority's door at national size, with so many people at work at once: what the server needed for
each, as it logs it. Each of them looks at a page for half a second on average, or for PAUSE seconds; 0 loads the machine
fully, and then shows how pages wait for each other. pages.py PLUMBLINE [USERS [PAUSE]]"""
import collections, re, sys, tempfile
from pathlib import Path

from served import Service, Visitor, add_person, demonstrated, nth, together

PROGRAM = Path(sys.argv[1]).resolve()
USERS, PAUSE, ROUNDS = int((sys.argv[2:] or ["16"])[0]), float((sys.argv[3:] or ["0.5"])[0]), 2
KINDS = ["services", "practitioners", "episodes", "sessions", "outcome_scores", "fidelity_reviews", "sites", "adaptations"]
PATHS = ["/", "/services", "/records", "/uploads", "/quality", "/declarations", "/actions", "/returns", "/kept-forms",
         "/records/actions/new"] + [f"/records/{kind}" for kind in KINDS] + [f"/records/{kind}/new" for kind in KINDS if kind != "fidelity_reviews"]
# Links of a page that are followed once each, by what their address is like.
FOLLOWED = [r'/services/[0-9a-f]{32}', r'/services/[0-9a-f]{32}/measures/\w+', r'/recommendations/[\w-]+', r'/guides/[\w-]+',
            r'/services/[0-9a-f]{32}/attendance', r'/services/[0-9a-f]{32}/reviews/new', r'/returns/\d{4}-\d\d-Q\d', r'/declarations/[\w-]+',
            *(rf'/records/{kind}/[^"/?]+' for kind in KINDS)]


def walk(visitor):
    for path in PATHS:
        seen = [path]
        page = visitor.look(path, PAUSE)
        for depth in range(2):
            following = []
            for pattern in FOLLOWED:
                found = re.findall(rf'href="({pattern})["?]', page)
                # The quarter under way comes first; a return is filled in for the one before.
                link = found[1 if "returns" in pattern and len(found) > 1 else 0] if found else None
                if link and link not in seen:
                    seen.append(link)
                    following.append(visitor.look(link, PAUSE))
            page = "\n".join(following)


def kind_of(path):
    if path == "/sign-in":
        return None
    path = re.sub(r"[0-9a-f]{32}", "{id}", path)
    path = re.sub(r"(/records/\w+)/(?!new)[^/]+", r"\1/{key}", path)
    path = re.sub(r"/(recommendations|guides|declarations|returns)/[^/]+", r"/\1/{name}", path)
    return re.sub(r"/measures/\w+", "/measures/{name}", path)


with tempfile.TemporaryDirectory(prefix="plumbline-pages-") as temp:
    data = demonstrated(PROGRAM, temp)
    settings = Path(temp, "settings")
    settings.write_text("http.requests_per_minute = 1000000\nsign_in.attempts_per_minute = 1000\n")
    people = [f"bench{user}@example.gov.uk" for user in range(USERS)]
    for user, email in enumerate(people):
        add_person(PROGRAM, data, email, f"E0600000{user % 9 + 1}")
    with Service(PROGRAM, data, "--config", settings) as service:
        visitors = [Visitor(service.ports["authority"], email) for email in people]
        together([lambda visitor=visitor: [walk(visitor) for _ in range(ROUNDS)] for visitor in visitors])
    measured = service.by_kind(kind_of, [*PATHS, "/services/{id}", "/services/{id}/measures/{name}", "/recommendations/{name}", "/returns/{name}"])
    others = collections.Counter((status, kind_of(path)) for path, status, _ in service.looks if status != 200)
    print(f"{'page':52} {'asked':>6} {'median':>7} {'p99':>6}   milliseconds on the server, {USERS} people, {PAUSE} s a page")
    for page, found in sorted(measured.items(), key=lambda one: -nth(one[1], 0.99)):
        print(f"{page:52} {len(found):6} {nth(found, 0.5):7} {nth(found, 0.99):6}")
    everything = [one for found in measured.values() for one in found]
    print(f"{'all':52} {len(everything):6} {nth(everything, 0.5):7} {nth(everything, 0.99):6}")
    for (status, page), count in sorted(others.items()):
        print(f"not measured: {page} answered {status} {count} times")
