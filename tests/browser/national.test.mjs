// The national door: an analyst makes a release, somebody else approves it, anybody reads it. The workbench over its tables, and the register of evidence gaps.
// axe looks at every page, at both widths.
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { analyst, approver, countOf, editor, manager } from "./support/plumbline.mjs";
import { look, openSession } from "./support/session.mjs";

let publication;
const session = openSession();

test("a release goes from an analyst by a second person to the public", async () => {
  const page = await session.pageOf(analyst);
  await page.goto(session.service.national);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Releases" }).click();
  await look(page);
  await page.getByRole("link", { name: "Make a release" }).click();
  await look(page);
  await page.getByLabel("For the person who approves it").fill("The first one");
  await page.getByRole("button", { name: "Make the release" }).click();
  await page.getByText("Waits for approval").waitFor();
  await look(page);
  await page.getByText("none can be narrowed down too far").waitFor();
  assert.equal(await countOf(page.getByRole("button", { name: "Approve" })), 0, "nobody approves what they prepared");
  const release = page.url();

  const second = await session.pageOf(approver);
  await second.goto(release);
  await look(second);
  await second.getByRole("link", { name: "From referral to completion" }).click();
  await look(second);
  await second.goto(release);
  await second.getByLabel("What you checked").fill("Coverage, hidden counts, three tables");
  await second.getByRole("button", { name: "Approve" }).click();
  await second.getByText("Coverage, hidden counts, three tables").waitFor();

  await page.goto(release);
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByRole("link", { name: "See what the public sees" }).click();
  publication = page.url();
  await second.context().close();
  await page.context().close();
});

test("anybody reads what is published", async () => {
  const page = await session.page();
  await page.goto(`${session.service.national}/publications`);
  await look(page);
  await page.getByRole("link", { name: /^Practice guide delivery/ }).click();
  assert.equal(page.url(), publication);
  await page.locator("[data-chart=adoption] svg").waitFor();
  await page.locator("[data-chart=steps] svg").waitFor();
  await look(page);
  await page.getByRole("link", { name: "How these figures are made" }).click();
  await look(page);
  await page.goto(`${publication}/tables/practice_guide_fidelity`);
  await page.getByLabel("Places").selectOption("Local authorities, by name");
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByRole("rowheader", { name: "Hartlepool" }).waitFor();
  await look(page);
  const file = await page.request.get(`${publication}/files/practice_guide_pathway.csv`);
  assert.match(await file.text(), /^time_period,time_identifier,geographic_level,/);
  await page.context().close();
});

test("an analyst turns a table and saves the view", async () => {
  const page = await session.pageOf(analyst);
  await page.goto(`${session.service.national}/workbench`);
  await look(page);
  await page.getByLabel("Rows").selectOption("Programme");
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByRole("columnheader", { name: "Completed" }).waitFor();
  await page.getByRole("rowheader", { name: "Total" }).waitFor();
  await page.getByLabel("Name of this view").fill("Programmes by step");
  await page.getByRole("button", { name: "Save this view" }).click();
  await page.getByRole("link", { name: "Programmes by step" }).waitFor();
  await look(page);
  const csv = await page.request.get(await page.getByRole("link", { name: "CSV" }).getAttribute("href").then((href) => session.service.national + href));
  assert.match(await csv.text(), /Disclosure status/);
  await page.context().close();
});

test("an author of guides follows a gap in the evidence", async () => {
  const page = await session.pageOf(editor);
  await page.goto(`${session.service.national}/evidence`);
  await look(page);
  await page.getByLabel("What is not known").fill("Whether groups work as well by video");
  await page.getByRole("button", { name: "Add to the register" }).click();
  await page.getByText("Nothing is known to have been done about it.").waitFor();
  await page.getByLabel("Where it stands now").selectOption("Call for funding");
  await page.getByRole("button", { name: "Add to its life" }).click();
  await page.getByRole("alert").getByRole("link", { name: "Enter what happened." }).waitFor();
  await look(page);
  await page.getByLabel("What happened").fill("Call 2026-3");
  await page.getByLabel("When").fill("1/11/2026");
  await page.getByRole("button", { name: "Add to its life" }).click();
  await page.getByText("1 November 2026, Call for funding: Call 2026-3").waitFor();
  await look(page);
  await page.goto(`${session.service.national}/evidence`);
  await page.getByRole("link", { name: /structured home visiting/ }).first().click();
  await page.getByLabel("Effect to be found").fill("0.5");
  await page.getByRole("button", { name: "Work it out" }).click();
  await page.getByText("63 in each arm are needed for 80%").waitFor();
  await look(page);
  await page.context().close();
});

