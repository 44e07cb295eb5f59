// The doors of those who look from outside. An inspector who has days and has never seen the product: from the sign-in to a figure that can be trusted. And what
// the authority sees of it; and an analyst of England. axe looks at every page, at both widths.
import assert from "node:assert/strict";
import { test } from "node:test";
import { analyst, countOf, inspector, inspectorate, manager } from "./support/plumbline.mjs";
import { look, openSession } from "./support/session.mjs";

const session = openSession();

/// Every page that an inspector reaches, from the list of inspections on.
async function walk(page) {
  await page.goto(`${session.service.inspection}/inspections`);
  await look(page);
  await page.getByRole("link", { name: "Hartlepool" }).first().click();
  await look(page);
  const inspection = page.url();
  await page.getByRole("link", { name: /as known on/ }).first().click();
  await page.getByRole("heading", { level: 1, name: "Hartlepool: how help is delivered" }).waitFor();
  await look(page);
  const report = page.url();
  await page.getByRole("link", { name: "Kinship navigators, north" }).first().click();
  await look(page);
  await page.getByRole("link", { name: "Sessions attended, of those expected" }).click();
  await look(page);
  for (const rest of ["/notes", "/requests", "/samples"]) {
    await page.goto(inspection + rest);
    await look(page);
  }
  return { inspection, report };
}

test("every page of an inspection is for everyone", async () => {
  const page = await session.pageOf(inspector);
  const { report } = await walk(page);
  // The first screen answers: what is delivered as intended, what is not, how sure that is.
  await page.goto(report);
  const summary = page.getByText(/^Of 15 recommendations in national Practice Guides:/);
  for (const answer of [summary, page.getByText("Delivered as intended", { exact: true }).first(), page.getByText("Partly delivered", { exact: true }).first(), page.getByText("Strong evidence", { exact: true }).first()]) {
    const box = await answer.boundingBox();
    assert.ok(box && box.y + box.height < 900, "the answer is on the first screen");
  }
  // Charts: each with a title, a text and a table of the same.
  await page.getByRole("link", { name: "Kinship navigators, north" }).first().click();
  await page.getByRole("link", { name: "Sessions attended, of those expected" }).click();
  await page.locator("[data-chart] svg").nth(2).waitFor();
  for (const chart of await page.locator("[data-chart]").all()) {
    const kind = await chart.getAttribute("data-chart");
    assert.ok((await chart.locator("figcaption").textContent()).trim().length > 20, kind);
    assert.equal(await countOf(chart.locator("xpath=../div//table")), 1, kind);
  }
});

test("a report prints as a document: without the page's furniture, and with everything to read", async () => {
  const page = await session.pageOf(inspector);
  const { report } = await walk(page);
  await page.goto(report);
  await page.emulateMedia({ media: "print" });
  for (const gone of [".app-header", ".app-navigation", ".app-footer", ".govuk-back-link"]) assert.ok(!(await page.locator(gone).first().isVisible()), gone);
  for (const there of ["#glance", "#unknown", "#made", ".app-contents"]) assert.ok(await page.locator(there).isVisible(), there);
  const sheet = await page.request.get(await page.locator("link[media=print]").getAttribute("href").then((href) => new URL(href, report).href));
  assert.match(await sheet.text(), /@top-left.*Hartlepool[\s\S]*@bottom-right.*counter\(page\)/);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  assert.ok(pdf.length > 50_000);
});

