// The forms of officers: nothing that somebody typed is lost, days are typed as people write them, and the letters of the
// keyboard do a day's work.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { JOURNEYS } from "./journeys.mjs";
import { launch, newPage, noted, open } from "./support/browser.mjs";
import { checks } from "./support/checks.mjs";
import { nextHome } from "./support/homes.mjs";
import { go, hurry, redated } from "./support/journey.mjs";
import { assertFocusSeen, choose, press, tabTo } from "./support/keyboard.mjs";
import { staffPage, unfold } from "./support/staff.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const main = (page) => page.locator("main").innerText();
const summary = (page) => page.locator(".govuk-error-summary").innerText();
const closeAll = (pages) => Promise.all(pages.map((it) => it.context().close()));
const named = (name) => JOURNEYS.find((it) => it.name === name);
// A couple whose own the home is: nobody else on file says anything of it.
const SOLD = { ...named("a couple moves out"), home: () => nextHome((it) => it.adults === "2" && it.persons.length === 2 && it.email !== "" && it.awards === "" && it.tenure === "owner-occupied") };
// So long ago that an officer has to look, who can accept it.
const LATE = redated(SOLD, "2015-11-25", "2015-07-06");
const WORDS = "Dear resident,\nwe <b>need</b> to know who lives there & since when.";

// Somebody sends this, and gives its reference.
async function told(journey) {
  const page = await newPage(browser, { origin: process.env.BASE_URL });
  await hurry(page, typeof journey === "string" ? named(journey) : journey);
  const reference = (await page.locator(".govuk-panel strong").innerText()).trim();
  await page.context().close();
  return reference;
}

// An item of an officer, claimed.
async function claimed(page, reference) {
  await open(page, `/staff/work/${reference}`);
  await go(page, "Claim it");
  assert.match(await main(page), /Has it: you/);
}

// The fields that are filled in, by their names: what is hidden, and what begins as something, is not among them.
const filled = (page) =>
  page.locator("main form").evaluateAll((forms) =>
    Object.fromEntries(
      forms
        .flatMap((form) => [...new FormData(form).entries()])
        .filter(([name, value]) => value !== "" && !["do", "again", "channel", "about", "error", "list"].includes(name)),
    ),
  );

// What cannot be sent comes back as it was, open, with the error beside its field and above.
async function comesBack(page, [folded, fields, button, told, at]) {
  if (folded) await unfold(page, folded);
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`[name="${name}"]`);
    if (await field.first().evaluate((it) => it.type === "radio")) await page.locator(`[name="${name}"][value="${value}"]`).check();
    else if (await field.evaluate((it) => it.localName === "select")) await field.selectOption(value);
    else await field.fill(value);
  }
  await go(page, button);
  assert.equal(noted(page).document.status(), 422, `${button}: ${page.url()}`);
  assert.match(await summary(page), told);
  const as = (it) => it.replaceAll("\r\n", "\n");
  const came = Object.fromEntries(Object.entries(await filled(page)).map(([name, value]) => [name, as(value)]));
  assert.deepEqual(came, fields, `${button}: all of it came back`);
  const wrong = page.locator(`[id="${at}"]`);
  assert.ok(await wrong.isVisible(), `${at} is unfolded`);
  assert.match(await page.locator(".govuk-form-group--error", { has: wrong }).first().innerText(), told);
  await page.locator(".govuk-error-summary a").first().click();
  assert.equal(await page.evaluate(() => document.activeElement.id), at, "the error leads to its field");
  await checks(page, `item, ${button}`);
}

