// What else there is: what a home would cost, many changes in a spreadsheet, and pages that say that it did not work.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, describe, test } from "node:test";
import { START, UP_TO_CHECK } from "./journeys.mjs";
import { DESKTOP, PHONE, launch, newPage, noted, open } from "./support/browser.mjs";
import { checks } from "./support/checks.mjs";
import { nextHome } from "./support/homes.mjs";
import { go, hurry } from "./support/journey.mjs";

const origin = process.env.BASE_URL;
let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const main = (page) => page.locator("main").innerText();
const summary = (page) => page.locator(".govuk-error-summary");
const people = [
  { as: "", viewport: DESKTOP, javaScript: true },
  { as: ", without JavaScript on a phone", viewport: PHONE, javaScript: false },
];
const trial = (name, what) => {
  for (const { as, ...person } of people) {
    test(`${name}${as}`, async () => {
      const page = await newPage(browser, { origin, ...person });
      try {
        await what(page);
      } finally {
        await page.context().close();
      }
    });
  }
};

describe("what would I pay?", () => {
  trial("is worked out, line by line", async (page) => {
    await open(page, "/estimate");
    await page.getByLabel("Which year?").selectOption("2015/16");
    await page.getByLabel("Where is the home?").selectOption("Andover");
    await page.getByLabel("Which band is the home in?").selectOption("C");
    await page.getByLabel("One who counts", { exact: true }).check();
    await go(page, "Work it out");
    await checks(page);
    assert.match(await main(page), /For 2015\/16 you would pay £[\d,]+\.\d\d\.[\s\S]*Single person discount, 25%[\s\S]*−£/);
    assert.ok(await page.getByLabel("One who counts", { exact: true }).isChecked(), "what was answered is still there");
  });

  trial("says what is wrong with a day", async (page) => {
    await open(page, "/estimate");
    for (const [day, told] of [[["31", "2", "2016"], /Enter a real date/], [["1", "1", "2001"], /Enter a day in the year you chose/], [["1", "", ""], /must include/], [["1", "1", "1990"], /The year must be from 1993 to 2199/]]) {
      for (const [at, label] of ["Day", "Month", "Year"].entries()) await page.getByLabel(label, { exact: true }).fill(day[at]);
      await go(page, "Work it out");
      assert.match(await summary(page).innerText(), told);
      await checks(page);
    }
  });
});

const HEAD = "Landlord,Tenant Names,Property Reference,Property Address,Furnished,Start Date,End Date";
const let_ = () => nextHome((it) => it.tenure === "private-landlord" && it.adults !== "0" && it.awards === "");

describe("many changes in a spreadsheet", () => {
  trial("are looked at row by row, sent, and handed back where they are wrong", async (page) => {
    const [good, bad] = [let_(), let_()];
    const rows = [
      HEAD,
      `${good.owner},Ms New Tenant,,"${good.address}, ${good.postcode}",,21/11/2015,`,
      `${good.owner},Mr Else Where,,"1 Nowhere Lane, ZZ99 9ZZ",,21/11/2015,`,
      `${good.owner},"Ms A Tenant, Mr B Tenant",,"${bad.address}, ${bad.postcode}",YES,soon,`,
    ];
    await open(page, "/many");
    await checks(page);
    await go(page, "Check the rows");
    assert.match(await summary(page).innerText(), /Select whether you are the landlord[\s\S]*Enter your name, or that of your firm[\s\S]*Choose a file/);
    await checks(page);
    const fill = async (name, buffer) => {
      await page.getByLabel("The landlord", { exact: true }).check();
      await page.getByLabel("Your name, or that of your firm").fill(good.owner);
      await page.locator("input[type=file]").setInputFiles({ name, mimeType: "text/csv", buffer });
      await go(page, "Check the rows");
    };
    await fill("rows.csv", Buffer.from("Name,Colour\nAnn,Green\n"));
    assert.equal(await summary(page).count(), 1);
    await checks(page);
    await fill("rows.csv", Buffer.from(`${rows.join("\r\n")}\r\n`));
    assert.match(await main(page), /2 rows can be sent\. 1 row has to be put right first\.[\s\S]*Ready[\s\S]*An officer looks at it[\s\S]*Put this right/);
    await checks(page);
    const link = await page.getByRole("link", { name: /^Download the rows/ }).getAttribute("href");
    const file = await page.request.get(link);
    assert.match(file.headers()["content-type"], /^text\/csv/);
    const back = await file.text();
    assert.match(back, /soon/);
    assert.doesNotMatch(back, /Nowhere/, "only what has to be put right");
    await go(page, "Send 2 rows");
    assert.match(await main(page), /We have 2 rows\.[\s\S]*HN-/);
    await checks(page);
    const references = await page.locator("main table a").allInnerTexts();
    assert.equal(references.length, 2);
    await go(page, references[0]);
    assert.match(await main(page), /A change of tenants/);
  });
});

