#!/usr/bin/env python3
"""England at national size: roll-up pages with so many people at work at once, what the server needed for each; and a release with all tables from the
question to its page, by each set of rules. releases.py PLUMBLINE [USERS [PAUSE]]. PLUMBLINE_BENCH_DATA: a data folder that is made already."""
import base64, collections, hashlib, hmac, os, random, re, struct, subprocess, sys, tempfile, threading, time, urllib.parse
from pathlib import Path

PROGRAM = Path(sys.argv[1]).resolve()
USERS, PAUSE, ROUNDS = int((sys.argv[2:] or ["16"])[0]), float((sys.argv[3:] or ["0.5"])[0]), 6
EMAIL, PASSWORD = "analyst@national.example", "plumb line demonstration"
PATHS = ["/england", "/evidence", "/context"]


def code(key="PLUMBLINEDEMONSTRATIONONLYABCDEF"):
    digest = hmac.new(base64.b32decode(key), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1000000:06}"


def main():
    sys.argv[3:] = [str(USERS), "0"]
    from pages import Visitor

    class Analyst(Visitor):
        def __init__(self, port, cookies=None):
            import http.client
            self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
            self.cookies = dict(cookies or {})
            if cookies is None:
                self.post("/sign-in", {"email": EMAIL, "password": PASSWORD})
                self.post("/sign-in/code", {"code": code()})

        def post(self, path, fields):
            page = self.ask("GET", path)
            hidden = dict(re.findall(r'name="(form_token|submission)" value="([^"]*)"', page))
            boxes = {name: "yes" for name in re.findall(r'name="((?:table|guide)\.[^"]+)"', page)}
            self.connection.request("POST", path, urllib.parse.urlencode({**hidden, **boxes, **fields}),
                                    {"Content-Type": "application/x-www-form-urlencoded", "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())})
            answer = self.connection.getresponse()
            answer.read()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    key, _, rest = value.partition("=")
                    self.cookies[key] = rest.partition(";")[0]
            return answer.getheader("Location")

    with tempfile.TemporaryDirectory(prefix="plumbline-releases-") as temp:
        data = os.environ.get("PLUMBLINE_BENCH_DATA") or temp + "/data"
        if not Path(data, "database").exists():
            subprocess.run([PROGRAM, "demo", "--scale", "national", "--data-dir", data], check=True, stdout=subprocess.DEVNULL)
        server = subprocess.Popen([PROGRAM, "serve", "--data-dir", data, "--port", "0"], stderr=subprocess.PIPE, text=True)
        port, pages, listening = None, collections.defaultdict(list), threading.Event()

        def listen():
            nonlocal port
            for line in server.stderr:
                if found := re.search(r"The national door is at http://[^:]+:(\d+)", line):
                    port = int(found[1])
                    listening.set()
                if found := re.search(r'method="GET" path="(/(?:england|evidence|context|workbench|publications|releases/[0-9a-f]{32}/files)[^"]*)" status="200" milliseconds="(\d+)"', line):
                    kind = re.sub(r"/england/[^/]+", "/england/{recommendation}", re.sub(r"/measures/.*", "/measures/{measure}", found[1]))
                    pages[re.sub(r"sites/.*", "sites/{recommendation}", re.sub(r"releases/[0-9a-f]+/files/.*", "releases/{release}/files/{file}", kind))].append(int(found[2]))

        threading.Thread(target=listen, daemon=True).start()
        listening.wait(60)
        first = Analyst(port)
        for rules in ("default", "dfe-csc", "research"):
            page = first.ask("GET", "/releases/new")
            quarter = re.search(r'<option value="(\d{4}-\d\d Q\d)"', page)[1]
            began = time.monotonic()
            place = first.post("/releases/new", {"quarter": quarter, "rules": rules, "note": ""})
            while "It is being made" in (page := first.ask("GET", place)):
                time.sleep(0.1)
            took = time.monotonic() - began
            counts = re.search(r"Of (\d+) counts, (\d+) are hidden because they are small, and (\d+) so", page)
            print(f"release by {rules}: {took:.1f} s; {counts[1]} counts, {counts[2]} small, {counts[3]} beside; {'safe' if 'Safe:' in page else 'NOT SAFE'}")
            for name in re.findall(r'href="(/releases/[0-9a-f]{32}/files/[^"]+)"', page):
                first.ask("GET", name)

        def work(analyst):
            england = analyst.ask("GET", "/england")
            links = re.findall(r'href="(/england/[^"]+)"', england)
            for _ in range(ROUNDS):
                for path in PATHS + ["/workbench", random.choice(links).replace("&amp;", "&")]:
                    time.sleep(random.uniform(0, 2 * PAUSE))
                    page = analyst.ask("GET", path)
                    measures = re.findall(r'href="(/england/[^"]+/measures/[^"]+)"', page)
                    if measures:
                        time.sleep(random.uniform(0, 2 * PAUSE))
                        analyst.ask("GET", random.choice(measures).replace("&amp;", "&"))
                time.sleep(random.uniform(0, 2 * PAUSE))

        workers = [threading.Thread(target=work, args=(Analyst(port, first.cookies),)) for _ in range(USERS)]
        for one in workers:
            one.start()
        for one in workers:
            one.join()
        server.terminate()
        server.wait()
        print(f"{USERS} analysts at once, a page each {PAUSE} s on average")
        for kind, found in sorted(pages.items()):
            found.sort()
            print(f"{kind:46} {len(found):5} looks, median {found[len(found) // 2]:5} ms, p99 {found[min(len(found) - 1, int(len(found) * 0.99))]:5} ms on the server")


if __name__ == "__main__":
    main()
