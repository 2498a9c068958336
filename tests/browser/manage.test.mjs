// What managers see: figures, why not automatic, savings, what would be otherwise.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESKTOP, PHONE, launch, newPage, open } from "./support/browser.mjs";
import { JOURNEYS } from "./journeys.mjs";
import { checks } from "./support/checks.mjs";
import { go, hurry } from "./support/journey.mjs";
import { staffPage } from "./support/staff.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

// What there is to count: a couple that moves out and says so late, and whatever others have told.
const told = async () => hurry(await newPage(browser, { origin: process.env.BASE_URL }), JOURNEYS.find((it) => it.name === "a couple moves out"));

const main = (page) => page.locator("main").innerText();

for (const { as, ...more } of [
  { as: "", viewport: DESKTOP },
  { as: ", without JavaScript on a phone", viewport: PHONE, javaScript: false },
]) {
  test(`a manager asks where the saving is, and why it is not yet realised${as}`, async () => {
    await told();
    const page = await staffPage(browser, "manager", more);
    await open(page, "/staff/figures");
    assert.match(await main(page), /went straight through: [\d.]+% of what was received/);
    assert.ok((await page.locator("svg[role=img] > title").count()) >= 3, "pictures with names");
    await checks(page, "figures");

    await go(page, "Why not automatic");
    assert.match(await main(page), /\d+ of \d+ received were stopped, \d+ went straight through/);
    await checks(page, "why not automatic");

    await go(page, "Savings");
    assert.match(await main(page), /Why it is not all realised[\s\S]*What it rests on/);
    await checks(page, "savings");
    await page.getByLabel("Value").fill("five");
    await go(page, "Change it");
    assert.match(await page.title(), /^Error: /);
    assert.match(await main(page), /Enter a number such as 5\.1/);
    await checks(page, "savings, wrong");

    await go(page, "Figures");
    const days = page.getByRole("group", { name: /^From/ });
    await days.getByLabel("Day").fill("1");
    await days.getByLabel("Month").fill("dec");
    await days.getByLabel("Year").fill("15");
    await go(page, "Show");
    assert.match(await page.locator(".govuk-error-summary").innerText(), /The year must have 4 numbers/);
    assert.equal(await days.getByLabel("Month").inputValue(), "dec");
    await checks(page, "figures, wrong");
    await days.getByLabel("Year").fill("2015");
    await go(page, "Show");
    assert.match(await main(page), /What came from 1 December 2015/);

    await go(page, "What if");
    await checks(page, "what if");
    await page.getByLabel(/^Days back/).fill("30");
    await go(page, "Try it");
    assert.match(await main(page), /decided again would be decided otherwise[\s\S]*What would be saved/);
    await checks(page, "what if, answered");
    await page.context().close();
  });
}
