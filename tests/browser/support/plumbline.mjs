// Starts the real executable with a database of its own, and Debian's Chromium; stops both by what it started. Chromium is the one
// without windows: the same engine, a third cheaper, and not by its shell script, which does not pass on that it should end.
import { spawn, spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
export const program = resolve(process.env.PLUMBLINE ?? "../../build/release/plumbline");
export const password = "plumb line demonstration";
export const manager = "manager@hartlepool.example";
export const director = "director@hartlepool.example";
export const administrator = "administrator@hartlepool.example";
export const inspector = "inspector@inspectorate.example";
export const analyst = "analyst@national.example";
export const approver = "approver@national.example";
export const editor = "editor@national.example";
export const inspectorate = "administrator@inspectorate.example";
export const neighbour = "manager@middlesbrough.example";

export function plumbline(dataDir, words, options = {}) {
  const done = spawnSync(program, [...words, "--data-dir", dataDir], { encoding: "utf8", ...options });
  if (done.status !== 0) throw new Error(`${words.join(" ")}: exit ${done.status}\n${done.stderr}`);
  return done.stdout;
}

/// `recipe`: of tests/support/prepared.py, what the data folder holds at first.
export async function startPlumbline(recipe = "demo", environment = {}) {
  const folder = mkdtempSync(join(tmpdir(), "plumbline-browser-"));
  const dataDir = join(folder, "data");
  const prepared = spawnSync("python3", [resolve("../support/prepared.py"), program, recipe, dataDir], { encoding: "utf8" });
  if (prepared.status !== 0) throw new Error(`no data folder ${recipe}: ${prepared.stderr}`);
  const child = spawn(program, ["serve", "--data-dir", dataDir, "--port", "0"], { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...environment } });
  const [address, inspection, national] = await new Promise((found, failed) => {
    let heard = "";
    child.stderr.on("data", (piece) => {
      heard += piece;
      const doors = ["authority", "inspection", "national"].map((door) => heard.match(new RegExp(`The ${door} door is at (http:\\S+)\n`))?.[1]);
      if (doors.every(Boolean)) found(doors);
    });
    child.on("exit", () => failed(new Error(`the service stopped while starting:\n${heard}`)));
  });
  return {
    address,
    inspection,
    national,
    dataDir,
    async stop() {
      child.removeAllListeners("exit");
      const ended = new Promise((end) => child.on("exit", end));
      child.kill("SIGTERM");
      const code = await ended;
      rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
}

export function startBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/lib/chromium/chromium-headless-shell",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
  });
}

/// A page whose every console error and policy violation is kept.
export async function newPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.complaints = [];
  page.on("console", (message) => {
    // The browser itself notes each answer of 4xx; those are what some tests ask for.
    if (message.type() === "error" && !message.text().includes("the server responded with a status of"))
      page.complaints.push(message.text());
  });
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  return page;
}

/// What stands on a page once it is there whole. A browser shows a page while the rest still comes: what is read right after its first
/// words were seen may lack its last.
async function whole(locator) {
  await locator.page().waitForLoadState("domcontentloaded");
  return locator;
}
export const textOf = async (locator) => (await whole(locator)).innerText();
export const textsOf = async (locator) => (await whole(locator)).allInnerTexts();
export const countOf = async (locator) => (await whole(locator)).count();

/// The one-time code that the demonstration's sign-ins need now. None works twice for one person: who needs another waits for it.
const used = new Map();
async function nextCode(dataDir, email) {
  for (;;) {
    const code = plumbline(dataDir, ["demo", "--codes"]).trim();
    if (code !== used.get(email)) return used.set(email, code), code;
    await new Promise((later) => setTimeout(later, 500));
  }
}

/// What an authenticator app shows now for a secret in base 32 (RFC 6238).
export function codeOf(secret) {
  const bits = [...secret].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
  const digest = createHmac("sha1", key).update(counter).digest();
  return String((digest.readUInt32BE(digest[19] & 15) & 0x7fffffff) % 1000000).padStart(6, "0");
}

/// With a code where the role asks for one; that takes the data folder to know it.
export async function signIn(page, address, email = manager, dataDir) {
  await page.goto(`${address}/sign-in`);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  if (!dataDir) return;
  await page.getByLabel("One-time code").fill(await nextCode(dataDir, email));
  await page.getByRole("button", { name: "Continue" }).click();
}

/// What axe finds wrong with the page as it stands, as lines; empty where nothing is.
/// It runs through the debugger, which the page's content policy does not reach. `rules`: only these of axe's; `without`: not these.
export async function accessibilityFaults(page, { rules, without = [] } = {}) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(`${axe}; undefined`);
  const options = {
    resultTypes: ["violations"],
    preload: false, // of style sheets, for a rule that is not asked for
    rules: Object.fromEntries(without.map((rule) => [rule, { enabled: false }])),
    ...(rules && { runOnly: { type: "rule", values: rules } }),
  };
  const result = await page.evaluate((asked) => globalThis.axe.run(document, asked), options);
  return result.violations.map((v) => `${page.url()} ${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`);
}

/// Whether the page can be read without scrolling sideways.
export function fits(page) {
  return page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
}
