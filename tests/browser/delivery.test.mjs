// The register, delivery and the quarter's return by hand, as a service manager short of time does them: how many
// interactions each task takes is counted. axe looks at every page, at both widths.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { administrator, countOf, director, manager, textOf } from "./support/plumbline.mjs";
import { look, openSession } from "./support/session.mjs";

const session = openSession();

/// Signed in, with `page.acts`: how often the person has pressed, chosen or filled in something since it was set to 0.
async function signedIn(options = {}, email = manager) {
  const page = await session.pageOf(email, options);
  page.acts = 0;
  page.does = async (act) => {
    page.acts += 1;
    await act;
  };
  return page;
}

async function uploaded(page, name, content) {
  await page.goto(`${session.service.address}/uploads`);
  await page.getByLabel("Files: CSV, XLSX or ODS").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(content) });
  await page.getByRole("button", { name: "Check the files" }).click();
  await page.getByRole("heading", { level: 1, name: /These files|Some rows|What do these columns mean/ }).waitFor();
}

async function placeOf(page, name) {
  await page.goto(`${session.service.address}/services`);
  return page.getByRole("link", { name }).getAttribute("href");
}

const today = new Date().toISOString().slice(0, 10);

test("every page of the register, delivery and returns is for everyone", async () => {
  const page = await signedIn();
  const north = await placeOf(page, "Kinship navigators, north");
  const paths = ["/records", "/declarations", "/actions", "/quality", "/returns", "/kept-forms", "/uploads",
    `${north}/attendance`, `${north}/reviews/new`, "/declarations/kc-navigator"];
  for (const kind of ["services", "service_stages", "service_partners", "sites", "practitioners", "supervisions", "episodes",
    "family_meetings", "sessions", "outcome_scores", "adaptations", "feedback"]) paths.push(`/records/${kind}`, `/records/${kind}/new`);
  paths.push("/records/fidelity_reviews", "/records/actions/new");
  for (const path of paths) {
    const answer = await page.goto(session.service.address + path);
    assert.equal(answer.status(), 200, path);
    await look(page);
  }
  for (const kind of ["services", "episodes", "sessions", "fidelity_reviews", "practitioners"]) {
    await page.goto(`${session.service.address}/records/${kind}`);
    await page.locator("#records tbody a, table tbody a").first().click();
    await look(page);
    const change = page.getByRole("link", { name: /^Change this/ });
    if ((await change.count()) === 0) continue;
    await change.first().click();
    await look(page);
  }
  await page.goto(`${session.service.address}/returns`);
  await page.locator("main li a").nth(1).click();
  await look(page);
  await page.context().close();
});

/// Ten children of one group, under way since the first of the month before.
const groupOfTen = "episode_ref,service_ref,child_ref,age_band,sex,ethnic_group,disabled,need,referred_on,started_on,group_name\n" +
  Array.from({ length: 10 }, (_, i) => `G-${i},S03,T${i},5-9,female,White,no,stability,2026-01-05,2026-01-12,Thursdays\n`).join("");

