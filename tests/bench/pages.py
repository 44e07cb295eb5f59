#!/usr/bin/env python3
"""Every page of the authority's door at national size, with so many people at work at once: what the server needed for
each, as it logs it. Each of them looks at a page for half a second on average, or for PAUSE seconds; 0 loads the machine
fully, and then shows how pages wait for each other. pages.py PLUMBLINE SOURCE [USERS [PAUSE]]"""
import collections, http.client, os, random, re, subprocess, sys, tempfile, threading, time, urllib.parse
from pathlib import Path

PROGRAM, SOURCE = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
USERS = int(sys.argv[3]) if len(sys.argv) > 3 else 16
PAUSE = float(sys.argv[4]) if len(sys.argv) > 4 else 0.5
ROUNDS = 2
PASSWORD = "plumb line measurement"
KINDS = ["services", "practitioners", "episodes", "sessions", "outcome_scores", "fidelity_reviews", "sites", "adaptations"]
PATHS = ["/", "/services", "/records", "/uploads", "/quality", "/declarations", "/actions", "/returns", "/kept-forms",
         "/records/actions/new"] + [f"/records/{kind}" for kind in KINDS] + [f"/records/{kind}/new" for kind in KINDS if kind != "fidelity_reviews"]
# Links of a page that are followed once each, by what their address is like.
FOLLOWED = [r'/services/[0-9a-f]{32}', r'/services/[0-9a-f]{32}/measures/\w+', r'/recommendations/[\w-]+', r'/guides/[\w-]+',
            r'/services/[0-9a-f]{32}/attendance', r'/services/[0-9a-f]{32}/reviews/new', r'/returns/\d{4}-\d\d-Q\d', r'/declarations/[\w-]+',
            *(rf'/records/{kind}/[^"/?]+' for kind in KINDS)]


class Visitor:
    def __init__(self, port, email):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies = {}
        page = self.ask("GET", "/sign-in")
        token = re.search(r'name="form_token" value="([0-9a-f]+)"', page)[1]
        self.ask("POST", "/sign-in", urllib.parse.urlencode({"form_token": token, "email": email, "password": PASSWORD}))

    def ask(self, method, path, body=None):
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer.read().decode(errors="replace")

    def look(self, path):
        time.sleep(random.uniform(0, 2 * PAUSE))
        return self.ask("GET", path)

    def walk(self):
        for path in PATHS:
            seen = [path]
            page = self.look(path)
            for depth in range(2):
                following = []
                for pattern in FOLLOWED:
                    found = re.findall(rf'href="({pattern})["?]', page)
                    # The quarter under way comes first; a return is filled in for the one before.
                    link = found[1 if "returns" in pattern and len(found) > 1 else 0] if found else None
                    if link and link not in seen:
                        seen.append(link)
                        following.append(self.look(link))
                page = "\n".join(following)


def main():
    with tempfile.TemporaryDirectory(prefix="plumbline-pages-") as temp:
        data = os.environ.get("PLUMBLINE_BENCH_DATA") or temp + "/data"
        if not Path(data, "database").exists():
            subprocess.run([PROGRAM, "demo", "--scale", "national", "--data-dir", data], check=True, stdout=subprocess.DEVNULL)
        settings = Path(temp, "settings")
        settings.write_text("http.requests_per_minute = 1000000\nsign_in.attempts_per_minute = 1000\n")
        codes = [f"E0600000{n}" for n in range(1, 10)]
        for user in range(USERS):
            subprocess.run([PROGRAM, "user", "add", "--email", f"bench{user}@example.gov.uk", "--authority", codes[user % len(codes)], "--data-dir", data],
                           input=PASSWORD + "\n", text=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        server = subprocess.Popen([PROGRAM, "serve", "--data-dir", data, "--port", "0", "--config", settings], stderr=subprocess.PIPE, text=True)
        times, sizes, port = collections.defaultdict(list), 0, None
        listening = threading.Event()

        def listen():
            nonlocal port
            for line in server.stderr:
                if found := re.search(r"Plumbline is at http://[^:]+:(\d+)", line):
                    port = int(found[1])
                    listening.set()
                if found := re.search(r'method="GET" path="([^"]*)" status="(\d+)" milliseconds="(\d+)"', line):
                    if found[1] != "/sign-in":
                        times[re.sub(r"[0-9a-f]{32}", "{id}", found[1]), found[2]].append(int(found[3]))

        reader = threading.Thread(target=listen, daemon=True)
        reader.start()
        listening.wait(60)
        visitors = [Visitor(port, f"bench{user}@example.gov.uk") for user in range(USERS)]
        threads = [threading.Thread(target=lambda v=v: [v.walk() for _ in range(ROUNDS)]) for v in visitors]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        server.terminate()
        server.wait()
        reader.join(10)
        groups = collections.defaultdict(list)
        for (path, status), found in times.items():
            group = re.sub(r"(/records/\w+)/(?!new)[^/]+", r"\1/{key}", path)
            group = re.sub(r"/(recommendations|guides|declarations|returns)/[^/]+", r"/\1/{name}", group)
            group = re.sub(r"/measures/\w+", "/measures/{name}", group)
            groups[group, status].extend(found)
        print(f"{'page':52} {'status':>6} {'asked':>6} {'median':>7} {'p99':>6}   milliseconds on the server, {USERS} people, {PAUSE} s a page")
        everything = sorted(ms for found in groups.values() for ms in found)
        for (page, status), found in sorted(groups.items(), key=lambda one: -sorted(one[1])[int(len(one[1]) * 0.99)]):
            found.sort()
            print(f"{page:52} {status:>6} {len(found):6} {found[len(found) // 2]:7} {found[int(len(found) * 0.99)]:6}")
        print(f"{'all':52} {'':>6} {len(everything):6} {everything[len(everything) // 2]:7} {everything[int(len(everything) * 0.99)]:6}")


if __name__ == "__main__":
    main()
