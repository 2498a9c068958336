// Makes a journey that is given as data, as three people would: with a mouse, without scripts on a phone, without a mouse.
import assert from "node:assert/strict";
import { DESKTOP, PHONE, newPage, open } from "./browser.mjs";
import { checks } from "./checks.mjs";
import { fieldsOf } from "./fields.mjs";
import { choose, pick, press, type } from "./keyboard.mjs";

export const PEOPLE = [
  { name: "with a mouse", viewport: DESKTOP, hands: mouse() },
  { name: "without JavaScript on a phone", viewport: PHONE, javaScript: false, hands: mouse() },
  { name: "without a mouse", viewport: DESKTOP, hands: keys(), slow: true },
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

// Registers a test of the journey for each of the people; without a mouse, which takes long, those that say so with `keys`.
// `browser` and `origin` give theirs when the test begins.
export function travel(test, browser, origin, journey) {
  for (const person of PEOPLE.filter((it) => !it.slow || journey.keys)) {
    test(`${journey.name}, ${person.name}`, async () => {
      const page = await newPage(browser(), { origin: origin(), ...person });
      try {
        await walk(page, journey, { hands: person.hands });
      } finally {
        await page.context().close();
      }
    });
  }
}

// From the first page of a journey to its last. Whoever makes it has a home of their own (`me.home`), where it says of which
// kind; an answer or a text that it ends with may be a function of `me`.
export async function walk(page, journey, { hands = mouse(), check = checks } = {}) {
  const me = { home: journey.home?.() };
  await open(page, journey.from ?? "/");
  for (const step of stepsOf(journey)) await take(page, step, { hands, me, check });
  await check(page);
  for (const wanted of journey.ends) {
    const text = typeof wanted === "function" ? wanted(me) : wanted;
    const main = await page.locator("main").innerText();
    if (text instanceof RegExp) assert.match(main, text, `the end of the journey, ${page.url()}`);
    else assert.ok(main.includes(text), `the end of the journey, ${page.url()}, does not say "${text}" but: ${main}`);
  }
}

// Before the answers are checked, documents are asked for of the kinds that `documents` names; nobody has any.
const stepsOf = ({ steps, documents = [] }) => [...steps.slice(0, -1), ...documents.map((kind) => [`/documents/${kind}`]), steps.at(-1)];

// The same journey with another day in place of this one.
export function redated(journey, day, other) {
  const part = (it) => (it === day ? other : it?.constructor === Object ? Object.fromEntries(Object.entries(it).map(([key, value]) => [key, part(value)])) : it);
  return { ...journey, steps: journey.steps.map((step) => step.map(part)) };
}

// The same without a look at the pages on the way, for whoever tries something at its end.
export const hurry = (page, journey) => walk(page, journey, { check: () => {} });

const CONTINUE = /^(Continue|Parhau)$/;

// One page: it is the one that was expected, is sound, is answered and sent. The answer is that of its only question, or
// there is one for each in an object.
export async function take(page, [at, answer, button = CONTINUE], { hands = mouse(), me = {}, check = checks } = {}) {
  await assertAt(page, at);
  await check(page);
  for (const [key, given] of answersOf(answer)) {
    const value = typeof given === "function" ? given(me) : given;
    for (const { act, locator, text } of await fieldsOf(page, key, value)) await hands[act](page, locator, text);
  }
  await go(page, button, hands);
}

function answersOf(answer) {
  if (answer === undefined || answer === null) return [];
  const several = typeof answer === "object" && !Array.isArray(answer);
  return several ? Object.entries(answer) : [[null, answer]];
}

// Presses the one button, or follows the one link, that reads so, and waits for where it leads.
export async function go(page, name, hands = mouse()) {
  const found = page.getByRole("button", { name }).or(page.getByRole("link", { name })).filter({ visible: true });
  assert.equal(await found.count(), 1, `one button or link ${name} on ${page.url()}`);
  await Promise.all([page.waitForEvent("load"), hands.press(page, found)]);
}

// A page is known by the end of its path, or by its heading.
export async function assertAt(page, at) {
  const heading = (await page.locator("h1").first().innerText()).trim();
  const place = `${page.url()} ("${heading}")`;
  const there = at instanceof RegExp ? at.test(heading) : new URL(page.url()).pathname.endsWith(at);
  assert.ok(there, `at ${place} instead of ${at}${await problems(page)}`);
}

async function problems(page) {
  const summary = page.locator(".govuk-error-summary");
  return (await summary.count()) > 0 ? `, where it says: ${await summary.innerText()}` : "";
}