test("the attendance of ten children takes fewer than fifteen interactions", async () => {
  const page = await signedIn();
  await uploaded(page, "episodes.csv", groupOfTen);
  await page.getByRole("button", { name: "Store these records" }).click();
  await page.getByRole("heading", { name: "Your records are stored" }).waitFor();

  await page.does(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Services" }).click());
  await page.does(page.getByRole("link", { name: "Kinship parenting groups" }).click());
  await page.does(page.getByRole("link", { name: "Record attendance" }).click());
  await page.does(page.getByLabel("Group").selectOption("Thursdays"));
  await page.does(page.getByRole("button", { name: "Show" }).click());
  await page.getByRole("heading", { name: "Who attended, 10 in all" }).waitFor();
  await look(page);
  await page.does(page.getByLabel("Practitioner").selectOption({ index: 1 }));
  await page.does(page.getByLabel("Minutes").fill("90"));
  await page.does(page.getByLabel("G-3", { exact: true }).selectOption("Missed"));
  await page.does(page.getByRole("button", { name: "Save attendance" }).click());
  await page.getByText("Attendance is saved").waitFor();
  assert.ok(page.acts < 15, `${page.acts} interactions`);
  await page.goto(`${session.service.address}/records/sessions?words=G-3`);
  assert.match(await textOf(page.locator("tbody")), /missed/i);
  await page.context().close();
});

test("a review is scored by the keyboard alone, with its score as it grows", async () => {
  const page = await signedIn();
  const place = await placeOf(page, "Kinship navigators, north");
  await page.goto(`${session.service.address}${place}/reviews/new`);
  await page.getByLabel("Session").selectOption({ index: 1 });
  await page.getByLabel("Who rated", { exact: true }).focus();
  await page.keyboard.type("obs");
  const items = await countOf(page.locator("[data-item]"));
  await page.locator("[data-item] input").first().focus();
  await page.keyboard.press("2");
  await page.getByText(/Score so far: \d+%/).waitFor();
  for (let item = 1; item < items; item++) await page.keyboard.press(item === 2 ? "n" : "1");
  await page.getByText("Every required item is answered.").waitFor();
  const score = (await textOf(page.locator("[data-score]"))).match(/\((\d+) of (\d+) points\)/);
  await look(page);
  for (let tab = 0; tab < 5 && (await page.evaluate(() => document.activeElement.innerText)) !== "Finish the review"; tab++) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByText("Saved. Figures are being brought up to date.").waitFor();
  assert.ok(score[1] > 0 && score[2] > score[1] / 2);
  assert.match(await textOf(page.locator("main")), /Observer/);
  await look(page);
  await page.context().close();
});

test("two who change one record both keep what they typed", async () => {
  const first = await signedIn();
  const second = await signedIn();
  for (const page of [first, second]) await page.goto(`${session.service.address}/records/services/S01/edit`);
  await first.getByLabel("Provider").fill("North charity");
  await first.getByRole("button", { name: "Save", exact: true }).click();
  await first.getByText("Saved.").waitFor();
  await second.getByLabel("Provider").fill("South charity");
  await second.getByLabel("Places in a year").fill("77");
  await second.getByRole("button", { name: "Save", exact: true }).click();
  await second.getByRole("heading", { name: "Someone else changed this service" }).waitFor();
  await look(second);
  await second.getByLabel("As you typed it: 77").check();
  await second.getByRole("button", { name: "Save what is chosen" }).click();
  await second.getByText("Saved.").waitFor();
  const said = await textOf(second.locator("main"));
  assert.match(said, /North charity/);
  assert.match(said, /77/);
  assert.match(said, /Provider: .* became North charity/);
  await look(second);
  await first.context().close();
  await second.context().close();
});

test("a form that is put aside is found again, also when the session ended meanwhile", async () => {
  const page = await signedIn();
  await page.goto(`${session.service.address}/records/sites/new`);
  await page.getByLabel("Name").fill("The old library");
  await page.getByRole("button", { name: "Save for later" }).click();
  await page.goto(session.service.address);
  await page.getByRole("link", { name: /unfinished/ }).click();
  await look(page);
  await page.locator("main a").first().click();
  assert.equal(await page.getByLabel("Name").inputValue(), "The old library");
  await look(page);
  await page.getByLabel("Service", { exact: true }).selectOption({ index: 1 });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Saved.").waitFor();
  await page.goto(`${session.service.address}/kept-forms`);
  assert.equal(await countOf(page.getByRole("link", { name: /Add a site/ })), 0);
  await page.context().close();
});

test("good rows of a file are stored, and only the others are corrected and sent again", async () => {
  const page = await signedIn();
  const head = "site_ref,service_ref,name\n";
  await uploaded(page, "sites.csv", `${head}hall,S01,The hall\nhut,S99,The hut\nshop,S01,The shop\n`);
  await look(page);
  await page.getByRole("button", { name: /^Store/ }).click();
  await page.getByRole("heading", { name: "Rows to correct" }).waitFor();
  await look(page);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: /Rows to correct, file/ }).click()]);
  const rows = readFileSync(await download.path(), "utf8");
  assert.match(rows, /hut,S99,The hut,"service_ref: Name a service/);
  assert.doesNotMatch(rows, /The shop/);
  await uploaded(page, "sites.csv", rows.replace("S99", "S02"));
  await page.getByRole("button", { name: "Store these records" }).click();
  await page.getByRole("heading", { name: "Your records are stored" }).waitFor();
  await page.goto(`${session.service.address}/uploads`);
  assert.equal(await countOf(page.getByText("Still to be corrected")), 0);
  await page.goto(`${session.service.address}/records/sites?words=The`);
  assert.equal(await countOf(page.locator("tbody tr")), 4);
  await page.context().close();
});

