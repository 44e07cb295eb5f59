"""What the measurements of pages share: a data folder to look at, the service over it with what it logs of every page, and someone who looks."""
import http.client, os, random, re, subprocess, threading, time, urllib.parse
from pathlib import Path

PASSWORD = "plumb line measurement"
asked = {}  # the address of each request, by its id


def demonstrated(program, temp):
    """A data folder with England in it: the one that PLUMBLINE_BENCH_DATA names, or one of the moment."""
    data = os.environ.get("PLUMBLINE_BENCH_DATA") or f"{temp}/data"
    if not Path(data, "database").exists():
        subprocess.run([program, "create", "--data-dir", data], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([program, "demo", "--scale", "national", "--data-dir", data], check=True, stdout=subprocess.DEVNULL)
    return data


def add_person(program, data, email, authority):
    """Who is there from before stays."""
    done = subprocess.run([program, "user", "add", "--email", email, "--authority", authority, "--data-dir", data],
                          input=PASSWORD + "\n", text=True, capture_output=True)
    if done.returncode not in (0, 5):
        raise SystemExit(f"user add: exit {done.returncode}\n{done.stderr}")


def nth(values, share):
    """The value below which so large a share of them lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


class Service:
    """plumbline serve, at ports of its own, from entering the block to leaving it."""

    def __init__(self, program, data, *words):
        self.command = [program, "serve", "--data-dir", data, "--port", "0", *words]
        self.ports, self.looks, self.said = {}, [], []

    def __enter__(self):
        self.server = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.is_open = threading.Event()
        self.reader = threading.Thread(target=self.listen, daemon=True)
        self.reader.start()
        self.is_open.wait(120)
        if "national" not in self.ports:
            self.server.terminate()
            raise SystemExit("the service did not start:\n" + "".join(self.said))
        return self

    def listen(self):
        for line in self.server.stderr:
            self.said.append(line)
            if found := re.search(r"The (\w+) door is at http://[^:]+:(\d+)", line):
                self.ports[found[1]] = int(found[2])
            if "national" in self.ports:
                self.is_open.set()
            if found := re.search(r'request="?([0-9a-f]+)"?.* method="GET" .*status="(\d+)" milliseconds="(\d+)"', line):
                self.looks.append((found[1], int(found[2]), int(found[3])))
        self.is_open.set()

    def __exit__(self, *_):
        """Afterwards `looks` has every page that was asked for: path, status, milliseconds on the server."""
        self.server.terminate()
        self.server.wait()
        self.reader.join(10)
        # A log names no address, only its request; who asked knows both.
        self.looks = [(asked[request], status, milliseconds) for request, status, milliseconds in self.looks if request in asked]

    def by_kind(self, kind_of, kinds):
        """Milliseconds of the looks by what kind_of makes of a path, pages that were found alone. What gave no figure, or a fault of
        ours in its place, is no measurement."""
        found = {}
        for path, status, milliseconds in self.looks:
            if status >= 500:
                raise SystemExit(f"{path} answered {status}:\n" + "".join(line for line in self.said if "request_failed" in line))
            if status == 200 and (kind := kind_of(path)):
                found.setdefault(kind, []).append(milliseconds)
        if missing := [kind for kind in kinds if kind not in found]:
            raise SystemExit(f"not measured: {', '.join(missing)}")
        return found


class Visitor:
    """Someone with a browser, signed in. Another's cookies: the same person once more."""

    def __init__(self, port, email="", password=PASSWORD, cookies=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies = dict(cookies or {})
        if not cookies:
            self.post("/sign-in", {"email": email, "password": password})

    def ask(self, method, path, fields=None):
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, None if fields is None else urllib.parse.urlencode(fields), headers)
        answer = self.connection.getresponse()
        asked[answer.getheader("X-Request-Id")] = path
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        self.went = answer.getheader("Location")
        return answer.read().decode(errors="replace")

    def post(self, path, fields):
        """Sends a page's form with what the page has hidden in it, every table and guide chosen; where it leads."""
        page = self.ask("GET", path)
        hidden = dict(re.findall(r'name="(form_token|submission)" value="([^"]*)"', page))
        boxes = {name: "yes" for name in re.findall(r'name="((?:table|guide)\.[^"]+)"', page)}
        page = self.ask("POST", path, {**hidden, **boxes, **fields})
        if not self.went:
            problems = re.findall(r'govuk-error-summary.*?</ul>', page, re.DOTALL)
            raise SystemExit(f"{path} did not take the form: {problems[:1] or page[:500]}")
        return self.went

    def look(self, path, pause):
        time.sleep(random.uniform(0, 2 * pause))
        return self.ask("GET", path)


def together(works):
    """Each in a thread of its own; the first that fails fails them all."""
    faults = []

    def guarded(work):
        try:
            work()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
