// Every page that can be reached by links, and what holds of the service as a whole.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launch, newPage, noted } from "./support/browser.mjs";
import { checks } from "./support/checks.mjs";
import { weight } from "./support/weight.mjs";

// What there has to be; a page that is not reached from the start page by links is not there.
const PAGES = ["/", "/help", "/track", "/estimate", "/many", "/privacy", "/accessibility"];
// Most that are followed, so that a calendar without an end has one.
const MOST = 60;
// What somebody on a phone pays for, bytes.
const FIRST_VISIT = 100_000;

const origin = process.env.BASE_URL;
let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

// Follows every link of our own from here on, in both languages, and checks every page once.
async function crawl(page, from) {
  const waiting = [from];
  const seen = new Set(waiting);
  const reached = new Map();
  const unsound = [];
  while (waiting.length > 0 && seen.size <= MOST) {
    const path = waiting.shift();
    const answer = await page.goto(path, { waitUntil: "load" });
    if (!(answer.headers()["content-type"] ?? "").startsWith("text/html")) continue;
    reached.set(path, answer.status());
    await checks(page).catch((error) => unsound.push(error.message));
    const links = await page.evaluate(() => [...document.links].map((it) => it.href));
    for (const link of links) {
      const url = new URL(link);
      const next = `${url.pathname}${url.search}`;
      if (url.origin !== origin || seen.has(next)) continue;
      seen.add(next);
      waiting.push(next);
    }
  }
  return { reached, unsound, rest: waiting };
}

describe("the pages", () => {
  test("are all there, lead only to pages, and are sound", async () => {
    const page = await newPage(browser, { origin });
    const { reached, unsound, rest } = await crawl(page, "/");
    await page.context().close();
    const paths = [...reached.keys()];
    console.log(`    ${paths.length} pages: ${paths.join(" ")}`);
    assert.deepEqual(rest, [], `more than ${MOST} pages: is there no end?`);
    assert.equal(unsound.join("\n"), "");
    assert.deepEqual([...reached].filter(([, status]) => status !== 200), [], "links to what is not there");
    assert.deepEqual(PAGES.filter((it) => !reached.has(it)), [], "pages that no link leads to");
  });

  test("say in HTML that there is nothing at another path", async () => {
    const page = await newPage(browser, { origin });
    const answer = await page.goto("/no-such-page");
    assert.equal(answer.status(), 404);
    assert.match(await page.locator("h1").innerText(), /not found/i);
    await checks(page);
    assert.equal(await page.locator('main a[href="/"]').count(), 1, "a way to go on");
    await page.context().close();
  });

  test(`weigh less than ${FIRST_VISIT / 1000} kB on a first visit`, async () => {
    const { bytes, parts } = await weight(browser, origin, "/");
    console.log(`    ${bytes} bytes: ${parts.map((it) => `${new URL(it.url).pathname} ${it.bytes}`).join(", ")}`);
    assert.ok(parts.length > 1, "the styles were counted");
    assert.ok(bytes < FIRST_VISIT, `${bytes} bytes`);
  });

  test("come from the browser's own cache the second time, and are asked for anew themselves", async () => {
    const page = await newPage(browser, { origin });
    await page.goto("/", { waitUntil: "networkidle" });
    const asked = [];
    page.on("response", (it) => it.fromServiceWorker() || asked.push(it));
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    const cached = new Set();
    session.on("Network.requestServedFromCache", ({ requestId }) => cached.add(requestId));
    const paths = [];
    session.on("Network.responseReceived", ({ requestId, response }) => {
      if (!response.fromDiskCache && !cached.has(requestId)) paths.push(new URL(response.url).pathname);
    });
    await page.goto("/", { waitUntil: "networkidle" });
    assert.deepEqual(paths, ["/"]);
    await page.context().close();
  });

  test("begin with a link to what they are about", async () => {
    const page = await newPage(browser, { origin });
    await page.goto("/");
    await page.keyboard.press("Tab");
    const skip = page.locator(":focus");
    assert.equal(await skip.innerText(), "Skip to main content");
    const { width, height } = await skip.boundingBox();
    assert.ok(width > 50 && height > 15, `it is shown when it has the focus: ${width} by ${height}`);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    assert.ok(await page.evaluate(() => document.querySelector("main").contains(document.activeElement)), "the next stop is in main");
    await page.context().close();
  });

  test("take nothing from another site", async () => {
    const page = await newPage(browser, { origin });
    for (const headers of [{ "sec-fetch-site": "cross-site" }, { origin: "https://elsewhere.example" }, { origin: "null" }]) {
      const answer = await page.request.post(`${origin}/tell`, { headers, maxRedirects: 0 });
      assert.equal(answer.status(), 403, JSON.stringify(headers));
      assert.match(answer.headers()["content-type"], /^text\/html/);
    }
    const answer = await page.request.post(`${origin}/tell`, { headers: { origin, "sec-fetch-site": "same-origin" }, maxRedirects: 0 });
    assert.equal(answer.status(), 303);
    await page.context().close();
  });

  test("set no cookie and keep nothing in the browser", async () => {
    const page = await newPage(browser, { origin });
    await page.goto("/");
    assert.deepEqual(await page.context().cookies(), []);
    assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length]), [0, 0]);
    assert.deepEqual(noted(page).faults, []);
    await page.context().close();
  });
});
