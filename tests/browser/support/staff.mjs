// Staff at their pages: `run` has enrolled one of each kind, who set up a passphrase by their link and sign in with it.
import assert from "node:assert/strict";
import { newPage, noted, open } from "./browser.mjs";
import { go } from "./journey.mjs";

const PASSPHRASE = "correct horse battery staple";
const LINKS = new Map((process.env.STAFF_LINKS ?? "").split(/\s+/).filter(Boolean).map((it) => it.split("=")));

// The path of the link of one of them.
export function linkOf(name) {
  const link = LINKS.get(name);
  assert.ok(link, `run has enrolled nobody called ${name}`);
  return link;
}

// Sets up the passphrase of one of them, unless another file of tests has.
async function setUp(page, name) {
  const answer = await page.goto(linkOf(name));
  if (answer.status() === 404) return;
  for (const label of ["Passphrase", "The same again"]) await page.getByLabel(label).fill(PASSPHRASE);
  await go(page, "Keep it");
}

// Signs in from where they are asked to.
export async function signIn(page, name, passphrase = PASSPHRASE) {
  await page.getByLabel("Sign-in name").fill(name);
  await page.getByLabel("Passphrase").fill(passphrase);
  await go(page, /^Sign in$/);
}

// A page of somebody who has signed in, in a browser of their own.
export async function staffPage(browser, name, more = {}) {
  const page = await newPage(browser, { origin: process.env.BASE_URL, ...more });
  await setUp(page, name);
  await open(page, "/staff/sign-in");
  await signIn(page, name);
  assert.equal(noted(page).document.status(), 200, page.url());
  assert.doesNotMatch(page.url(), /sign-in/);
  return page;
}

// Goes to an item, the way an officer does: by searching for its reference in the queue.
export async function findItem(page, reference, check = () => {}) {
  await open(page, "/staff/work");
  await page.getByLabel("Search the queue").fill(reference);
  await go(page, /^Search$/);
  await check(page);
  await go(page, reference);
  assert.equal(new URL(page.url()).pathname, `/staff/work/${reference}`);
}

// Unfolds what is folded away under these words.
export async function unfold(page, summary) {
  const details = page.locator("details").filter({ has: page.locator("summary", { hasText: summary }) });
  if (!(await details.evaluate((it) => it.open))) await details.locator("summary").click();
}

export { PASSPHRASE };
