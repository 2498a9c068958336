// Telling the council of a change, where something goes otherwise than straight on.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { START, UP_TO_CHECK } from "./journeys.mjs";
import { PHONE, launch, newPage, newTab, open } from "./support/browser.mjs";
import { checks } from "./support/checks.mjs";
import { assertAt, go, hurry, take } from "./support/journey.mjs";

const origin = process.env.BASE_URL;
let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

// A test with a page of its own.
const tell = (name, what, more = {}) =>
  test(name, async () => {
    const page = await newPage(browser, { origin, ...more });
    try {
      await what(page);
    } finally {
      await page.context().close();
    }
  });

const begin = (page) => hurry(page, { steps: [START], ends: [] });
const at = async (page, path) => {
  await open(page, page.url().replace(/(\/tell\/[^/]+).*/, `$1${path}`));
  await assertAt(page, path);
};
const upToCheck = (page) => hurry(page, UP_TO_CHECK);
const quickly = { check: () => {} };
const summary = (page) => page.locator(".govuk-error-summary");
const focused = (page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.className);

describe("an answer that is missing or wrong", () => {
  for (const javaScript of [true, false]) {
    const as = javaScript ? "" : ", without JavaScript";
    tell(
      `is said at the top and beside its field${as}`,
      async (page) => {
        await begin(page);
        await go(page, "Continue");
        await assertAt(page, "/about/who");
        await checks(page);
        if (javaScript) assert.match(await focused(page), /govuk-error-summary/, "the focus is on what is wrong");
        await summary(page).getByRole("link", { name: "Select who you are telling us for" }).click();
        if (javaScript) assert.equal(await focused(page), "about-who", "the link leads to the field");
        assert.equal(new URL(page.url()).hash, javaScript ? "" : "#about-who");
      },
      { javaScript, viewport: javaScript ? undefined : PHONE },
    );

    tell(
      `is kept as it was typed, with the good ones${as}`,
      async (page) => {
        await upToCheck(page);
        for (const [path, typed] of [
          ["/about/postcode", { "about-postcode": "near the church" }],
          ["/move-in/when", { "move-in-effective-on-day": "31", "move-in-effective-on-month": "Feb", "move-in-effective-on-year": "16" }],
          ["/you/contact", { "you-submitted-by-email": "ann at example", "you-submitted-by-phone": "01632 960123" }],
        ]) {
          await at(page, path);
          const fields = page.locator("main input:not([type=hidden])");
          const names = await fields.evaluateAll((all) => all.map((it) => it.name));
          const values = Object.values(typed);
          for (const [place, value] of values.entries()) await fields.nth(place).fill(value);
          await go(page, "Continue");
          await assertAt(page, path);
          assert.equal(await summary(page).count(), 1, `${path} says what is wrong`);
          assert.deepEqual(await fields.evaluateAll((all) => all.map((it) => it.value)), values, `${path} ${names}`);
          await checks(page);
        }
        await at(page, "/check");
        assert.match(await page.locator("main").innerText(), /Ms Ann Newcomer/, "the other answers are still there");
      },
      { javaScript, viewport: javaScript ? undefined : PHONE },
    );
  }
});

describe("going back", () => {
  tell("with the browser shows the answer, and another one may be given", async (page) => {
    await begin(page);
    await take(page, ["/about/who", "Myself or my household"], quickly);
    await assertAt(page, "/about/topics");
    await page.goBack();
    await assertAt(page, "/about/who");
    assert.ok(await page.getByLabel("Myself or my household").isChecked());
    await take(page, ["/about/who", "A home I own and let"], quickly);
    await assertAt(page, "/about/letting");
  });

  tell("to a page that said what was wrong shows it, or the question, but no error of the browser", async (page) => {
    await begin(page);
    await go(page, "Continue");
    assert.equal(await summary(page).count(), 1);
    await take(page, ["/about/who", "Myself or my household"], quickly);
    await assertAt(page, "/about/topics");
    await page.goBack();
    await assertAt(page, "/about/who");
    await checks(page);
  });

  tell("with the link of the page does the same", async (page) => {
    await upToCheck(page);
    for (const path of ["/you/contact", "/you/name", "/move-in/furnished", "/move-in/previous"]) {
      await go(page, "Back");
      await assertAt(page, path);
    }
    assert.ok(await page.getByLabel("Yes", { exact: true }).isChecked());
  });

  tell("after it was sent leads to the receipt, and sends nothing again", async (page) => {
    await upToCheck(page);
    await go(page, "Send your change");
    await assertAt(page, "/sent");
    const receipt = await page.locator(".govuk-panel").innerText();
    await page.goBack();
    await assertAt(page, "/sent");
    assert.equal(await page.locator(".govuk-panel").innerText(), receipt);
    assert.equal(await page.getByRole("button", { name: "Send your change" }).count(), 0);
  });

  tell("to change one answer comes back to where they are checked", async (page) => {
    await upToCheck(page);
    await page.locator('main a[href*="/move-in/tenure"]').click();
    await assertAt(page, "/move-in/tenure");
    assert.ok(await page.getByLabel("I rent it").isChecked());
    await take(page, ["/move-in/tenure", "I own it, or am buying it"], quickly);
    await assertAt(page, "/check");
    const main = await page.locator("main").innerText();
    assert.match(main, /I own it, or am buying it/);
    assert.doesNotMatch(main, /furnished/i, "what only a tenant is asked is gone");
  });
});

