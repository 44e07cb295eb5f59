// A service manager's first day: sign in, upload a messy folder, find out why a recommendation is partly delivered.
// axe looks at every page on the way, at both widths, and no page may complain in the console.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { administrator, codeOf, countOf, director, manager, neighbour, password, plumbline, signIn, startPlumbline, textOf, textsOf } from "./support/plumbline.mjs";
import { look, openSession } from "./support/session.mjs";

const session = openSession();

const csvFiles = (folder) => readdirSync(folder).filter((n) => n.endsWith(".csv")).map((n) => join(folder, n));

test("a manager reads why, down to the counts", async () => {
  const page = await session.page();
  await page.goto(session.service.address);
  assert.match(page.url(), /sign-in/);
  await look(page);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Enter your password.").first().waitFor();
  assert.match(await page.title(), /^Error: /);
  await look(page);
  await signIn(page, session.service.address);
  await page.getByRole("heading", { name: "Hartlepool: services against the guidance" }).waitFor();
  await look(page);
  await page.getByLabel("Guide").selectOption({ label: "Kinship Care" });
  await page.getByRole("button", { name: "Show" }).click();
  assert.equal(await textOf(page.locator(".app-guide h2").first()), "Kinship Care");
  const row = page.locator(".app-recommendation", { hasText: "Partly delivered" }).first();
  await row.getByRole("link", { name: /Why/ }).click();
  await page.getByRole("heading", { name: "Why this level" }).waitFor();
  assert.match(await textOf(page.locator("section[aria-labelledby=why]")), /\d+% \(\d+ of \d+ .*below the standard of at least \d+%/);
  await look(page);
  await page.locator("section[aria-labelledby=services] a").first().click();
  await page.locator("figure svg").waitFor();
  await look(page);
  await page.getByLabel("Measure in the chart").selectOption("dose");
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByRole("heading", { name: "Sessions attended, of those expected by quarter" }).waitFor();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Services" }).click();
  await look(page);
  await page.getByRole("link", { name: "Trauma-informed practice" }).click();
  await page.getByText("In use, not evidenced").waitFor();
  await look(page);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goto(`${session.service.address}/services`);
  assert.match(page.url(), /sign-in/);
  await page.context().close();
});

test("a manager unfolds a figure to its records", async () => {
  const page = await session.pageOf(manager);
  await page.getByRole("link", { name: "Services" }).click();
  await page.getByRole("link", { name: "Parenting together" }).click();
  await page.getByRole("heading", { name: "How it was delivered" }).waitFor();
  await page.getByRole("link", { name: "Attended enough to count as completers" }).click();
  await page.getByRole("heading", { name: "What counts" }).waitFor();
  await page.getByText("the date ended is in the quarter").first().waitFor();
  await look(page);
  const [counted, all] = (await textOf(page.getByText(/\d+ of the service's \d+ episodes count/))).match(/\d+/g).map(Number);
  const excluded = await textsOf(page.locator("#exclusions-caption").locator("..").locator("tbody td"));
  assert.equal(counted + excluded.map(Number).reduce((a, b) => a + b, 0), all, "every record is accounted for");
  await page.getByRole("link", { name: "Next page" }).click();
  assert.match(page.url(), /page=2/);
  await look(page);
  const certificate = await page.request.get(await page.getByRole("link", { name: "certificate of this figure" }).getAttribute("href").then((href) => session.service.address + href));
  assert.equal(JSON.parse(await certificate.text()).records.counted, counted);
  await page.context().close();
});

test("a manager sees what a guide's new version would mean", async () => {
  const guide = JSON.parse(readFileSync(resolve("../../schema/guidance/kinship-care.json"), "utf8")).guides[0];
  guide.version = "2099 draft";
  guide.effective_from = "2099-04-01";
  guide.changes = "Asks for more.";
  for (const recommendation of guide.recommendations) for (const standard of recommendation.standards) standard.at_least = 0.99;
  const file = join(session.service.dataDir, "next.json");
  writeFileSync(file, JSON.stringify({ guides: [guide] }));
  plumbline(session.service.dataDir, ["catalogue", "load", file]);
  const page = await session.pageOf(manager);
  await page.getByRole("link", { name: "Versions of Kinship Care" }).click();
  await page.getByText("To come").waitFor();
  await page.getByText(/levels? would be another one/).waitFor();
  await page.getByText(/at least 99%/).first().waitFor();
  await page.getByText("Plan how this standard will be met").first().waitFor();
  await look(page);
  await page.context().close();
});

test("everything works without script", async () => {
  const page = await session.pageOf(manager, { javaScriptEnabled: false });
  await page.getByRole("link", { name: "Services" }).click();
  await page.getByRole("link", { name: "Kinship navigators, north" }).click();
  await page.getByRole("row", { name: /2026|2025/ }).first().waitFor();
  await page.context().close();
});

test("files with problems are refused with their places, and nothing is stored", async () => {
  const page = await session.pageOf(manager);
  await page.getByRole("link", { name: "Upload records" }).click();
  await look(page);
  await page.getByRole("button", { name: "Check the files" }).click();
  await page.getByText("Choose at least one file.").first().waitFor();
  await look(page);
  await page.getByLabel("Files: CSV, XLSX or ODS").setInputFiles({
    name: "services.csv", mimeType: "text/csv",
    buffer: Buffer.from("service_ref,intervention,name,stage,started_on\nN1,kinship-navigator,New,full,31/02/2026\nN2,unheard-of,<b>Bold</b>,full,01/02/2026\n"),
  });
  await page.getByRole("button", { name: "Check the files" }).click();
  await page.getByRole("heading", { name: "These files cannot be stored" }).waitFor();
  const problems = await textOf(page.locator(".app-problems"));
  assert.match(problems, /services.csv, row 2, started_on\s+It holds “31\/02\/2026”. Use a real date, like 30\/06\/2025./);
  assert.match(problems, /services.csv, row 3, intervention\s+It holds “unheard-of”/);
  await look(page);
  await page.goto(`${session.service.address}/services`);
  assert.equal(await countOf(page.getByRole("link", { name: "New" })), 0);
  await page.context().close();
});

test("a checked upload is stored on confirming and changes what the guidance page says", async () => {
  const page = await session.pageOf(neighbour);
  await page.getByRole("link", { name: "Upload records" }).click();
  await page.getByLabel("Files: CSV, XLSX or ODS").setInputFiles({
    name: "services.csv", mimeType: "text/csv",
    buffer: Buffer.from("Service Ref;INTERVENTION;name;stage;started_on;DOB\r\nX1;carer-cbt;Talking it through;exploration;01/02/2026;\r\n"),
  });
  await page.getByRole("button", { name: "Check the files" }).click();
  await page.getByRole("heading", { name: "These files can be stored" }).waitFor();
  await page.getByText("The column DOB of services.csv is not one that Plumbline keeps").waitFor();
  await look(page);
  await page.getByRole("button", { name: "Store these records" }).click();
  await page.getByRole("heading", { name: "Your records are stored" }).waitFor();
  await look(page);
  await page.getByRole("link", { name: "See your services against the guidance" }).click();
  const row = page.locator(".app-recommendation", { hasText: "cognitive behavioural therapy" });
  assert.match(await textOf(row), /Planned/);
  await page.context().close();
});

test("a director reads but does not upload, and nobody sees another authority's services", async () => {
  const page = await session.pageOf(director);
  assert.equal(await countOf(page.getByRole("link", { name: "Upload records" })), 0);
  await page.goto(`${session.service.address}/uploads`);
  await page.getByRole("heading", { name: "You may not do this" }).waitFor();
  await page.goto(`${session.service.address}/services`);
  const place = await page.getByRole("link", { name: "Kinship navigators, north" }).getAttribute("href");
  const other = await session.pageOf(neighbour);
  const answer = await other.goto(session.service.address + place);
  assert.equal(answer.status(), 404);
  await look(other);
  await page.context().close();
  await other.context().close();
});

test("an administrator invites a director, who sets up codes and delegates", async () => {
  const page = await session.pageOf(administrator);
  await page.getByRole("heading", { name: "People", level: 1 }).waitFor();
  await look(page);
  await page.getByRole("link", { name: "Sam Okafor" }).click();
  await page.getByRole("button", { name: "Confirm that the access is still needed" }).click();
  await page.getByText("Access confirmed").waitFor();
  await look(page);
  await page.goto(`${session.service.address}/people/invite`);
  await page.getByRole("button", { name: "Make the invitation" }).click();
  await page.getByText("Enter their name.").first().waitFor();
  await look(page);
  await page.getByLabel("Their name").fill("Mo Lane");
  await page.getByLabel("Their e-mail address").fill("mo@hartlepool.example");
  await page.getByLabel("Their role").selectOption({ label: "Director of children's services" });
  await page.getByRole("button", { name: "Make the invitation" }).click();
  const link = await textOf(page.locator(".app-link code"));
  await look(page);
  await page.goto(`${session.service.address}/audit?words=invited`);
  await page.getByRole("cell", { name: "Person invited" }).first().waitFor();
  await look(page);

  const theirs = await session.page();
  await theirs.goto(link);
  await look(theirs);
  await theirs.getByLabel("Choose a password").fill("four plain words here");
  await theirs.getByRole("button", { name: "Join" }).click();
  await theirs.getByRole("heading", { name: "Set up one-time codes" }).waitFor();
  await look(theirs);
  const secret = (await textOf(theirs.locator(".app-key"))).replaceAll(" ", "");
  await theirs.getByLabel("The code that your app shows now").fill(codeOf(secret));
  await theirs.getByRole("button", { name: "Continue" }).click();
  await theirs.getByRole("heading", { name: "Keep your recovery codes" }).waitFor();
  assert.equal(await countOf(theirs.locator(".app-codes li")), 10);
  await look(theirs);
  await theirs.getByRole("link", { name: "I have kept them, continue" }).click();
  await theirs.getByRole("heading", { name: "Hartlepool: services against the guidance" }).waitFor();
  await theirs.getByRole("link", { name: "Sign-off" }).click();
  await theirs.getByLabel("First day").fill("1/1/2099");
  await theirs.getByLabel("Last day").fill("31/12/2098");
  await theirs.getByRole("button", { name: "Let them sign off" }).click();
  await theirs.getByText("Give a last day that is not before the first.").first().waitFor();
  await look(theirs);
  await theirs.getByLabel("Last day").fill("3/1/2099");
  await theirs.getByRole("button", { name: "Let them sign off" }).click();
  await theirs.getByText("from 1 January 2099 to 3 January 2099").first().waitFor();
  await look(theirs);
  await theirs.getByRole("link", { name: /Mo Lane/ }).click();
  await theirs.getByRole("heading", { name: "Where you are signed in" }).waitFor();
  await look(theirs);
  await theirs.getByRole("link", { name: "Change your password" }).click();
  await look(theirs);
  await page.context().close();
  await theirs.context().close();
});

test("repeated failures lock an account, in the same words as any other failure", async () => {
  const page = await session.page();
  await page.goto(`${session.service.address}/sign-in`);
  for (let attempt = 0; attempt < 6; attempt++) {
    await page.getByLabel("E-mail address").fill(manager);
    await page.getByLabel("Password").fill(attempt < 5 ? "not the password" : password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("is not right, or the account is locked").first().waitFor();
  }
  await page.context().close();
});

const oracle = resolve("../../../shared/oracle");
test("a messy folder from a case system, end to end", { skip: !existsSync(oracle) && "the oracle is not here" }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "plumbline-messy-"));
  execFileSync("python3", [join(oracle, "make_intake.py"), folder, "--seed", "7"]);
  const fresh = await startPlumbline("migrated");
  plumbline(fresh.dataDir, ["catalogue", "load", join(oracle, "catalogue/guides.json"), join(oracle, "catalogue/interventions.json")]);
  plumbline(fresh.dataDir, ["user", "add", "--email", manager, "--authority", "E06000001"], { input: `${password}\n` });
  const page = await session.page();
  await signIn(page, fresh.address);
  await page.getByText("There are no records yet").waitFor();
  await look(page);
  await page.goto(`${fresh.address}/uploads`);
  await page.getByLabel("Files: CSV, XLSX or ODS").setInputFiles(csvFiles(join(folder, "messy")));
  await page.getByRole("button", { name: "Check the files" }).click();
  await page.getByRole("button", { name: "Store these records" }).click();
  await page.getByRole("heading", { name: "Your records are stored" }).waitFor();
  await page.goto(`${fresh.address}/?quarter=2025-26-Q3`);
  const expected = JSON.parse(execFileSync("python3", [join(oracle, "figures.py"), join(folder, "clean"), "--quarter", "2025-26 Q3"]));
  while (await countOf(page.getByText("being brought up to date"))) await page.reload();
  const levels = await textsOf(page.locator(".app-recommendation .govuk-tag"));
  assert.deepEqual(levels.map((l) => l.toLowerCase()), expected.recommendations.map((r) => r.level));
  await page.context().close();
  assert.equal(await fresh.stop(), 0);
  rmSync(folder, { recursive: true });
});