test("what is wrong with a form of an item is told in it, and all that was typed comes back", async () => {
  const page = await staffPage(browser, "officer");
  const reference = await told("a name has changed");
  await claimed(page, reference);
  const day = (name, ...parts) => Object.fromEntries(["day", "month", "year"].map((it, at) => [`${name}-${it}`, parts[at]]));
  const long = "a".repeat(501);
  for (const form of [
    [null, { decision: "reject", explanation: WORDS }, /^Decide$/, /Choose why you reject it/, "reason"],
    [null, { reason: "R10", explanation: WORDS }, /^Decide$/, /Choose what you decide/, "decision"],
    ["Ask the resident", { evidence: WORDS, ...day("respond_by", "30", "2", "2016") }, /^Ask$/, /Enter a real date/, "respond_by-day"],
    ["Put it off", { ...day("until", "7", "13", "2016"), defer_note: "The lease begins" }, /^Put it off$/, /Enter a real date/, "until-month"],
    ["Put it off", { ...day("until", "7", "12", "16"), defer_note: "The lease begins" }, /^Put it off$/, /The year must have 4 numbers/, "until-year"],
    ["Put it off", { ...day("until", "7", "12", "2001"), defer_note: "The lease begins" }, /^Put it off$/, /The day must be a day after \d+ \w+ \d{4}/, "until-day"],
    ["Hand it over", { hand_over_note: "She rang twice" }, "Hand it over", /Choose a colleague/, "to"],
    ["Hand it over", { escalate_note: long }, "Escalate it", /Use 500 characters or fewer; these are 501/, "escalate_note"],
    ["Hand it over", { to_queue: "nowhere", to_priority: "high" }, "Move it", /The queue must be one of/, "to_queue"],
    ["Somebody made contact", { said: long }, "Link the contact", /Use 500 characters or fewer/, "said"],
  ]) {
    await open(page, `/staff/work/${reference}`);
    await comesBack(page, form);
  }
  await unfold(page, "Hand it over");
  await go(page, "Give it back");
  await closeAll([page]);
});

test("what never waited for an officer shows what it changed, and its forms come back too", async () => {
  const reference = await told(SOLD);
  const page = await staffPage(browser, "supervisor");
  await open(page, `/staff/work/${reference}`);
  assert.match(await main(page), /No officer had to deal with it[\s\S]*What it changed[\s\S]*Liable on account[\s\S]*Charge 2015\/16 on account/);
  await checks(page, "item, straight through");
  for (const form of [
    ["Somebody made contact", { said: "a".repeat(501) }, "Link the contact", /Use 500 characters or fewer/, "said"],
    ["Check the decision", { value: "much", remark: "Look at the band" }, "Record the check", /Enter pounds and pence/, "value"],
  ]) {
    await comesBack(page, form);
    await open(page, `/staff/work/${reference}`);
  }
  await unfold(page, "Somebody made contact");
  await page.getByLabel(/What was said/).fill("When is the bill sent?");
  await go(page, "Link the contact");
  assert.match(await main(page), /Done\s+You linked the contact/);
  await closeAll([page]);
});

test("what is put right comes back with what is wrong, days in three fields and yes or no chosen", async () => {
  const page = await staffPage(browser, "officer");
  const reference = await told("a name has changed");
  await claimed(page, reference);
  await go(page, "Put something right first, then accept");
  const part = (name) => page.locator(`[name="/effective_on-${name}"]`);
  assert.deepEqual([await part("day").inputValue(), await part("month").inputValue(), await part("year").inputValue()], ["14", "11", "2015"]);
  await part("month").fill("");
  await page.locator('[name="/account"]').fill("no such");
  await page.getByLabel(/What do you say to the resident/).fill(WORDS);
  await go(page, "Accept it, put right so");
  assert.match(await summary(page), /The date must include a day, a month and a year/);
  assert.deepEqual([await part("day").inputValue(), await part("month").inputValue()], ["14", ""]);
  assert.equal(await page.locator('[name="/account"]').inputValue(), "no such");
  assert.equal(await page.getByLabel(/What do you say to the resident/).inputValue(), WORDS);
  await checks(page, "amend");
  await open(page, `/staff/work/${reference}`);
  await unfold(page, "Hand it over");
  await go(page, "Give it back");
  await closeAll([page]);
});

