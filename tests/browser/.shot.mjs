import { signIn, startBrowser, newPage, accessibilityFaults, fits, manager, director } from "/work/main/tests/browser/support/plumbline.mjs";
const base = process.env.BASE ?? "http://127.0.0.1:8123";
const who = process.env.WHO ?? manager;
const widths = (process.env.W ?? "1280,320").split(",").map(Number);
const browser = await startBrowser();
const paths = process.argv.slice(2);
for (const w of widths) {
  const page = await newPage(browser, { viewport: { width: w, height: 900 } });
  await signIn(page, base, who, process.env.CODES);
  for (let p of paths) {
    let [path, ...clicks] = p.split("|");
    const r = await page.goto(base + path);
    for (const c of clicks) { await page.getByRole("link", { name: c }).first().click(); }
    const name = "/tmp/shots/" + (page.url().replace(base, "").replace(/[^a-z0-9]+/gi, "_") || "home").slice(0, 60) + "_" + w + ".png";
    await page.screenshot({ path: name, fullPage: true });
    console.log(r.status(), page.url(), await page.title(), JSON.stringify(await accessibilityFaults(page)), await fits(page), JSON.stringify(page.complaints), name);
  }
  await page.context().close();
}
await browser.close();