describe("when it does not work", () => {
  trial("there is nothing at another path, nor in a file or in answers that are gone", async (page) => {
    for (const [path, says] of [
      ["/no-such-page", /not found/i],
      ["/many/AAAAAAAAAAAAAAAAAAAAAA", /do not have this file any more/],
      ["/tell/AAAAAAAAAAAAAAAAAAAAAA/check", /do not have these answers any more/],
    ]) {
      await open(page, path, { status: 404 });
      assert.match(await page.locator("h1").innerText(), says);
      await checks(page, path);
    }
  });

  trial("whoever asks too often is told to wait", async (page) => {
    // Another address of this machine has an allowance of its own, which is used up here.
    const asked = () =>
      new Promise((done, failed) => {
        const request = http.get(`${origin}/help`, { localAddress: "127.0.0.9", headers: { accept: "text/html" } }, (answer) => {
          const parts = [];
          answer.on("data", (it) => parts.push(it));
          answer.on("end", () => done({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
        });
        request.on("error", failed);
      });
    let answer = await asked();
    for (let tries = 0; answer.status === 200 && tries < 20; tries += 1) answer = (await Promise.all(Array.from({ length: 100 }, asked))).at(-1);
    assert.equal(answer.status, 429);
    assert.match(answer.headers["retry-after"], /^\d+$/);
    await page.route("**/help", (route) => route.fulfill(answer));
    await page.goto("/help");
    assert.match(await main(page), /Please wait a moment[\s\S]*Wait a minute/);
    await checks(page, "429");
  });

  trial("what comes from another site is not taken", async (page) => {
    await open(page, "/");
    const elsewhere = { origin: "https://elsewhere.example", "sec-fetch-site": "cross-site" };
    // No browser lets a page say that it comes from elsewhere: what is asked is changed on its way.
    await page.route("**/tell", async (route) => {
      const response = await route.fetch({ headers: { ...route.request().headers(), ...elsewhere }, maxRedirects: 0 });
      await route.fulfill({ response });
    });
    await go(page, "Start now");
    assert.equal(noted(page).document.status(), 403);
    assert.match(await main(page), /did not come from a page of this service/);
    await checks(page, "403");
  });

  trial("what is too much is not taken, and the answers are kept", async (page) => {
    await hurry(page, UP_TO_CHECK);
    await page.goto(page.url().replace("/check", "/you/note"));
    await page.locator("textarea").evaluate((it) => (it.value = "a ".repeat(1_500_000)));
    await go(page, "Continue");
    assert.equal(noted(page).document.status(), 413);
    await checks(page, "413");
    await page.goto(page.url().replace("/you/note", "/check"));
    assert.match(await main(page), /Ms Ann Newcomer/);
  });

  trial("answers that were kept can be deleted", async (page) => {
    await hurry(page, { steps: [START], ends: [] });
    await go(page, "Save and finish later");
    await go(page, "Show me the link instead");
    await checks(page);
    await go(page, "Delete my answers");
    assert.match(await main(page), /Nothing was sent/);
    await checks(page);
  });
});
