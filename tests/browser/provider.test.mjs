// Signing in with an identity provider: by invitation, by claims and by a known address; with the provider's keys changed
// in between, and ended from the provider's side.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { newPage, plumbline, startBrowser, startPlumbline, textOf } from "./support/plumbline.mjs";
import { newKey, signed, startProvider } from "./support/provider.mjs";

const folder = mkdtempSync(join(tmpdir(), "plumbline-provider-"));
let provider;
let service;
let browser;
let key;

before(async () => {
  provider = await startProvider([]);
  writeFileSync(join(folder, "secret"), "a secret of the client\n");
  const common = { issuer: provider.issuer, client_secret_file: join(folder, "secret") };
  writeFileSync(join(folder, "providers.json"), JSON.stringify([
    { id: "dfe", name: "Sign-in service", client_id: "plumbline", ...common },
    { id: "council", name: "the council", client_id: "plumbline-council", authority: "E06000001", ...common,
      roles: [{ claim: "groups", value: "plumbline-managers", role: "service_manager" }] },
  ]));
  service = await startPlumbline("demo", { PLUMBLINE_SIGN_IN_PROVIDERS: join(folder, "providers.json") });
  provider.register(["plumbline", "plumbline-council"].map((id) => ({
    client_id: id, client_secret: "a secret of the client", id_token_signed_response_alg: id === "plumbline" ? "RS256" : "ES256",
    redirect_uris: [`${service.address}/sign-in/with/${id === "plumbline" ? "dfe" : "council"}/return`],
  })));
  key = { RS256: newKey("RS256"), ES256: newKey("ES256") };
  provider.use([key.RS256, key.ES256]);
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  assert.equal(await service?.stop(), 0);
  await provider?.stop();
  rmSync(folder, { recursive: true });
});

/// Goes the whole way as somebody; gives the page where it ends.
async function signInAs(name, button) {
  const page = await newPage(browser);
  page.setDefaultTimeout(8000);
  await page.route(/^https:/, (route) => route.abort()); // the provider's own pages ask for a font
  await page.goto(`${service.address}/sign-in?next=/account`);
  await page.getByRole("button", { name: button }).click();
  await page.locator("input[name=login]").fill(name);
  await page.locator("input[name=password]").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.waitForURL(`${service.address}/**`);
  return page;
}

test("an invited person joins by signing in, with RS256", async () => {
  plumbline(service.dataDir, ["user", "invite", "--email", "invited@council.example", "--authority", "E06000002", "--role", "practitioner"]);
  const page = await signInAs("invited", "Sign in with Sign-in service");
  await page.getByRole("heading", { name: "Your account" }).waitFor();
  assert.match(await textOf(page.locator("main")), /Practitioner/);
  assert.match(await textOf(page.locator("header")), /Middlesbrough/);
  await page.context().close();
});

test("claims give a role in the council's own authority, with ES256", async () => {
  const page = await signInAs("jo", "Sign in with the council");
  await page.getByRole("heading", { name: "Your account" }).waitFor();
  assert.match(await textOf(page.locator("main")), /Service manager/);
  assert.match(await textOf(page.locator("header")), /Jo Reed, Hartlepool/);
  await page.context().close();
});

test("whoever has no access is told so, and an unverified address is nobody's", async () => {
  for (const [name, button] of [["stranger", "Sign in with Sign-in service"], ["unverified", "Sign in with Sign-in service"], ["stranger", "Sign in with the council"]]) {
    const page = await signInAs(name, button);
    await page.getByText("you have no access here yet").waitFor();
    await page.goto(`${service.address}/account`);
    assert.match(page.url(), /sign-in/, name);
    await page.context().close();
  }
});

test("the provider's keys change while someone is signed in, and others still sign in", async () => {
  const before = await signInAs("manager", "Sign in with Sign-in service");
  await before.getByRole("heading", { name: "Your account" }).waitFor();
  key = { RS256: newKey("RS256"), ES256: newKey("ES256") };
  provider.use([key.RS256, key.ES256]);
  await before.reload();
  await before.getByRole("heading", { name: "Your account" }).waitFor();
  const after = await signInAs("manager", "Sign in with Sign-in service");
  await after.getByRole("heading", { name: "Your account" }).waitFor();
  await before.context().close();
  await after.context().close();
});

test("the provider ends a session, and only its own word does", async () => {
  const page = await signInAs("manager", "Sign in with Sign-in service");
  await page.getByRole("heading", { name: "Your account" }).waitFor();
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: provider.issuer, aud: "plumbline", iat: now, exp: now + 60, jti: "1", sub: "manager", events: { "http://schemas.openid.net/event/backchannel-logout": {} } };
  const send = (token) => fetch(`${service.address}/sign-in/with/dfe/log-out`, { method: "POST", body: new URLSearchParams({ logout_token: token }) });
  const stranger = newKey("RS256");
  stranger.jwk.kid = key.RS256.jwk.kid;
  for (const [what, token] of [
    ["another's key", signed(stranger, claims)],
    ["no signature", `${Buffer.from('{"alg":"none"}').toString("base64url")}.${signed(key.RS256, claims).split(".")[1]}.`],
    ["another audience", signed(key.RS256, { ...claims, aud: "someone" })],
    ["another issuer", signed(key.RS256, { ...claims, iss: "https://elsewhere.example" })],
    ["too old", signed(key.RS256, { ...claims, iat: now - 900, exp: now - 600 })],
    ["a nonce", signed(key.RS256, { ...claims, nonce: "x" })],
    ["no event", signed(key.RS256, { ...claims, events: {} })],
    ["nobody", signed(key.RS256, { ...claims, sub: undefined })],
    ["nothing", "x"],
  ]) assert.equal((await send(token)).status, 403, what);
  await page.reload();
  await page.getByRole("heading", { name: "Your account" }).waitFor();
  assert.equal((await send(signed(key.RS256, claims))).status, 200);
  await page.reload();
  assert.match(page.url(), /sign-in/);
  await page.context().close();
});

test("a sign-in cannot be finished in another browser, twice, or with an invented state", async () => {
  const page = await newPage(browser);
  let back;
  page.on("request", (request) => { if (request.url().includes("/return?")) back = request.url(); });
  await page.goto(`${service.address}/sign-in`);
  await page.getByRole("button", { name: "Sign in with Sign-in service" }).click();
  const sent = new URL((await page.request.get(`${service.address}/sign-in/with/dfe`, { maxRedirects: 0 })).headers().location);
  for (const part of ["state", "nonce", "code_challenge"]) assert.match(sent.searchParams.get(part), /^[\w-]{40,}$/);
  assert.equal(sent.searchParams.get("code_challenge_method"), "S256");
  await page.locator("input[name=login]").fill("manager");
  await page.locator("input[name=password]").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.waitForURL(`${service.address}/**`);
  const again = await page.request.get(back, { maxRedirects: 0 });
  assert.equal(again.status(), 403, "once");
  const other = await newPage(browser);
  assert.equal((await other.request.get(`${service.address}/sign-in/with/dfe/return?code=x&state=${"a".repeat(64)}`)).status(), 403);
  assert.equal((await other.request.get(`${service.address}/sign-in/with/dfe/return?code=x&state=${sent.searchParams.get("state")}`)).status(), 403, "another browser");
  await page.context().close();
  await other.context().close();
});
