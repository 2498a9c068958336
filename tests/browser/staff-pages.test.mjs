// Every page of staff and what it says when something is wrong: sound for whoever uses it, and shown to nobody else.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { JOURNEYS, TO_OFFICER } from "./journeys.mjs";
import { PHONE, launch, newPage, noted, open } from "./support/browser.mjs";
import { checks, faults } from "./support/checks.mjs";
import { officer } from "./support/council.mjs";
import { nextHome } from "./support/homes.mjs";
import { go, hurry } from "./support/journey.mjs";
import { linkOf, signIn, staffPage, unfold } from "./support/staff.mjs";

const origin = process.env.BASE_URL;
let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const main = (page) => page.locator("main").innerText();
const summary = (page) => page.locator(".govuk-error-summary");

// Somebody sends this, and gives its reference.
async function told(journey) {
  const page = await newPage(browser, { origin });
  await hurry(page, journey);
  const reference = (await page.locator(".govuk-panel strong").innerText()).trim();
  await page.context().close();
  return reference;
}

// A list of what is wrong on all the pages that one comes by, so that one run tells all there is to mend.
function looker(page) {
  const found = [];
  return {
    async look(name) {
      // What is searched for stands in the address, not in the title.
      const sound = (it) => name?.includes("?") && it.includes("is also that of");
      found.push(...(await faults(page, name)).filter((it) => !sound(it)).map((it) => `${name ?? page.url()}: ${it}`));
    },
    async at(path, { status = 200, name } = {}) {
      await open(page, path, { status });
      await this.look(name);
    },
    async wrong(what, name) {
      assert.match(await summary(page).innerText(), what);
      await this.look(name);
    },
    done: () => found.length > 0 && assert.fail(`\n  ${[...new Set(found)].join("\n  ")}\n`),
  };
}

// A test of the pages that one of them sees; the same look where there are no scripts.
function pagesOf(name, what) {
  for (const [as, more] of [["", {}], [", without JavaScript on a phone", { javaScript: false, viewport: PHONE }]]) {
    test(`of ${name}${as}`, async () => {
      const page = await staffPage(browser, name, more);
      const looks = looker(page);
      try {
        await what(page, looks);
        looks.done();
      } finally {
        await page.context().close();
      }
    });
  }
}

describe("coming in", () => {
  test("says what is wrong with a name, a passphrase or a link", async () => {
    const page = await newPage(browser, { origin });
    const looks = looker(page);
    await looks.at(linkOf("officer-3"), { name: "/staff/set-up" });
    await page.getByLabel("Passphrase").fill("short");
    await page.getByLabel("The same again").fill("shorter");
    await go(page, "Keep it");
    await looks.wrong(/Enter the same passphrase twice/, "/staff/set-up");
    for (const label of ["Passphrase", "The same again"]) await page.getByLabel(label).fill("short");
    await go(page, "Keep it");
    await looks.wrong(/14 characters/, "/staff/set-up");
    await looks.at("/staff/set-up/nothing", { status: 404, name: "404 link" });
    await looks.at("/staff/sign-in");
    await go(page, /^Sign in$/);
    await looks.wrong(/Enter your sign-in name\s+Enter your passphrase/);
    await signIn(page, "nobody", "not the passphrase");
    await looks.wrong(/The name or the passphrase is not right/);
    await page.goto("/staff/work?queue=moves");
    assert.equal(new URL(page.url()).pathname, "/staff/sign-in", "whoever has not signed in is asked to");
    assert.doesNotMatch(await main(page), /HN-/);
    looks.done();
    await page.context().close();
  });
});

