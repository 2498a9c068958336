// A day's work of officers, from the resident who tells something to the resident who sees what became of it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { JOURNEYS } from "./journeys.mjs";
import { DESKTOP, PHONE, launch, newPage, newTab, noted, open } from "./support/browser.mjs";
import { checks } from "./support/checks.mjs";
import { nextHome } from "./support/homes.mjs";
import { go, hurry, redated } from "./support/journey.mjs";
import { assertFocusSeen, choose, pick, press, type } from "./support/keyboard.mjs";
import { PASSPHRASE, findItem, staffPage, unfold } from "./support/staff.mjs";

const origin = process.env.BASE_URL;
let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const main = (page) => page.locator("main").innerText();
const closeAll = (pages) => Promise.all(pages.map((it) => it.context().close()));

const named = (name) => JOURNEYS.find((it) => it.name === name);
const coupleIn = (bands) => (it) =>
  it.adults === "2" && it.persons.length === 2 && it.email !== "" && it.awards === "" && it.tenure === "owner-occupied" && bands.includes(it.band);
const LATE = { ...redated(named("a couple moves out"), "2015-11-25", "2015-07-06"), home: () => nextHome(coupleIn("ABC")) };
// An exemption of so large a part of a year's tax that one officer alone does not give it.
const LARGE = { ...redated(named("two students live together"), "2015-10-01", "2015-04-06"), home: () => nextHome(coupleIn("GH")) };

// Somebody tells it, and stays on the page of what becomes of it.
async function told(journey, more = {}) {
  const page = await newPage(browser, { origin, ...more });
  await hurry(page, journey);
  const reference = (await page.locator(".govuk-panel strong").innerText()).trim();
  await go(page, /^Check what happened with HN-/);
  return { page, reference };
}

// Looks again until the page says so: what an officer decides takes effect a moment later.
async function comesToSay(page, text) {
  for (let look = 0; look < 50 && !text.test(await main(page)); look += 1) {
    await page.waitForTimeout(200);
    await page.reload();
  }
  assert.match(await main(page), text);
}

for (const { as, ...more } of [
  { as: "", viewport: DESKTOP },
  { as: ", without JavaScript on a phone", viewport: PHONE, javaScript: false },
]) {
  test(`a day's work: told, asked, answered, accepted, and seen by the resident${as}`, async () => {
    const resident = await told(LATE, more);
    assert.match(await main(resident.page), /With an officer|It went to an officer/);
    const page = await staffPage(browser, "officer", more);
    await findItem(page, resident.reference, (it) => checks(it, "/staff/work?q"));
    await checks(page, "item, open");
    await go(page, "Claim it");
    assert.match(await main(page), /Has it: you/);
    assert.match(await main(page), /Why it did not go straight through[\s\S]*What they told us, and what we hold[\s\S]*What would change if it is accepted[\s\S]*Charge 2015\/16/);
    await checks(page, "item, mine");

    await unfold(page, "Ask the resident");
    await page.getByLabel("What do you need?").fill("Who lives there now?\n<b data-hostile>And since when?</b>");
    await go(page, /^Ask$/);
    assert.match(await main(page), /Has it: nobody/);
    await checks(page, "item, asked");
    await comesToSay(resident.page, /We need something from you[\s\S]*Who lives there now\?\s+<b data-hostile>And since when/);
    await resident.page.locator("textarea").fill("Mr Bu Yer, since July.");
    await go(resident.page, "Send your answer");
    assert.match(await main(resident.page), /You answered/);

    await findItem(page, resident.reference);
    assert.match(await main(page), /Mr Bu Yer, since July\./, "the officer reads the answer");
    await go(page, "Claim it");
    await page.getByLabel(/^Accept/).check();
    await page.getByLabel(/What do you say to the resident/).fill("We have closed the account from July.\nThank you.");
    await go(page, /^Decide$/);
    assert.match(await main(page), /Done[\s\S]*Has it:/);
    await checks(page, "item, done");
    await comesToSay(resident.page, /We have closed the account from July\.\s+Thank you\./);
    await comesToSay(resident.page, /It is done|We have made the change|Done/);
    await checks(resident.page);

    await go(page, "Take back what it changed");
    assert.match(await main(page), /This is what would change/);
    await checks(page, "undo");
    await go(page, /^Take it back$/);
    assert.match(await page.locator(".govuk-error-summary").innerText(), /Say why/);
    await checks(page, "undo");
    await closeAll([page, resident.page]);
  });
}

test("two officers take the same item: one has it, the other is told who", async () => {
  const resident = await told(LATE);
  const names = ["officer", "officer-2"];
  const pages = [];
  for (const name of names) pages.push(await staffPage(browser, name));
  for (const page of pages) await open(page, `/staff/work/${resident.reference}`);
  await Promise.all(pages.map((page) => go(page, "Claim it")));
  const texts = await Promise.all(pages.map(main));
  const has = texts.findIndex((it) => /Has it: you/.test(it));
  assert.notEqual(has, -1, texts.join("\n"));
  const other = pages[1 - has];
  assert.equal(noted(other).document.status(), 409);
  assert.ok(texts[1 - has].includes(names[has]), texts[1 - has]);
  await checks(other, "409");
  await open(other, `/staff/work/${resident.reference}`);
  assert.match(await main(other), new RegExp(`${names[has]} has this item`));
  assert.equal(await other.getByRole("button", { name: /^(Claim it|Decide)$/ }).count(), 0);
  await closeAll([...pages, resident.page]);
});

