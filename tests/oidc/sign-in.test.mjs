// Sign-in by the council's provider: what gets a session, and all that does not.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { provider } from "./provider.mjs";
import { Browser, freePort, hearth, inFile, serve } from "./support.mjs";

const ANN = "ann.officer@council.example";
const SECRET = "a secret with / and : and % in it";
const SESSION = "__Host-hearth";
const ERRAND = "__Host-hearth-errand";

let at, council, plain, strict, only;
const running = [];

const client = () => ({
    client_id: "hearth tests",
    client_secret: SECRET,
    redirect_uris: at.hearths.map((port) => `http://127.0.0.1:${port}/staff/sign-in/return`),
});
const configured = (issuer, secret) =>
    ["--oidc-issuer", issuer, "--oidc-client-id", "hearth tests", "--oidc-client-secret-file", secret];

before(async () => {
    at = { provider: await freePort(), hearths: [await freePort(), await freePort(), await freePort()] };
    hearth("data", "import", "packs/test-valley", "--clock", "file");
    hearth("data", "staff", "enrol", "--name", ANN, "--role", "officer");
    const options = configured(`http://127.0.0.1:${at.provider}`, inFile("secret", `${SECRET}\n`));
    // Before there is a provider: what the first test looks at.
    plain = await serve("data", at.hearths[0], "plain", ...options);
    running.push(plain);
    strict = await serve("data", at.hearths[1], "strict", ...options, "--oidc-require-acr", "second-factor");
    running.push(strict);
    only = await serve("data", at.hearths[2], "only", ...options, "--oidc-only");
    running.push(only);
});

after(async () => {
    await Promise.all(running.map((it) => it.stop()));
    await council?.stop();
});

const isReturn = (url) => url.includes("/staff/sign-in/return?");
const begin = (server, then = "") => `${server.url}/staff/sign-in/provider?then=${encodeURIComponent(then)}`;
/** A browser that is about to come back from the provider, and where to. */
async function returning(server, browser = new Browser(), then = "", change = (url) => url) {
    const { to } = await browser.get(begin(server, then));
    assert.ok(to?.startsWith(`${council.issuer}/auth?`), `sent to ${to}`);
    const page = await browser.follow(change(to), isReturn);
    assert.ok(page.to, `the provider did not send back: ${page.status} ${page.text}`);
    return { browser, back: page.to };
}
const signedIn = (browser) => browser.cookies.has(SESSION);
function refused(page, browser, status, words) {
    assert.equal(page.status, status, page.text);
    assert.match(page.headers.get("content-type"), /^text\/html/);
    assert.match(page.text, words);
    assert.ok(!signedIn(browser), "and no session");
}
const altered = (url, name, change) => {
    const changed = new URL(url);
    const value = changed.searchParams.get(name);
    assert.ok(value, `${name} is in ${url}`);
    changed.searchParams.set(name, change(value));
    return changed.href;
};

test("while the provider is out of reach, that is said, and passphrases work on", async () => {
    const browser = new Browser();
    refused(await browser.get(begin(plain)), browser, 503, /Try again in a few minutes/);
    const page = await browser.get(`${plain.url}/staff/sign-in`);
    assert.match(page.text, /Sign in with your council account/);
    assert.match(page.text, /name="passphrase"/);
    council = await provider(at.provider, client());
});

test("a member of staff comes back with a session, to the page that was wanted", async () => {
    const browser = new Browser();
    const first = await browser.follow(`${plain.url}/staff/work?sort=due`);
    assert.match(first.at, /\/staff\/sign-in\?then=/);
    const link = first.text.match(/href="(\/staff\/sign-in\/provider[^"]*)"/)[1].replaceAll("&amp;", "&");
    const page = await browser.follow(new URL(link, plain.url).href);
    assert.equal(page.at, `${plain.url}/staff/work?sort=due`);
    assert.equal(page.status, 200);
    assert.ok(signedIn(browser) && !browser.cookies.has(ERRAND));
    assert.equal((await browser.follow(`${plain.url}/staff`)).status, 200);
    assert.match(hearth("data", "export"), /"StaffSignedIn".*"by":"provider"/);
});