test("who no longer has the item keeps what they wrote, to copy it or to send it again", async () => {
  const reference = await told("a name has changed");
  const [first, second] = [await staffPage(browser, "officer"), await staffPage(browser, "officer-2")];
  await claimed(first, reference);
  await first.getByLabel(/^Reject/).check();
  await first.getByLabel("Why, where you reject it").selectOption("R10");
  await first.getByLabel(/What do you say to the resident/).fill(WORDS);
  const supervisor = await staffPage(browser, "supervisor");
  await open(supervisor, `/staff/work/${reference}`);
  await go(supervisor, "Take it from them");
  await claimed(second, reference);

  await go(first, /^Decide$/);
  assert.equal(noted(first).document.status(), 409);
  assert.match(await summary(first), /officer-2 has claimed this item: ask them to hand it over, or take the next one/);
  assert.match(await main(first), /What they told us, and what we hold[\s\S]*officer-2 has this item/, "it is the page of the item");
  assert.ok((await main(first)).includes(WORDS), "what was written is there to be copied");
  await checks(first, "item, overtaken");

  // Given back, nobody has it: what was written stands in its form.
  await open(second, `/staff/work/${reference}`);
  await unfold(second, "Hand it over");
  await go(second, "Give it back");
  await claimed(first, reference);
  await first.getByLabel(/^Reject/).check();
  await first.getByLabel("Why, where you reject it").selectOption("R10");
  await first.getByLabel(/What do you say to the resident/).fill(WORDS);
  await open(supervisor, `/staff/work/${reference}`);
  await go(supervisor, "Take it from them");
  await go(first, /^Decide$/);
  assert.equal(noted(first).document.status(), 409);
  assert.match(await summary(first), /you no longer have this item, and nobody else has/);
  assert.equal(await first.getByLabel(/What do you say to the resident/).inputValue(), WORDS);
  assert.ok(await first.getByLabel(/^Reject/).isChecked());
  await checks(first, "item, lost");
  await go(first, /^Decide$/);
  assert.match(await main(first), /Done\s+You rejected it/);
  assert.ok((await main(first)).includes(WORDS));
  await closeAll([first, second, supervisor]);
});

test("many at once: what is wrong is told in the list, with what was picked and typed", async () => {
  const reference = await told("a name has changed");
  const page = await staffPage(browser, "officer");
  await open(page, `/staff/work?q=${reference}`);
  await page.getByLabel(`Pick ${reference}`).check();
  await unfold(page, "With those that are picked");
  await page.getByLabel("Do this").selectOption("Put off until a day");
  await page.getByLabel("Day").fill("31");
  await page.getByLabel("Month").fill("feb");
  await page.getByLabel("Year").fill("2016");
  await page.getByLabel(/^Why/).fill("All wait for the registrar");
  await go(page, "Look at what would happen");
  assert.equal(noted(page).document.status(), 422);
  assert.match(await summary(page), /Enter a real date/);
  assert.ok(await page.getByLabel(`Pick ${reference}`).isChecked());
  assert.equal(await page.getByLabel(/^Why/).inputValue(), "All wait for the registrar");
  assert.match(await main(page), new RegExp(`1 item · Searched for ${reference}`), "the list is the same");
  await checks(page, "many, wrong");
  await page.getByLabel("Day").fill("28");
  await go(page, "Look at what would happen");
  assert.match(await main(page), /1 of 1 would be changed/);
  await closeAll([page]);
});

