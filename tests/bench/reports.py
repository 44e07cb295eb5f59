#!/usr/bin/env python3
"""Reports at national size: how long one takes from the question to the page, nothing of it known before, and what the
server needs for a page of one that is made. reports.py PLUMBLINE SOURCE [AUTHORITIES]"""
import os, re, subprocess, sys, tempfile, threading, time, urllib.parse
from pathlib import Path

sys.argv[3:] = sys.argv[3:] or ["8"]
PROGRAM, COUNT = Path(sys.argv[1]).resolve(), int(sys.argv[3])
USERS, PAUSE, PASSWORD, LOOKS = COUNT, 0, "plumb line measurement", 10


def median(found):
    return sorted(found)[len(found) // 2]


def main():
    from pages import Visitor
    with tempfile.TemporaryDirectory(prefix="plumbline-reports-") as temp:
        data = os.environ.get("PLUMBLINE_BENCH_DATA") or temp + "/data"
        if not Path(data, "database").exists():
            subprocess.run([PROGRAM, "demo", "--scale", "national", "--data-dir", data], check=True, stdout=subprocess.DEVNULL)
        for n in range(1, COUNT + 1):
            subprocess.run([PROGRAM, "user", "add", "--email", f"report{n}@example.gov.uk", "--authority", f"E0600000{n}", "--data-dir", data],
                           input=PASSWORD + "\n", text=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        server = subprocess.Popen([PROGRAM, "serve", "--data-dir", data, "--port", "0"], stderr=subprocess.PIPE, text=True)
        port, pages, listening = None, {}, threading.Event()

        def listen():
            nonlocal port
            for line in server.stderr:
                if found := re.search(r"Plumbline is at http://[^:]+:(\d+)", line):
                    port = int(found[1])
                    listening.set()
                if found := re.search(r'method="GET" path="/reports/[0-9a-f]{32}([^"]*)" status="200" milliseconds="(\d+)"', line):
                    kind = re.sub(r"/services/[^/]+", "/services/{service}", re.sub(r"/measures/[^/]+", "/measures/{measure}", found[1])) or "the report"
                    pages.setdefault(kind, []).append(int(found[2]))

        threading.Thread(target=listen, daemon=True).start()
        listening.wait(60)
        made, sizes = [], []
        for n in range(1, COUNT + 1):
            visitor = Visitor(port, f"report{n}@example.gov.uk")
            form = visitor.ask("GET", "/self-evaluation")
            fields = {name: re.search(rf'name="{name}" value="([^"]*)"', form)[1] for name in ("form_token", "submission")}
            began = time.monotonic()
            visitor.connection.request("POST", "/self-evaluation", urllib.parse.urlencode(fields),
                                       {"Content-Type": "application/x-www-form-urlencoded", "Cookie": "; ".join(f"{k}={v}" for k, v in visitor.cookies.items())})
            answer = visitor.connection.getresponse()
            answer.read()
            place = answer.getheader("Location")
            while "how help is delivered" not in (page := visitor.ask("GET", place)):
                time.sleep(0.02)
            made.append(time.monotonic() - began)
            sizes.append(len(page))
            service = re.search(r'href="(/reports/[0-9a-f]{32}/services/[^"/]+)"', page)[1]
            for _ in range(LOOKS):
                for path in (place, service, service + "/measures/dose"):
                    visitor.ask("GET", path)
        server.terminate()
        server.wait()
        print(f"{COUNT} authorities, four quarters each; from the question to the page: median {median(made):.2f} s, slowest {max(made):.2f} s")
        print(f"page of a report: {median(sizes) / 1024:.0f} KB")
        for kind, found in sorted(pages.items()):
            found.sort()
            print(f"{kind:44} {len(found):5} looks, median {median(found):4} ms, p99 {found[int(len(found) * 0.99)]:4} ms on the server")


if __name__ == "__main__":
    main()