test("what is asked of the provider is code with PKCE, by the query, with a state and a nonce of its own each time", async () => {
    const asked = async () => new URL((await new Browser().get(begin(plain))).to).searchParams;
    const [one, other] = [await asked(), await asked()];
    assert.equal(one.get("response_type"), "code");
    assert.equal(one.get("response_mode"), "query");
    assert.equal(one.get("code_challenge_method"), "S256");
    for (const name of ["state", "nonce", "code_challenge"]) {
        assert.ok(one.get(name).length >= 43 && one.get(name) !== other.get(name), name);
    }
});

test("afterwards one goes to pages of staff only", async () => {
    const { browser, back } = await returning(plain, new Browser(), "https://elsewhere.example/");
    assert.equal((await browser.get(back)).to, `${plain.url}/staff`);
});

test("whoever is no member of staff is told what to do, and nothing of others", async () => {
    council.person = { account: "stranger" };
    const { browser, back } = await returning(plain);
    const page = await browser.get(back);
    refused(page, browser, 403, /ask whoever gives access here to add the sign-in name sam\.stranger@council\.example/);
    assert.ok(!page.text.includes("ann"), "nobody else is named");
    council.person = { account: "nameless" };
    const nameless = await returning(plain);
    refused(await nameless.browser.get(nameless.back), nameless.browser, 403, /does not say what you are called here/);
    council.person = { account: "known" };
});

test("another state, none, and none of the parameters are refused", async () => {
    const { browser, back } = await returning(plain);
    refused(await browser.get(altered(back, "state", (it) => `${it}x`)), browser, 400, /Begin again/);
    const other = await returning(plain);
    refused(await other.browser.get(altered(other.back, "state", () => "")), other.browser, 400, /Begin again/);
    refused(await other.browser.get(`${plain.url}/staff/sign-in/return`), other.browser, 400, /Begin again/);
});

test("without the cookie, or with that of another browser, nobody comes in; nor is anybody let in as somebody else", async () => {
    const { browser, back } = await returning(plain);
    const fresh = new Browser();
    refused(await fresh.get(back), fresh, 400, /another browser/);
    // A link that signs a victim in as the attacker.
    const victim = await returning(plain);
    refused(await victim.browser.get(back), victim.browser, 400, /another browser/);
    assert.equal((await browser.get(back)).status, 303, "whose it is comes in all the same");
});

test("coming back a second time does nothing, nor does a code that was used with a new state", async () => {
    const { browser, back } = await returning(plain);
    const cookies = new Map(browser.cookies);
    assert.equal((await browser.get(back)).status, 303);
    const again = new Browser();
    again.cookies = cookies;
    refused(await again.get(back), again, 400, /Begin again/);
    const used = new URL(back).searchParams.get("code");
    const other = await returning(plain);
    refused(await other.browser.get(altered(other.back, "code", () => used)), other.browser, 400, /could not be used/);
});

test("a code of another sign-in is refused though nobody used it: the verifier does not fit", async () => {
    const [one, other] = [await returning(plain), await returning(plain)];
    const stolen = new URL(one.back).searchParams.get("code");
    refused(await other.browser.get(altered(other.back, "code", () => stolen)), other.browser, 400, /could not be used/);
    assert.match(plain.log(), /the code: invalid_grant/);
});

test("a token for another nonce is refused though all else fits", async () => {
    const change = (url) => altered(url, "nonce", (it) => it.split("").reverse().join(""));
    const { browser, back } = await returning(plain, new Browser(), "", change);
    refused(await browser.get(back), browser, 400, /could not be used/);
    assert.match(plain.log(), /it is not for this sign-in/);
});

test("where the provider ends it, one can begin again", async () => {
    council.person = { error: "access_denied" };
    const { browser, back } = await returning(plain);
    assert.equal(new URL(back).searchParams.get("error"), "access_denied");
    refused(await browser.get(back), browser, 400, /Begin again/);
    council.person = { account: "known" };
});