test("with the letters of the keyboard: claim, accept, reject, ask, put off, and the next item", async () => {
  const references = [await told("a name has changed"), await told("a name has changed"), await told(LATE)];
  const page = await staffPage(browser, "officer");
  const load = (act) => Promise.all([page.waitForEvent("load"), act()]);
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.className);
  const presses = async (keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await open(page, `/staff/work/${references[0]}`);
  await page.keyboard.press("c");
  assert.match(await main(page), /Has it: nobody/, "off until they are switched on");
  await tabTo(page, page.getByLabel("Letters do something"));
  await page.keyboard.press("Space");
  assert.match(await page.locator(".hearth-keys").innerText(), /c\s+claim/, "what they do stands on the page");
  await load(() => page.keyboard.press("c"));
  assert.match(await main(page), /Has it: you/);
  assert.match(await page.locator(".hearth-keys").innerText(), /r\s+reject[\s\S]*q\s+ask[\s\S]*d\s+put off/);

  // While somebody writes, a letter is a letter.
  await page.keyboard.press("q");
  assert.equal(await focused(), "evidence");
  await page.keyboard.type("can gran queue? n");
  assert.equal(await page.locator("#evidence").inputValue(), "can gran queue? n");
  assert.equal(new URL(page.url()).pathname, `/staff/work/${references[0]}`);
  await load(() => page.keyboard.press("Control+Enter"));
  assert.match(await page.title(), /^You asked the resident/);
  assert.match(await focused(), /govuk-notification-banner/, "what happened has the focus");
  await assertFocusSeen(page);

  // Put off: d, the day, Enter.
  await open(page, `/staff/work/${references[1]}`);
  await load(() => page.keyboard.press("c"));
  await page.keyboard.press("d");
  assert.equal(await focused(), "until-day");
  await presses(["2", "9", "Tab", "2", "Tab", "2", "0", "1", "6"]);
  await load(() => page.keyboard.press("Enter"));
  assert.match(await main(page), /You put it off\. It comes back on 29 February 2016/);

  // Reject: r, the reason, on to the button.
  await load(() => page.keyboard.press("c"));
  await page.keyboard.press("r");
  assert.equal(await focused(), "reason");
  assert.ok(await page.getByLabel(/^Reject/).isChecked());
  await presses(["R", "1", "0", "Tab", "Tab"]);
  await load(() => page.keyboard.press("Enter"));
  assert.match(await page.title(), /^You rejected it – HN-/);
  await checks(page, "item, rejected");

  // Accept: a and Enter.
  await open(page, `/staff/work/${references[2]}`);
  await load(() => page.keyboard.press("c"));
  await page.keyboard.press("a");
  assert.ok(await page.getByLabel(/^Accept/).isChecked());
  await load(() => page.keyboard.press("Enter"));
  assert.match(await main(page), /You accepted it, and it has taken effect[\s\S]*What it changed[\s\S]*Charge 2015\/16/);
  await checks(page, "item, accepted");

  // The next one is one key away, also where letters are off, as long as the focus is at what happened.
  await page.evaluate(() => localStorage.setItem("hearth-keys", "off"));
  await page.reload();
  assert.match(await focused(), /govuk-notification-banner/);
  await load(() => page.keyboard.press("n"));
  const next = new URL(page.url()).pathname;
  assert.match(next, /^\/staff\/work(\/HN-[\w-]+)?$/);
  assert.doesNotMatch(next, new RegExp(references.join("|")));
  if (next !== "/staff/work") {
    await unfold(page, "Hand it over");
    await go(page, "Give it back");
  }
  await closeAll([page]);
});

test("by Tab alone: to what can be done, and to the next item", async () => {
  const reference = await told("a name has changed");
  const page = await staffPage(browser, "officer");
  await claimed(page, reference);
  await page.reload();
  await press(page, page.getByRole("link", { name: "Go to what you can do" }));
  await choose(page, page.getByLabel(/^Reject/));
  await press(page, page.getByRole("button", { name: /^Decide$/ }));
  await page.waitForLoadState("load");
  assert.match(await summary(page), /Choose why you reject it/);
  assert.ok(await page.getByLabel(/^Reject/).isChecked());
  await unfold(page, "Hand it over");
  await go(page, "Give it back");
  await closeAll([page]);
});