test("what moves much money is decided by one and authorised by another", async () => {
  const resident = await told(LARGE);
  const page = await staffPage(browser, "supervisor-2");
  await findItem(page, resident.reference);
  await go(page, "Claim it");
  const because = /because:\s+the tax of a year moves by £[\d.]+, more than policy lets one person move/;
  assert.match(await main(page), because, "said before it is decided");
  await page.getByLabel(/^Accept/).check();
  await go(page, /^Decide$/);
  assert.match(await main(page), /supervisor-2 has decided it; another person has to authorise that/);
  await checks(page, "item, to be authorised");
  assert.equal(await page.getByRole("button", { name: "Authorise it" }).count(), 0, "not their own");
  const status = await page.evaluate(async () => (await fetch(location.href, { method: "POST", body: new URLSearchParams({ do: "authorise" }) })).status);
  assert.equal(status, 403, "nor by a form of their own making");
  noted(page).faults.length = 0;
  await resident.page.reload();
  assert.match(await main(resident.page), /With an officer/);

  const supervisor = await staffPage(browser, "supervisor");
  await go(supervisor, "To be authorised");
  await go(supervisor, resident.reference);
  await checks(supervisor, "item, to authorise");
  assert.match(await main(supervisor), because, "and to whoever authorises");
  await go(supervisor, "Authorise it");
  assert.match(await main(supervisor), /Work item authorised by supervisor/);
  await comesToSay(resident.page, /It is done|We have made the change|Done/);

  await open(page, `/staff/work/${resident.reference}/undo`);
  assert.match(await main(page), /Only a supervisor who did not decide it may do this\. You did: ask another one\./);
  await checks(page, "undo, one's own");
  const forms = (page) => page.locator('form[action$="/undo"]').count();
  assert.equal(await forms(page), 0, "nobody writes what they cannot send");
  const body = { restored: "no", explanation: "They <b>never</b> left." };
  const sent = await page.evaluate(
    async (body) => fetch(location.href, { method: "POST", body: new URLSearchParams(body) }).then(async (it) => [it.status, await it.text()]),
    body,
  );
  assert.ok(sent[0] === 409 && sent[1].includes("They &lt;b&gt;never&lt;/b&gt; left."), `what was written is not lost: ${sent}`);
  noted(page).faults.length = 0;
  await open(supervisor, `/staff/work/${resident.reference}/undo`);
  assert.equal(await forms(supervisor), 1, "who authorised it may");
  await closeAll([page, supervisor, resident.page]);
});

test("with the keyboard alone: sign in, take the next item, reject it, sign out", async () => {
  const resident = await told(named("a new home"));
  await (await staffPage(browser, "officer-3")).context().close();
  const page = await newPage(browser, { origin });
  await open(page, "/staff/work");
  const button = (name) => page.getByRole("button", { name });
  const leads = async (locator) => Promise.all([page.waitForEvent("load"), press(page, locator)]);
  await type(page, page.getByLabel("Sign-in name"), "officer-3");
  await type(page, page.getByLabel("Passphrase"), PASSPHRASE);
  await leads(button(/^Sign in$/));
  assert.equal(new URL(page.url()).pathname, "/staff/work", "where they wanted to go");
  await leads(button("Take the next item"));
  assert.match(await main(page), /Has it: you[\s\S]*Queue: properties/);
  const reasons = page.getByLabel("Why, where you reject it");
  await choose(page, page.getByLabel(/^Reject/));
  const reason = await reasons.evaluate((it) => it.options[1].textContent.trim());
  await pick(page, reasons, reason);
  await type(page, page.getByLabel(/What do you say to the resident/), "Nobody has built it yet.");
  await leads(button(/^Decide$/));
  assert.match(await main(page), /Done/);
  assert.match(await main(page), /Nobody has built it yet\./);
  await leads(button("Sign out"));
  assert.equal(new URL(page.url()).pathname, "/staff/sign-in");
  await type(page, page.getByLabel("Sign-in name"), "officer-3");
  await assertFocusSeen(page);
  await closeAll([page, resident.page]);
});

describe("after signing out", () => {
  test("going back shows nothing, and what is sent from an old page is not done", async () => {
    const resident = await told(LATE);
    const page = await staffPage(browser, "officer-2");
    await open(page, `/staff/work/${resident.reference}`);
    const old = await newTab(page);
    await open(old, `/staff/work/${resident.reference}`);
    const [name] = /M[A-Za-z]+ \w+ \w+/.exec(await main(page));
    await go(page, "Sign out");
    await page.goBack({ waitUntil: "load" });
    assert.equal(new URL(page.url()).pathname, "/staff/sign-in");
    assert.ok(!(await page.content()).includes(name) && !(await page.content()).includes(resident.reference.slice(3) + "<"));
    await go(old, "Claim it");
    assert.equal(noted(old).document.status(), 401);
    assert.match(await main(old), /You have to sign in again[\s\S]*was not done/);
    await checks(old, "401");
    const officer = await staffPage(browser, "officer");
    await open(officer, `/staff/work/${resident.reference}`);
    assert.match(await main(officer), /Has it: nobody/);
    await closeAll([page, officer, resident.page]);
  });
});