test("notes, a request and its answer, a sample: the team and the authority each see what is theirs", async () => {
  const page = await session.pageOf(inspector);
  const { inspection } = await walk(page);
  await page.goto(`${inspection}/notes`);
  await page.getByLabel("Note").fill("Ask about supervision in the south");
  await page.getByRole("button", { name: "Add the note" }).click();
  await page.getByText("Ask about supervision in the south").waitFor();
  await page.goto(`${inspection}/requests`);
  await page.getByLabel("What you ask for").fill("Minutes of supervision");
  await page.getByRole("button", { name: "Ask the authority" }).click();
  await page.getByText("Waits for an answer").waitFor();
  await page.goto(`${inspection}/samples`);
  await page.getByLabel("Sorted by").selectOption("service");
  await page.getByLabel("How many of each").fill("2");
  await page.getByLabel("Seed").fill("spring-7");
  await page.getByRole("button", { name: "Draw the sample" }).click();
  await page.getByRole("heading", { name: /Seed spring-7/ }).waitFor();
  await page.waitForFunction(() => {
    if (document.body.textContent.includes("Record 1")) return true;
    location.reload();
    return false;
  });
  await look(page);

  const theirs = await session.pageOf(manager);
  await theirs.getByRole("link", { name: /request of inspectors waits for your answer/ }).click();
  await look(theirs);
  await theirs.getByRole("link", { name: "Standard", exact: true }).click();
  await look(theirs);
  assert.equal(await countOf(theirs.getByText("Ask about supervision in the south")), 0);
  assert.ok((await countOf(theirs.getByText("inspector@inspectorate.example"))) > 3, "every look is listed");
  await theirs.getByLabel("Answer to request 1").fill("In the shared folder, under supervision");
  await theirs.getByRole("button", { name: "Answer", exact: true }).click();
  await theirs.getByText("Your answer:").waitFor();
  await theirs.getByRole("link", { name: /Seed spring-7/ }).click();
  await look(theirs);
  await theirs.getByText(/S01-E/).first().waitFor();
  await page.goto(`${inspection}/requests`);
  await page.getByText("In the shared folder, under supervision").waitFor();
  await page.getByRole("button", { name: /^Close it/ }).click();
  await page.getByText("Closed").waitFor();
});

test("an administrator opens an inspection; the authority writes its self-evaluation and gives it", async () => {
  const page = await session.pageOf(inspectorate);
  await page.goto(`${session.service.inspection}/administration`);
  await look(page);
  await page.getByRole("link", { name: "Open an inspection" }).click();
  await look(page);
  await page.getByRole("button", { name: "Open the inspection" }).click();
  assert.match(await page.title(), /^Error:/);
  await look(page);
  await page.getByLabel("Authority", { exact: true }).selectOption({ label: "Middlesbrough" });
  await page.getByLabel("Kind").selectOption("focused visit");
  const day = (later) => new Date(Date.now() + later * 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel("Inspectors may look from").fill(day(0));
  await page.getByLabel("Last day").fill(day(20));
  await page.getByRole("button", { name: "Open the inspection" }).click();
  await page.getByLabel("Add an inspector").selectOption({ index: 1 });
  await page.getByRole("button", { name: "Add to the team" }).click();
  await page.getByText("Chris Adeyemi").first().waitFor();
  await look(page);

  const theirs = await session.pageOf(manager, { viewport: { width: 320, height: 800 } });
  await theirs.goto(`${session.service.address}/self-evaluation`);
  await look(theirs);
  await theirs.getByRole("link", { name: "Write about HP1", exact: true }).click();
  await look(theirs);
  assert.match(await theirs.getByLabel("How do you know it?").inputValue(), /Recommendations that speak to this/);
  await theirs.getByLabel("What do you know about the quality and impact of practice?").fill("Families in the north start in time");
  await theirs.getByRole("button", { name: "Save" }).click();
  await theirs.getByText("Families in the north start in time").waitFor();
  await theirs.getByRole("button", { name: "Give it as it stands" }).click();
  await theirs.getByText(/Your self-evaluation was given/).waitFor();
  await look(theirs);
});

test("the whole of it works without script", async () => {
  const page = await session.pageOf(inspector, { javaScriptEnabled: false });
  await page.goto(`${session.service.inspection}/inspections`);
  await page.getByRole("link", { name: "Hartlepool" }).first().click();
  await page.getByRole("button", { name: "Make the report" }).click();
  await page.getByRole("heading", { level: 1, name: "Hartlepool: how help is delivered" }).waitFor();
  await page.getByRole("link", { name: "Kinship navigators, north" }).first().click();
  await page.getByRole("heading", { name: /From referral to completion/ }).first().waitFor();
});

test("England adds up for an analyst: the recommendation, the region, dose or quality", async () => {
  const page = await session.pageOf(analyst);
  await page.goto(`${session.service.national}/england`);
  await look(page);
  await page.getByRole("link", { name: /Offer specialist support that helps kinship carers/ }).click();
  await page.getByText(/whether it is dose, quality/).waitFor();
  await look(page);
  await page.getByRole("link", { name: "Sessions attended, of those expected" }).click();
  await page.getByLabel("By", { exact: true }).selectOption("authority");
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByRole("rowheader", { name: "Gateshead" }).waitFor();
  await look(page);
  await page.goto(`${session.service.national}/context`);
  await look(page);
});