test("an export with other headings is explained once, then read without asking", async () => {
  const page = await signedIn();
  const file = (reference) => `Venue ID;Team;Building\n${reference};S01;Building ${reference}\n`;
  await uploaded(page, "export.csv", file("v1"));
  await page.getByRole("link", { name: "Say what the columns mean" }).click();
  await look(page);
  await page.getByLabel("What does each row of export.csv hold?").selectOption("sites");
  await page.getByRole("button", { name: "Show the columns" }).click();
  await look(page);
  await page.getByLabel("Your reference", { exact: true }).selectOption("Venue ID");
  await page.getByLabel("Service", { exact: true }).selectOption("Team");
  await page.getByLabel("Name", { exact: true }).selectOption("Building");
  await page.getByRole("button", { name: "Remember this, and check the file" }).click();
  await page.getByRole("heading", { name: "These files can be stored" }).waitFor();
  await uploaded(page, "export-of-may.csv", file("v2"));
  await page.getByRole("heading", { name: "These files can be stored" }).waitFor();
  await page.context().close();
});

test("a quarter's return, from the home page to the director's signature, takes fewer than forty interactions", async () => {
  const page = await signedIn();
  await page.does(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Returns" }).click());
  await page.does(page.locator("main li a").nth(1).click());
  await look(page);
  for (const reason of await page.getByLabel(/reason/i).all()) {
    await page.does(reason.fill("Checked against the case files: it is right."));
  }
  await page.does(page.getByLabel("Comment on the quarter (optional)").fill("Two navigators joined in August."));
  await page.does(page.getByRole("button", { name: "Save, and send to the director" }).click());
  await page.getByText("Sent to the director").first().waitFor();
  await look(page);
  const place = page.url();

  const theirs = await signedIn({}, director);
  await theirs.goto(session.service.address);
  await theirs.does(theirs.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Returns" }).click());
  await theirs.does(theirs.locator("main li a").nth(1).click());
  await theirs.does(theirs.getByRole("button", { name: "Sign off", exact: true }).click());
  await theirs.getByText("Signed off").first().waitFor();
  await look(theirs);
  assert.match(await textOf(theirs.locator(".app-key code")), /^[0-9a-f]{64}$/);
  assert.ok(page.acts + theirs.acts < 40, `${page.acts + theirs.acts} interactions`);
  await page.goto(place);
  await page.getByRole("link", { name: "Version 1" }).click();
  await look(page);
  await page.context().close();
  await theirs.context().close();
});

test("a token of a case system is shown once, and ends where it is revoked", async () => {
  const page = await signedIn({}, administrator);
  await page.getByRole("link", { name: "Case systems" }).click();
  await look(page);
  await page.getByLabel("What it is").fill("Our case system");
  await page.getByLabel(/last day/i).fill("31/12/2026");
  await page.getByLabel(/Reads the authority's records/).check();
  await page.getByRole("button", { name: "Let it in" }).click();
  const token = await textOf(page.locator("main code").first());
  await look(page);
  const ask = () => fetch(`${session.service.address}/api/v1/services`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal((await ask()).status, 200);
  await page.goto(`${session.service.address}/systems`);
  assert.equal(await countOf(page.getByText(token)), 0);
  await page.getByRole("button", { name: /^End its access/ }).first().click();
  assert.equal((await ask()).status, 401);
  await look(page);
  await page.context().close();
});

test("attendance and records are kept without script as with it", async () => {
  const page = await signedIn({ javaScriptEnabled: false });
  await page.goto(`${session.service.address}/records/sites/new`);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.locator(".govuk-error-summary").waitFor();
  await page.getByLabel("Name").fill("The mill");
  await page.getByLabel("Service", { exact: true }).selectOption({ index: 1 });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Saved.").waitFor();
  await page.getByRole("button", { name: "Archive it" }).click();
  await page.getByText("It is archived").waitFor();
  await page.context().close();
});
