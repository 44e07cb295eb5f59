// What every file of browser tests begins with: a service of its own, a browser, people who sign in once each, and one way to look at a page.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { accessibilityFaults, analyst, approver, editor, fits, inspector, inspectorate, manager, neighbour, newPage, signIn, startBrowser, startPlumbline } from "./plumbline.mjs";

const doors = new Map([[inspector, "inspection"], [inspectorate, "inspection"], [analyst, "national"], [approver, "national"], [editor, "national"]]);
const withoutCodes = new Set([manager, neighbour]);

/// Starts before the file's first test and ends after its last; `recipe` and `environment` as startPlumbline takes them.
export function openSession(recipe, environment) {
  const kept = new Map();
  const session = {
    /// A page of somebody who is signed in, at their door's home. Each person signs in once, because each time takes a new code.
    async pageOf(email, options = {}) {
      const page = await newPage(session.browser, { storageState: kept.get(email), ...options });
      const address = doors.has(email) ? session.service[doors.get(email)] : session.service.address;
      if (kept.has(email)) {
        await page.goto(address);
        return page;
      }
      await signIn(page, address, email, withoutCodes.has(email) ? undefined : session.service.dataDir);
      await page.getByRole("navigation", { name: "Main" }).waitFor();
      kept.set(email, await page.context().storageState());
      return page;
    },
    /// A page of nobody.
    page: (options = {}) => newPage(session.browser, options),
  };
  before(async () => {
    session.service = await startPlumbline(recipe, environment);
    session.browser = await startBrowser();
  });
  after(async () => {
    await session.browser?.close();
    assert.equal(await session.service?.stop(), 0, "the service ends in order");
  });
  return session;
}

// What another width can change of what axe sees: what is shown or hidden, how large targets are, what scrolls.
const rulesOfWidth = ["target-size", "scrollable-region-focusable", "link-name", "button-name", "heading-order", "label"];

// Contrast is two thirds of axe's time. One style sheet says it for all that has a class, at every width: each kind of page, with or
// without faults, is measured once in a file of tests. A kind is an address without what names a single thing.
const measured = new Set();
async function wasMeasured(page) {
  const place = new URL(page.url()).pathname.replace(/^(\/records\/)[^/]+|[0-9a-f]{32}|\d[\w-]*/g, "$1…");
  const kind = `${place} ${await page.locator(".govuk-error-summary").count()}`;
  const before = measured.has(kind);
  measured.add(kind);
  return before;
}

/// Every page that a person reaches is looked at, as it stands and 320 pixels wide: for everyone, without scrolling sideways, without a
/// complaint in the console.
export async function look(page) {
  await page.waitForLoadState("load");
  assert.deepEqual(await accessibilityFaults(page, { without: (await wasMeasured(page)) ? ["color-contrast"] : [] }), []);
  assert.ok(await fits(page), `${page.url()} scrolls sideways`);
  const wide = page.viewportSize();
  if (wide.width !== 320) {
    await page.setViewportSize({ width: 320, height: 900 });
    assert.ok(await fits(page), `${page.url()} scrolls sideways, 320 pixels wide`);
    assert.deepEqual(await accessibilityFaults(page, { rules: rulesOfWidth }), [], "320 pixels wide");
    await page.setViewportSize(wide);
  }
  assert.deepEqual(page.complaints, []);
}
