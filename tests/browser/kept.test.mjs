// What is kept before it is sent: documents, and the answers themselves with a link by e-mail.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { JOURNEYS, UP_TO_CHECK } from "./journeys.mjs";
import { DESKTOP, PHONE, launch, newPage, open } from "./support/browser.mjs";
import { checks } from "./support/checks.mjs";
import { messagesWith } from "./support/council.mjs";
import { assertAt, go, hurry } from "./support/journey.mjs";

const origin = process.env.BASE_URL;
let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const PDF = Buffer.from("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");
const main = (page) => page.locator("main").innerText();
const summary = (page) => page.locator(".govuk-error-summary");
const probate = JOURNEYS.find((it) => it.documents?.includes("probate"));

for (const { as, ...person } of [
  { as: "", viewport: DESKTOP, javaScript: true },
  { as: ", without JavaScript on a phone", viewport: PHONE, javaScript: false },
]) {
  const kept = (name, what) =>
    test(`${name}${as}`, async () => {
      const page = await newPage(browser, { origin, ...person });
      try {
        await what(page);
      } finally {
        await page.context().close();
      }
    });

  describe(`documents before sending${as}`, () => {
    kept("are asked for, refused in words, added, taken away, and arrive", async (page) => {
      await hurry(page, { ...probate, documents: [], steps: probate.steps.slice(0, -1), ends: [/Add documents/] });
      await assertAt(page, "/documents/probate");
      await checks(page);
      const file = page.locator("input[type=file]");
      const choose = (name, buffer) => file.setInputFiles({ name, mimeType: "application/pdf", buffer });
      await choose("grant.pdf", PDF);
      await go(page, "Continue");
      assert.match(await summary(page).innerText(), /Select what the document is/);
      await checks(page);
      await page.getByLabel("Grant of probate").check();
      await choose("grant.pdf", Buffer.from("just text"));
      await go(page, "Continue");
      assert.match(await summary(page).innerText(), /must be a PDF, or a photo/);
      assert.ok(await page.getByLabel("Grant of probate").isChecked(), "what was chosen is kept");
      await checks(page);
      for (const name of ["<b data-hostile>grant.pdf", "letters.pdf"]) {
        await page.getByLabel("Grant of probate").check();
        await choose(name, Buffer.concat([PDF, Buffer.from(name)]));
        await go(page, "Add this and another document");
        assert.equal(await summary(page).count(), 0);
      }
      await checks(page);
      await go(page, "Remove letters.pdf");
      assert.doesNotMatch(await main(page), /letters\.pdf/);
      await go(page, "Continue");
      await assertAt(page, "/check");
      await checks(page);
      assert.match(await main(page), /Documents\s+<b data-hostile>grant\.pdf/);
      await go(page, "Send your change");
      await checks(page);
      await go(page, await page.locator("main a[href*='/track/']").nth(1).innerText());
      assert.match(await main(page), /You sent a document/);
      await checks(page);
    });
  });

  describe(`the link to come back${as}`, () => {
    kept("is e-mailed, and leads to the answers on another device", async (page) => {
      await hurry(page, UP_TO_CHECK);
      await go(page, "Save and finish later");
      await checks(page);
      await page.getByLabel("Where should we email the link to?").fill("grace at example");
      await go(page, "Email me the link");
      assert.match(await summary(page).innerText(), /in the correct format/);
      assert.equal(await page.getByLabel("Where should we email the link to?").inputValue(), "grace at example");
      await checks(page);
      const address = `grace.${Math.random().toString(36).slice(2)}@mail.example`;
      await page.getByLabel("Where should we email the link to?").fill(address);
      await go(page, "Email me the link");
      assert.ok((await main(page)).includes(`emailing the link to ${address}`));
      await checks(page);
      const [message] = await messagesWith(address);
      const link = /^https:\/\/tell\.example(\/tell\/\S+)$/m.exec(message);
      assert.ok(link, message);
      assert.doesNotMatch(message, /Newcomer/, "nothing of what was answered");
      const elsewhere = await newPage(browser, { origin, viewport: PHONE });
      await open(elsewhere, link[1]);
      await assertAt(elsewhere, "/check");
      assert.match(await main(elsewhere), /Ms Ann Newcomer/);
      await elsewhere.context().close();
    });
  });
}
