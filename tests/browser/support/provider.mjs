// A real OpenID provider (npm oidc-provider) on a port of its own, for signing in with one.
import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

/// A key that signs, with its id and algorithm.
export function newKey(algorithm) {
  const { privateKey } = algorithm === "ES256" ? generateKeyPairSync("ec", { namedCurve: "P-256" }) : generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { privateKey, jwk: { ...privateKey.export({ format: "jwk" }), kid: randomUUID(), alg: algorithm, use: "sig" } };
}

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/// A token that the key signs: for logging out, and for what nobody should believe.
export function signed({ privateKey, jwk }, claims, header = {}) {
  const body = `${encoded({ alg: jwk.alg, kid: jwk.kid, ...header })}.${encoded(claims)}`;
  const signature = sign("sha256", Buffer.from(body), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return `${body}.${signature.toString("base64url")}`;
}

/// People by the name they sign in with; every password is right.
const people = {
  jo: { email: "jo@council.example", email_verified: true, name: "Jo Reed", groups: ["plumbline-managers"] },
  unverified: { email: "manager@hartlepool.example", email_verified: false, name: "Mallory" },
  manager: { email: "manager@middlesbrough.example", email_verified: true, name: "Jo Lindqvist" },
  invited: { email: "invited@council.example", email_verified: true, name: "Al Fry" },
  stranger: { email: "stranger@elsewhere.example", email_verified: true, name: "A Stranger" },
};

export async function startProvider(clients) {
  let serve;
  const server = createServer((request, response) => serve(request, response));
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  /// Begins anew with these keys, as a provider does that changes them; its clients come with `register`.
  let registered = clients;
  function use(keys) {
    const provider = new Provider(issuer, {
      clients: registered,
      jwks: { keys: keys.map(({ jwk }) => jwk) },
      cookies: { keys: ["a test"] },
      claims: { openid: ["sub", "groups", "email", "email_verified", "name"], email: ["email", "email_verified"], profile: ["name"] },
      conformIdTokenClaims: false,
      pkce: { required: () => true },
      features: { devInteractions: { enabled: true } },
      findAccount: (context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    });
    provider.on("server_error", (context, error) => console.error(error));
    serve = provider.callback();
  }
  return { issuer, use, register: (list) => { registered = list; }, stop: () => new Promise((stopped) => { server.closeAllConnections(); server.close(stopped); }) };
}
