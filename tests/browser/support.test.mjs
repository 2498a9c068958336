// The checks are checked: each finds the one fault of a bad page, and none in a good one.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { PAGES, serveBadPages } from "./support/bad-pages.mjs";
import { PHONE, launch, newPage, open } from "./support/browser.mjs";
import { checks, faults } from "./support/checks.mjs";
import { HOSTILE, assertShown, assertStayedText } from "./support/hostile.mjs";
import { PEOPLE, travel, walk } from "./support/journey.mjs";
import { assertFocusSeen, press, tabTo } from "./support/keyboard.mjs";
import { weight } from "./support/weight.mjs";

let browser, server;
before(async () => {
  [browser, server] = await Promise.all([launch(), serveBadPages()]);
});
after(() => Promise.all([browser?.close(), server?.close()]));

const pageAt = async (path, more) => {
  const page = await newPage(browser, { origin: server.origin, ...more });
  await open(page, path);
  return page;
};

describe("what holds on every page", { concurrency: 3 }, () => {
  for (const [path, { fault, after }] of Object.entries(PAGES)) {
    test(`${path}: ${fault ?? "nothing to find"}`, async () => {
      const page = await pageAt(after ?? path);
      if (after) {
        await checks(page);
        await open(page, path);
      }
      const found = await faults(page);
      await page.context().close();
      if (fault === undefined) assert.deepEqual(found, []);
      else assert.ok(found.some((it) => fault.test(it)), `not found; only: ${found.join("; ") || "nothing"}`);
    });
  }

  test("also where scripts are off", async () => {
    const good = await pageAt("/good", { javaScript: false });
    assert.equal(await good.evaluate(() => document.documentElement.dataset.ran), undefined, "no script may run");
    await checks(good);
    const bad = await pageAt("/contrast", { javaScript: false, viewport: PHONE });
    assert.match((await faults(bad)).join("; "), /color-contrast/);
    assert.deepEqual(bad.viewportSize(), PHONE, "the page is left as it was");
    await Promise.all([good.context().close(), bad.context().close()]);
  });

  test("a fault is found again where the same page comes again", async () => {
    for (const page of [await pageAt("/two-headings"), await pageAt("/two-headings")]) {
      assert.match((await faults(page)).join("; "), /2 h1/);
      await page.context().close();
    }
  });

  test("the failing check tells the page and every fault of it", async () => {
    const page = await pageAt("/two-headings");
    await assert.rejects(checks(page), /\/two-headings:\n +at 1280 px: 2 h1/);
    await page.context().close();
  });

  test("another answer than the one expected is a failure", async () => {
    const page = await newPage(browser, { origin: server.origin });
    await assert.rejects(open(page, "/nothing-here"), /answers 404/);
    await open(page, "/nothing-here", { status: 404 });
    await page.context().close();
  });
});

describe("what a first visit weighs", () => {
  test("is every byte of the page and of what it takes", async () => {
    const light = await weight(browser, server.origin, "/good");
    assert.ok(light.bytes > 2_000 && light.bytes < 10_000, `${light.bytes}`);
    assert.deepEqual(light.parts.map((it) => new URL(it.url).pathname).sort(), ["/good", "/icon.svg", "/script.js", "/style.css"]);
    const heavy = await weight(browser, server.origin, "/heavy");
    assert.ok(heavy.bytes > 150_000, `${heavy.bytes}`);
  });
});

describe("without a mouse", () => {
  const tabs = async (path, to) => {
    const page = await pageAt(path);
    try {
      await tabTo(page, page.locator(to));
    } finally {
      await page.context().close();
    }
  };
  test("a field with the usual ring is reached", () => tabs("/good", "#name"));
  test("no ring is found", () => assert.rejects(tabs("/no-focus", "#name"), /looks the same with and without the focus/));
  test("a ring off the screen is found", () => assert.rejects(tabs("/focus-away", "#name"), /cannot be seen/));
  test("a button out of reach is found", () => assert.rejects(tabs("/unreachable", "button"), /not reached/));
  test("looking at the focus leaves it where it is", async () => {
    const page = await pageAt("/good");
    await tabTo(page, page.locator("#name"));
    await assertFocusSeen(page);
    await press(page, page.locator("button"));
    await page.waitForURL("**/sent");
    await page.context().close();
  });
});

describe("what was written as text", () => {
  test("is found where it became markup", async () => {
    for (const path of ["/markup", "/link"]) {
      const page = await pageAt(path);
      await assert.rejects(assertStayedText(page), /data-hostile|javascript:/);
      await page.context().close();
    }
  });
  test("is found where it is shown, as text or in a field", async () => {
    const page = await pageAt("/good");
    await assertStayedText(page);
    for (const text of Object.values(HOSTILE).filter((it) => !/[\r\n\0]/.test(it))) {
      await page.locator("#name").fill(text);
      await assertShown(page, text);
    }
    await assertShown(page, "Who lives there?");
    await assert.rejects(assertShown(page, "Nobody wrote this"), /is not shown/);
    await page.context().close();
  });
});

describe("a journey", () => {
  const journey = {
    name: "there and back",
    keys: true,
    from: "/good",
    steps: [
      [
        /^Good$/,
        { "Who lives there?": "More people", "When did you move?": "2016-03-04", name: (me) => me.home.name, Area: "South" },
      ],
    ],
    home: () => ({ name: "Ann & Bob" }),
    ends: [(me) => `name=${encodeURIComponent(me.home.name).replace(/%20/g, "+")}`, /who=more on-day=4 on-month=3 on-year=2016 name=Ann\+%26\+Bob area=s/],
  };
  travel(test, () => browser, () => server.origin, journey);

  const fails = (change, why) => async () => {
    const page = await newPage(browser, { origin: server.origin, ...PEOPLE[0] });
    await assert.rejects(walk(page, { ...journey, ...change }), why);
    await page.context().close();
  };
  test("that comes to another page fails", fails({ steps: [[/^Better$/]] }, /instead of \/\^Better\$\//));
  test("that comes to another path fails", fails({ steps: [["/better"]] }, /instead of \/better/));
  test("that answers what is not asked fails", fails({ steps: [["/good", { Shoe: "41" }]] }, /no field "Shoe"/));
  test("that chooses what is not offered fails", fails({ steps: [["/good", { who: "Nobody" }]] }, /no "Nobody" under "who"/));
  test("that presses what is not there fails", fails({ steps: [["/good", {}, /^Send$/]] }, /one button or link/));
  test("that answers the only question of a page with too much fails", fails({ steps: [["/good", ["1", "2"]]] }, /no "1" under "null"/));
  test("that ends with other words fails", fails({ ends: [/who=me/] }, /the end of the journey/));
  test("through a page with a fault fails", fails({ from: "/two-headings", steps: [["/two-headings"]] }, /2 h1/));
});
