// What happens after it was sent: what became of it, an officer who asks, a document, and taking it back.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { TO_OFFICER } from "./journeys.mjs";
import { DESKTOP, PHONE, launch, newPage, noted, open } from "./support/browser.mjs";
import { checks } from "./support/checks.mjs";
import { messages, officer } from "./support/council.mjs";
import { go, hurry } from "./support/journey.mjs";

const origin = process.env.BASE_URL;
let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const PDF = Buffer.from("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");
const main = (page) => page.locator("main").innerText();
const summary = (page) => page.locator(".govuk-error-summary");
const people = [
  { as: "", viewport: DESKTOP, javaScript: true },
  { as: ", without JavaScript on a phone", viewport: PHONE, javaScript: false },
];

// Sends something that an officer has to look at, and opens the page of what becomes of it.
async function sent(page) {
  await hurry(page, TO_OFFICER);
  const reference = (await page.locator(".govuk-panel strong").innerText()).trim();
  await go(page, /^Check what happened with HN-/);
  return reference;
}

for (const { as, ...person } of people) {
  const tracked = (name, what) =>
    test(`${name}${as}`, async () => {
      const page = await newPage(browser, { origin, ...person });
      try {
        await what(page, await sent(page));
      } finally {
        await page.context().close();
      }
    });

  describe(`after it was sent${as}`, () => {
    tracked("it is told of with every step", async (page, reference) => {
      await checks(page);
      assert.match(await page.locator("h1").innerText(), new RegExp(reference));
      assert.match(await main(page), /It went to an officer[\s\S]*We received what you told us/);
    });

    tracked("an officer asks, and the answer opens the item again", async (page, reference) => {
      await officer(`/work-items/${reference}/claim`, {});
      await officer(`/work-items/${reference}/request-evidence`, { evidence: "Which bill do you mean?\nA photo of it helps." });
      await page.reload();
      await checks(page);
      assert.match(await main(page), /We need something from you[\s\S]*Which bill do you mean\?\s+A photo of it helps\.\s+Answer by \d+ \w+ \d{4}/);

      await go(page, "Send your answer");
      assert.match(await summary(page).innerText(), /Enter an answer/);
      await checks(page);

      await page.locator("textarea").fill("The one of April.\n<b data-hostile>Not this</b>");
      await go(page, "Send your answer");
      assert.equal(await summary(page).count(), 0);
      await checks(page);
      assert.match(await main(page), /With an officer[\s\S]*You answered/);
      assert.equal(await page.locator("textarea").count(), 0, "nobody asks any more");
      const item = await officer(`/work-items/${reference}`);
      assert.match(JSON.stringify(item), /The one of April\./, "the officer reads it");
      assert.notEqual(item.status, "awaiting-evidence");
    });

    tracked("a document is added, and one that cannot be is refused in words", async (page) => {
      const file = page.locator("input[type=file]");
      for (const [content, told] of [
        [Buffer.from("just text"), /must be a PDF, or a photo/],
        [Buffer.alloc(0), /is empty|Choose a file/],
      ]) {
        await file.setInputFiles({ name: "paper.pdf", mimeType: "application/pdf", buffer: content });
        await go(page, "Send the document");
        assert.match(await summary(page).innerText(), told);
        await checks(page);
      }
      await file.setInputFiles({ name: "paper.pdf", mimeType: "application/pdf", buffer: PDF });
      await go(page, "Send the document");
      assert.equal(await summary(page).count(), 0);
      assert.match(await main(page), /You sent a document/);
      await checks(page);
    });

    tracked("it can be taken back, once", async (page) => {
      await go(page, "Withdraw what you told us");
      await checks(page);
      const asks = page.url();
      await go(page, "Withdraw it");
      await checks(page);
      assert.match(await main(page), /You withdrew it\. We did nothing with it\./);
      await page.goto(asks);
      await go(page, "Withdraw it");
      assert.match(await main(page), /You withdrew it/, "a second time it is the same");
    });
  });
}

describe("the message", () => {
  test("leads to what became of it", async () => {
    const page = await newPage(browser, { origin });
    const reference = await sent(page);
    const [message] = await messages(reference);
    const link = /^https:\/\/tell\.example(\/track\/\S+)$/m.exec(message);
    assert.ok(link, message);
    const elsewhere = await newPage(browser, { origin, viewport: PHONE });
    await open(elsewhere, link[1]);
    assert.match(await elsewhere.locator("h1").innerText(), new RegExp(reference));
    await Promise.all([page, elsewhere].map((it) => it.context().close()));
  });
});

describe("reference and code", () => {
  test("lead to what became of it, in small letters too; wrong ones to what to do", async () => {
    const page = await newPage(browser, { origin });
    const reference = await sent(page);
    const code = new URL(page.url()).searchParams.get("token");
    await open(page, "/track");
    await checks(page);
    for (const [given, token, told = /We cannot find this/] of [["", "", /Enter your reference[\s\S]*Enter your code/], [reference, "", /^(?!.*Enter your reference)[\s\S]*Enter your code/], [reference, "x".repeat(32)], ["<b data-hostile>", code]]) {
      await page.getByLabel("Reference").fill(given);
      await page.getByLabel("Code").fill(token);
      await go(page, "Continue");
      assert.match(await summary(page).innerText(), told);
      assert.equal(noted(page).document.status(), 404);
      await checks(page, "/track");
    }
    await page.getByLabel("Reference").fill(` ${reference.toLowerCase()} `);
    await page.getByLabel("Code").fill(code);
    await go(page, "Continue");
    assert.match(await page.locator("h1").innerText(), new RegExp(reference));
    await page.context().close();
  });
});