test("where a second factor is required, a sign-in without it is refused, and one with it is not", async () => {
    const weak = await returning(strict);
    refused(await weak.browser.get(weak.back), weak.browser, 403, /second factor/);
    council.person = { account: "known", acr: "passed-by-word-of-mouth" };
    const other = await returning(strict);
    refused(await other.browser.get(other.back), other.browser, 403, /second factor/);
    council.person = { account: "known", acr: "second-factor" };
    const strong = await returning(strict);
    assert.equal((await strong.browser.get(strong.back)).to, `${strict.url}/staff`);
    assert.ok(signedIn(strong.browser));
    council.person = { account: "known" };
});

test("where only the provider counts, passphrases and links to set them up are refused", async () => {
    const page = await new Browser().get(`${only.url}/staff/sign-in`);
    assert.ok(!page.text.includes('name="passphrase"'));
    const link = hearth("data", "staff", "link", ANN).match(/\/staff\/set-up\/\S+/)[0];
    assert.equal((await new Browser().get(only.url + link)).status, 403);
    for (const path of ["/staff/sign-in", link]) {
        const body = new URLSearchParams({ name: ANN, passphrase: "three random kettles", again: "three random kettles" });
        const sent = await fetch(only.url + path, { method: "POST", body, redirect: "manual" });
        assert.equal(sent.status, 403);
    }
    assert.equal((await new Browser().get(plain.url + link)).status, 200, "elsewhere the same link works");
    const { browser, back } = await returning(only);
    assert.equal((await browser.get(back)).status, 303);
});

test("when the provider changes its keys, sign-in goes on", async () => {
    await council.stop();
    council = await provider(at.provider, client());
    const { browser, back } = await returning(plain);
    assert.equal((await browser.get(back)).status, 303, plain.log());
    assert.ok(council.asked.includes("/jwks"), "its keys were asked for again");
});

test("a token that is signed with the shared secret is refused", async () => {
    await council.stop();
    council = await provider(at.provider, { ...client(), id_token_signed_response_alg: "HS256" });
    const { browser, back } = await returning(plain);
    refused(await browser.get(back), browser, 400, /could not be used/);
    assert.match(plain.log(), /its signature does not hold/);
    await council.stop();
    council = await provider(at.provider, client());
    const again = await returning(plain);
    assert.equal((await again.browser.get(again.back)).status, 303, "and one with the provider's key is not");
});

test("a name that the provider gave to somebody else lets nobody in", async () => {
    council.person = { account: "successor" };
    const { browser, back } = await returning(plain);
    refused(await browser.get(back), browser, 403, /another council account/);
    council.person = { account: "apostrophe" };
    const odd = await returning(plain);
    refused(await odd.browser.get(odd.back), odd.browser, 403, /cannot be a sign-in name here/);
    council.person = { account: "known" };
});

test("a secret in the form is sent where the provider takes no other", async () => {
    await council.stop();
    const way = "client_secret_post";
    council = await provider(at.provider, { ...client(), token_endpoint_auth_method: way }, [way]);
    await only.stop();
    const options = configured(council.issuer, inFile("secret", SECRET));
    only = await serve("data", at.hearths[2], "post", ...options);
    running.push(only);
    const { browser, back } = await returning(only);
    assert.equal((await browser.get(back)).status, 303, only.log());
});

test("who left is let in no more, though the provider still vouches for them", async () => {
    hearth("data", "staff", "leave", ANN);
    // What another process wrote is read again after a second.
    await new Promise((done) => setTimeout(done, 1500));
    const { browser, back } = await returning(only);
    refused(await browser.get(back), browser, 403, /no access/);
});

test("nothing in the logs says who came", () => {
    for (const server of running) {
        const said = server.log().split("\n").filter((it) => /ann\.|sam\.|stranger|known"|council\.example|code=|state=/i.test(it));
        assert.deepEqual(said, []);
    }
});