describe("sending", () => {
  tell("twice at once sends once", async (page) => {
    await upToCheck(page);
    const send = () => page.request.post(page.url(), { form: {}, headers: { origin } });
    const answers = await Promise.all([send(), send(), send()]);
    const receipts = await Promise.all(answers.map((it) => it.text()));
    const references = receipts.map((it) => /<strong class="hearth-reference">([^<]+)<\/strong>/.exec(it)?.[1]);
    assert.ok(references[0], "there is a reference");
    assert.deepEqual(new Set(references).size, 1, references.join(", "));
    await at(page, "/sent");
    assert.match(await page.locator(".govuk-panel").innerText(), new RegExp(references[0]));
  });

  tell("with a button that is pressed twice sends once", async (page) => {
    await upToCheck(page);
    let sent = 0;
    page.on("request", (it) => (sent += it.method() === "POST" ? 1 : 0));
    await Promise.all([page.waitForURL("**/sent"), page.getByRole("button", { name: "Send your change" }).dblclick({ noWaitAfter: true })]);
    await assertAt(page, "/sent");
    assert.equal(sent, 1, "the second press did nothing");
    assert.equal((await page.locator(".govuk-panel strong").innerText()).split(",").length, 1);
  });

  tell("the receipt can be opened again", async (page) => {
    await upToCheck(page);
    await go(page, "Send your change");
    const panel = await page.locator(".govuk-panel").innerText();
    await page.reload();
    assert.equal(await page.locator(".govuk-panel").innerText(), panel);
  });
});

describe("two tabs", () => {
  tell("of one draft lose nothing to each other", async (page) => {
    await upToCheck(page);
    const other = await newTab(page);
    await other.goto(page.url());
    await at(page, "/you/name");
    await page.locator("main input").fill("Ms Ann Changed");
    await go(page, "Continue");
    // The other tab goes on from what it shows, which is older.
    await other.locator('main a[href*="/move-in/tenure"]').click();
    await take(other, ["/move-in/tenure", "I own it, or am buying it"], quickly);
    const main = await other.locator("main").innerText();
    assert.match(main, /Ms Ann Changed/);
    assert.match(main, /I own it, or am buying it/);
  });

  tell("of two drafts have nothing to do with each other", async (page) => {
    await begin(page);
    const other = await newTab(page);
    await begin(other);
    await take(page, ["/about/who", "Myself or my household"], quickly);
    await other.reload();
    assert.equal(await other.locator("main input:checked").count(), 0);
  });

  tell("where one has sent, the other is led to the receipt", async (page) => {
    await upToCheck(page);
    const other = await newTab(page);
    await other.goto(page.url().replace("/check", "/you/name"));
    await go(page, "Send your change");
    await other.locator("main input").fill("Ms Ann Late");
    await go(other, "Continue");
    await assertAt(other, "/sent");
  });
});

describe("answers that are not there any more", () => {
  tell("are told of, with a way to go on", async (page) => {
    for (const path of ["/tell/AAAAAAAAAAAAAAAAAAAAAA/check", "/tell/x/about/who"]) {
      await open(page, path, { status: 404 });
      assert.match(await page.locator("h1").innerText(), /do not have these answers/);
      await checks(page, "gone");
    }
    await go(page, "Start now");
    await assertAt(page, "/about/who");
  });

  tell("are told of whoever still has a page of them open, and are not seen again", async (page) => {
    await begin(page);
    const other = await newTab(page);
    await other.goto(page.url().replace("/about/who", "/save"));
    await checks(other);
    await go(other, "Delete my answers");
    await checks(other);
    await page.getByLabel("Myself or my household").check();
    await go(page, "Continue");
    assert.match(await page.locator("h1").innerText(), /do not have these answers/);
    await page.goBack();
    await page.waitForLoadState();
    assert.match(await page.locator("h1").innerText(), /do not have these answers/, "nor from the browser's own store");
  });
});

describe("saving for later", () => {
  tell("gives a link with which another device goes on", async (page) => {
    await begin(page);
    await take(page, ["/about/who", "Myself or my household"], quickly);
    await go(page, "Save and finish later");
    await checks(page);
    await go(page, "Show me the link instead");
    await checks(page);
    const link = await page.locator('main a[href*="/tell/"]').first().getAttribute("href");
    const elsewhere = await newPage(browser, { origin, viewport: PHONE });
    await open(elsewhere, link);
    await assertAt(elsewhere, "/about/topics");
    await elsewhere.context().close();
  });
});

describe("another language", () => {
  tell("is that of the same question, and of those after it", async (page) => {
    await begin(page);
    const path = new URL(page.url()).pathname;
    await page.getByRole("link", { name: "Cymraeg" }).click();
    assert.equal(new URL(page.url()).pathname, path);
    assert.equal(await page.locator("html").getAttribute("lang"), "cy");
    await checks(page);
    await page.getByRole("button", { name: "Parhau" }).click();
    await checks(page);
    assert.match(await page.title(), /^Gwall: /);
    await page.locator("main input").first().check();
    await page.getByRole("button", { name: "Parhau" }).click();
    await assertAt(page, "/about/topics");
    assert.equal(await page.locator("html").getAttribute("lang"), "cy");
  });
});
