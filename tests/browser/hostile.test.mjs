// Whatever is written into a field comes back as text, or is refused with a sentence; nothing breaks.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { START, UP_TO_CHECK } from "./journeys.mjs";
import { launch, newPage, noted, open } from "./support/browser.mjs";
import { headerFaults } from "./support/headers.mjs";
import { HOSTILE, assertShown, assertStayedText } from "./support/hostile.mjs";
import { htmlFaults } from "./support/html.mjs";
import { go, hurry } from "./support/journey.mjs";

const origin = process.env.BASE_URL;
let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

// Runs in the page: a person cannot type everything that can be in a request.
function writeInto(field, text) {
  if (field.localName === "input") field.type = "text";
  field.value = text;
}

// What no page may do, whatever was written into it. Of the checks of every page those that the content can spoil: the others
// are made of the same page where it is answered well.
async function sound(page) {
  const { document, faults } = noted(page);
  assert.ok(document.status() < 500, `${document.status()} ${page.url()}`);
  assert.deepEqual([...headerFaults(await document.allHeaders()), ...(await htmlFaults(await document.text()))], [], page.url());
  assert.deepEqual(faults, [], page.url());
  await assertStayedText(page);
}

// Pages with a field to write into, below the draft.
const WRITTEN = ["/about/postcode", "/you/name", "/you/contact", "/you/note", "/move-in/when"];

describe("hostile input", () => {
  // One draft for all: what was taken before is there when the next comes.
  let page, draft;
  before(async () => {
    page = await newPage(browser, { origin });
    await hurry(page, UP_TO_CHECK);
    draft = page.url().replace(/\/check$/, "");
  });

  for (const [name, text] of Object.entries(HOSTILE)) {
    test(`${name} stays text in every field`, async () => {
      // What nobody can see is not looked for.
      const visible = !/[\0\x07]/.test(text);
      let taken = 0;
      // Of what nobody would read to its end, the beginning is kept to be mended.
      const start = text.slice(0, 3_000);
      for (const path of WRITTEN) {
        await open(page, `${draft}${path}`);
        for (const field of await page.locator("main :is(input:not([type=hidden]), textarea)").all()) {
          await field.evaluate(writeInto, text);
        }
        await go(page, "Continue");
        await sound(page);
        // More than any form needs is not read at all, and told in a page.
        if (noted(page).document.status() === 413) continue;
        // Refused, it is there to be mended; taken, it is among the answers.
        const refused = (await page.locator(".govuk-error-summary").count()) > 0;
        if (refused && visible) await assertShown(page, start);
        taken += refused ? 0 : 1;
      }
      await open(page, `${draft}/check`);
      await sound(page);
      if (taken > 0 && visible) await assertShown(page, start);
    });
  }

  test("in the place of a choice, of a draft and of the language does no harm", async () => {
    await hurry(page, { steps: [START], ends: [] });
    const question = page.url();
    for (const text of Object.values(HOSTILE)) {
      await page.locator("main input[type=radio]").first().evaluate((it, value) => ((it.value = value), (it.checked = true)), text);
      await go(page, "Continue");
      await sound(page);
      assert.equal(await page.locator(".govuk-error-summary").count(), 1, "it is no answer");
      const short = encodeURIComponent(text.slice(0, 500));
      for (const path of [`/tell/${short}/check`, `/?lang=${short}&x=${short}`, `/${short}`]) {
        await page.goto(path.replace("%00", ""));
        await sound(page);
      }
      await page.goto(question);
    }
  });
});