describe("the pages", { concurrency: 1 }, () => {
  let question, moved;
  before(async () => {
    question = await told(TO_OFFICER);
    moved = await told(JOURNEYS.find((it) => /moved to a care home/.test(it.name)));
  });

  pagesOf("officer", async (page, looks) => {
    for (const path of ["", "?queue=all&status=any&sort=due&dir=down", "?q=nobody", "?assigned=me", "?next=none"]) await looks.at(`/staff/work${path}`, { name: `/staff/work${path}` });
    for (const path of ["/figures", "/alerts"]) await looks.at(`/staff/work${path}`);
    await looks.at("/staff/search");
    await looks.at("/staff/search?q=nothing-at-all", { name: "/staff/search?q" });
    await looks.at("/staff/me");
    await page.getByLabel("UPRN").fill("12");
    await go(page, "Close it to me");
    await looks.wrong(/Enter the UPRN of a dwelling/, "/staff/me");
    // An account that no item is about: why?
    const home = nextHome((it) => it.adults === "2");
    await looks.at(`/staff/accounts/${home.account}`, { name: "why" });
    assert.match(await main(page), /Why do you need this record\?/);
    await page.getByLabel("The person is on the telephone").check();
    await go(page, "Continue");
    await looks.look("/staff/accounts");
    assert.match(await main(page), new RegExp(home.persons[0]));
    await page.getByLabel("Month").fill("");
    await go(page, "Show that day");
    await looks.wrong(/The date must include a day, a month and a year/, "/staff/accounts");
    await page.getByLabel("Month").fill("feb");
    await go(page, "Show that day");
    assert.doesNotMatch(await page.title(), /^Error/);
    await looks.at(`/staff/accounts/${home.account}?as_of=2015-10-03`, { name: "/staff/accounts" });
    const shown = await page.locator(".govuk-date-input input").evaluateAll((all) => all.map((it) => it.value));
    assert.deepEqual(shown, ["3", "10", "2015"], "a link says it in one");
    // A link gives no reason: it is asked of the dwelling too.
    await looks.at(`/staff/dwellings/${home.uprn}?because=telephone`, { name: "why" });
    await page.getByLabel("The person is on the telephone").check();
    await go(page, "Continue");
    await looks.look("/staff/dwellings");
    await looks.at("/staff/people", { status: 403, name: "403" });
  });

  pagesOf("officer-2", async (page, looks) => {
    const item = `/staff/work/${moved}`;
    await looks.at(item, { name: "item" });
    if ((await page.getByRole("button", { name: "Claim it" }).count()) > 0) await go(page, "Claim it");
    await looks.look("item, claimed");
    await go(page, /^Decide$/);
    await looks.wrong(/Choose what you decide/, "item, claimed");
    await page.getByLabel("Reject: it does not take effect").check();
    await go(page, /^Decide$/);
    await looks.wrong(/Choose why you reject it/, "item, claimed");
    for (const [folded, button, told] of [
      ["Ask the resident", /^Ask$/, /Say what you need/],
      ["Put it off", /^Put it off$/, /Enter the day/],
      ["Hand it over", "Hand it over", /Choose a colleague/],
      ["Hand it over", "Move it", /Say which queue/],
    ]) {
      await unfold(page, folded);
      await go(page, button);
      await looks.wrong(told, `item, claimed, ${button}`);
    }
    await go(page, "Put something right first, then accept");
    await looks.look("amend");
    await go(page, "Accept it, put right so");
    await looks.wrong(/Change at least one field/, "amend");
    await looks.at(`/staff/work/${question}`, { name: "item, question" });
    await looks.at("/staff/work/HN-0000-0000", { status: 404, name: "404 item" });
    // Many at once: nothing picked, then one.
    await looks.at(`/staff/work?q=${question}`, { name: "one item" });
    await unfold(page, "With those that are picked");
    await go(page, "Look at what would happen");
    assert.equal(noted(page).document.status(), 422);
    await looks.wrong(/Pick at least one item/, "one item");
    await open(page, `/staff/work?q=${question}`);
    await page.getByLabel(`Pick ${question}`).check();
    await unfold(page, "With those that are picked");
    await page.getByLabel("Do this").selectOption("Claim");
    await go(page, "Look at what would happen");
    await looks.look("many");
    await go(page, "Do it with 1");
    await looks.look("many, done");
    await go(page, "Undo all of it");
    await looks.look("many, undone");
  });

  pagesOf("supervisor", async (page, looks) => {
    const claim = await officer(`/work-items/${question}`);
    assert.equal(claim.reference, question);
    await looks.at("/staff/work");
    await looks.at(`/staff/work/${moved}`, { name: "item, of another" });
    assert.match(await main(page), /officer-2 has this item/);
    await looks.at("/staff/work?escalated=1", { name: "/staff/work?escalated" });
  });

  pagesOf("auditor", async (page, looks) => {
    await looks.at("/staff");
    await looks.at(`/staff/work/${question}?because=check`, { name: "item, read only" });
    assert.equal(await page.getByRole("button", { name: "Claim it" }).count(), 0);
    await looks.at("/staff/work", { status: 403, name: "403" });
  });

  pagesOf("manager", async (page, looks) => {
    await looks.at("/staff/work/figures");
    await looks.at("/staff/me");
    await looks.at("/staff/search", { status: 403, name: "403" });
  });

  pagesOf("admin", async (page, looks) => {
    await looks.at("/staff/people");
    await go(page, "Let them sign in");
    await looks.wrong(/Choose a role/);
    await go(page, /^auditor$/);
    await looks.look("/staff/people/auditor");
    await page.getByLabel("UPRN").fill("12");
    await go(page, "Close it to them");
    await looks.wrong(/Enter the UPRN/, "/staff/people/auditor");
    await open(page, "/staff/people");
    const name = `new-${Math.random().toString(36).slice(2, 8)}`;
    await page.getByLabel("Sign-in name").fill(name);
    await page.getByLabel("manager").check();
    await go(page, "Let them sign in");
    await looks.look("/staff/people, link");
    assert.match(await main(page), /\/staff\/set-up\/\S+/);
    await looks.at("/staff/restricted");
    await go(page, "Restrict it");
    await looks.wrong(/Enter the UPRN[\s\S]*Name at least one/);
    const { uprn } = nextHome();
    await page.getByLabel("UPRN", { exact: true }).fill(uprn);
    await page.getByLabel("Open to").fill("officer");
    await go(page, "Restrict it");
    await looks.look("/staff/restricted, one");
    assert.match(await main(page), /One dwelling is restricted/);
    assert.doesNotMatch(await main(page), new RegExp(uprn), "which it is, is for the named");
    await go(page, "Open it");
    await looks.wrong(/Enter the UPRN/);
    await page.getByLabel("UPRN of the dwelling to open").fill(uprn);
    await go(page, "Open it");
    assert.match(await main(page), /No dwelling is restricted/);
  });
});