const published = resolve("../../../shared/data/ees");
test("an analyst loads a published file and sets it beside a measure", { skip: !existsSync(published) && "the published files are not here" }, async () => {
  const page = await session.pageOf(analyst);
  await page.goto(`${session.service.national}/context`);
  await page.getByRole("button", { name: "Load the file" }).click();
  await page.getByRole("alert").getByText("Choose the data file.").waitFor();
  await look(page);
  const file = readdirSync(published).find((name) => name.endsWith(".csv") && !name.endsWith(".meta.csv"));
  await page.getByLabel("Data file", { exact: true }).setInputFiles(join(published, file));
  await page.getByLabel("What to call it").fill("Children looked after");
  await page.getByLabel("Source and date").fill("Department for Education, November 2025");
  await page.getByRole("button", { name: "Load the file" }).click();
  await page.getByRole("rowheader", { name: "Children looked after" }).waitFor();
  await look(page);
  await page.goto(`${session.service.national}/england`);
  await page.getByRole("link", { name: /structured parenting programme/ }).first().click();
  await page.getByRole("link", { name: "Attended enough to count as completers" }).first().click();
  await page.locator("[data-chart=funnel]").waitFor();
  const official = page.getByLabel("Official figure beside it");
  await official.selectOption({ index: 1 });
  await page.getByLabel("England by").selectOption("sex");
  await page.getByLabel("In the order of").selectOption("Shares");
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByText("It stands beside delivery, and is part of no level.").waitFor();
  await page.getByText("an order, not a judgement").waitFor();
  await look(page);
  await page.goto(`${session.service.national}/groups`);
  await look(page);
  await page.context().close();
});

test("an author of guides drafts the next version", async () => {
  const page = await session.pageOf(editor);
  await page.goto(`${session.service.national}/guidance`);
  await look(page);
  await page.getByRole("button", { name: "Draft the next version of Kinship Care" }).click();
  await page.getByText("It cannot be published yet").waitFor();
  await look(page);
  await page.getByLabel("Version", { exact: true }).fill("2027-04");
  await page.getByLabel("In force from").fill("1/4/2020");
  await page.getByLabel("What this version changes").fill("");
  await page.getByRole("button", { name: "Save and check" }).click();
  await page.getByRole("alert").getByRole("link", { name: "Say something here." }).waitFor();
  await look(page);
  await page.getByLabel("What this version changes").fill("Asks for more sessions.");
  await page.getByLabel("In force from").fill("1/4/2027");
  await page.getByRole("group", { name: "Sessions attended, of those expected" }).first().getByLabel("At least, per cent").fill("95");
  await page.getByRole("button", { name: "Save and check" }).click();
  await page.getByText("Nothing is wrong with its shape").waitFor();
  await page.getByRole("cell", { name: /95%/ }).first().waitFor();
  await look(page);
  await page.getByRole("button", { name: "Publish this version" }).click();
  await page.locator(".govuk-caption-l", { hasText: "Published" }).waitFor(); // the page looks again by itself
  await page.goto(`${session.service.national}/guidance`);
  await page.getByText("Version 2027-04, in force from 1 April 2027. Asks for more sessions.").waitFor();
  const home = await session.pageOf(manager);
  await home.getByRole("link", { name: /Kinship Care: version 2027-04 takes effect on 1 April 2027/ }).waitFor();
  await look(home);
  await home.context().close();
  await page.context().close();
});
