// Makes a journey that is given as data, as three people would: with a mouse, without scripts on a phone, without a mouse.
import assert from "node:assert/strict";
import { DESKTOP, PHONE, newPage, open } from "./browser.mjs";
import { checks } from "./checks.mjs";
import { fieldsOf } from "./fields.mjs";
import { choose, pick, press, type } from "./keyboard.mjs";

export const PEOPLE = [
  { name: "with a mouse", viewport: DESKTOP, hands: mouse() },
  { name: "without JavaScript on a phone", viewport: PHONE, javaScript: false, hands: mouse() },
  { name: "without a mouse", viewport: DESKTOP, hands: keys() },
];

function mouse() {
  return {
    fill: (page, locator, text) => locator.fill(text),
    check: (page, locator) => locator.check(),
    select: (page, locator, text) => locator.selectOption({ label: text }),
    press: (page, locator) => locator.click(),
  };
}

function keys() {
  return { fill: type, check: choose, select: pick, press };
}

// Registers a test of the journey for each of the people. `browser` and `origin` give theirs when the test begins.
export function travel(test, browser, origin, journey) {
  for (const person of PEOPLE) {
    test(`${journey.name}, ${person.name}`, async () => {
      const page = await newPage(browser(), { origin: origin(), ...person });
      try {
        await walk(page, journey, person.hands);
      } finally {
        await page.context().close();
      }
    });
  }
}

// From the first page of a journey to its last.
export async function walk(page, journey, hands = mouse()) {
  await open(page, journey.from ?? "/");
  await checks(page);
  for (const step of journey.steps) await take(page, step, hands);
  for (const text of journey.ends) {
    assert.match(await page.locator("main").innerText(), text, `the end of the journey, ${page.url()}`);
  }
}

// One page: it is the one that was expected, is sound, is answered and sent. Without a button to press it is left as it is.
export async function take(page, [at, answers = {}, button = /^(Continue|Parhau)$/], hands = mouse()) {
  await assertAt(page, at);
  await checks(page);
  for (const [key, value] of Object.entries(answers)) {
    for (const { act, locator, text } of await fieldsOf(page, key, value)) await hands[act](page, locator, text);
  }
  const role = page.getByRole("button", { name: button }).or(page.getByRole("link", { name: button }));
  const pressed = role.filter({ visible: true });
  assert.equal(await pressed.count(), 1, `one button or link ${button} on ${page.url()}`);
  await Promise.all([page.waitForEvent("load"), hands.press(page, pressed)]);
}

// A page is known by the end of its path, or by its heading.
export async function assertAt(page, at) {
  const heading = (await page.locator("h1").first().innerText()).trim();
  if (at instanceof RegExp) assert.match(heading, at, `the heading of ${page.url()}${await problems(page)}`);
  else assert.ok(new URL(page.url()).pathname.endsWith(at), `at ${page.url()} ("${heading}") instead of ${at}${await problems(page)}`);
}

async function problems(page) {
  const summary = page.locator(".govuk-error-summary");
  return (await summary.count()) > 0 ? `, where it says: ${await summary.innerText()}` : "";
}

