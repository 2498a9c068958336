// Everything that must hold on every page, whatever it shows.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DESKTOP, PHONE, noted } from "./browser.mjs";
import { documentFaults } from "./document.mjs";
import { headerFaults } from "./headers.mjs";
import { htmlFaults } from "./html.mjs";
import { axe } from "./packages.mjs";

const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// Fails with every fault at once, so that one run tells all there is to mend.
export async function checks(page, name = nameOf(page)) {
  const found = await faults(page, name);
  if (found.length > 0) assert.fail(`${name}:\n  ${found.join("\n  ")}\n`);
}

const sound = new Set();
const tried = new Set();
const titles = new WeakMap();
// Pages that are made of what was answered before: one is not like another, so each is looked at whole where scripts are off.
const OF_MANY_PARTS = /\/(check|sent)$/;

// A sentence for each fault. The same bytes at the same place are not looked at twice, and axe, which takes the longest by far,
// is run over each page once with an error and once without: a question of one place is asked in the same way of everybody.
export async function faults(page, name = nameOf(page)) {
  const { document, javaScript, faults: seen } = noted(page);
  const html = await document.text();
  // What a page did is over when it has been told of: the next one is not blamed for it.
  const found = [...headerFaults(await document.allHeaders()), ...seen.splice(0), ...titleFaults(page, await page.title(), name)];
  const key = createHash("sha256").update(`${name}\n${javaScript}\n${withoutDrafts(html)}`).digest("hex");
  if (!sound.has(key)) {
    const place = `${name} ${javaScript} ${html.includes("govuk-error-summary__title")}`;
    const whole = !tried.has(place) || (OF_MANY_PARTS.test(name) && !javaScript);
    const before = page.viewportSize();
    found.push(...(await htmlFaults(html)));
    for (const viewport of whole ? [DESKTOP, PHONE] : [before]) {
      if (whole) await page.setViewportSize(viewport);
      const ofIt = await documentFaults(page);
      const at = [...ofIt, ...(whole ? await axeFaults(page) : [])];
      found.push(...at.map((it) => `at ${viewport.width} px: ${it}`));
      if (whole) await picture(page, `${name} ${viewport.width}${javaScript ? "" : " without JavaScript"}${html.includes("govuk-error-summary__title") ? " wrong" : ""}`);
    }
    if (whole) await page.setViewportSize(before);
    found.push(...seen.splice(0));
    if (found.length === 0) {
      sound.add(key);
      tried.add(place);
    }
  }
  return found;
}

// What a person tells two pages apart by, in the list of open tabs and of those they came by.
function titleFaults(page, title, name) {
  const plain = title.replace(/^(Error|Gwall): /, "");
  const seen = titles.get(page) ?? new Map();
  titles.set(page, seen);
  // Behind a comma stands what became of one place.
  const [place] = name.split(", ");
  const other = seen.get(plain) ?? place;
  seen.set(plain, other);
  return other === place ? [] : [`the title "${plain}" is also that of ${other}`];
}

// axe needs timers, which do not run where scripts are off: they are on while it looks. What the page would have done with
// them, had it had them when it was loaded, it does not do any more.
async function axeFaults(page) {
  if (noted(page).javaScript) return axeRun(page);
  const session = await page.context().newCDPSession(page);
  const off = (value) => session.send("Emulation.setScriptExecutionDisabled", { value });
  await off(true);
  await off(false);
  try {
    return await axeRun(page);
  } finally {
    await off(true);
    await session.detach();
  }
}

async function axeRun(page) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source);
  const { violations, incomplete } = await page.evaluate(
    (tags) =>
      globalThis.axe.run(document, {
        runOnly: { type: "tag", values: tags },
        // The Design System's own layout has its phase banner and its back link outside of landmarks.
        rules: { region: { enabled: false } },
        resultTypes: ["violations", "incomplete"],
      }),
    STANDARDS,
  );
  const where = (result) => result.nodes.map((node) => node.target.join(" ")).join(", ");
  for (const it of incomplete) console.log(`    to be looked at by eye: ${it.help} (${it.id}): ${where(it)}`);
  return violations.map((it) => `axe: ${it.help} (${it.id}): ${where(it)}`);
}

async function picture(page, name) {
  if (!process.env.SHOTS) return;
  mkdirSync(process.env.SHOTS, { recursive: true });
  const file = name.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "") || "start";
  await page.screenshot({ path: join(process.env.SHOTS, `${file}.png`), fullPage: true });
}

// Keys in addresses: long, and of letters and digits mixed, or of nothing but hexadecimal ones.
const KEY = /(?<=[/=])(?=[A-Za-z0-9_-]*\d)[A-Za-z0-9_-]{16,}/g;
const withoutDrafts = (html) => html.replace(KEY, "KEY");

// What is sent from a page and comes back with what was wrong is that page.
const SENT_FROM = /(?<=\/track\/[^/]+)\/(answer|evidence)$/;

// A page is called by its path, without what is different for each draft; what is not there, or broken, by its status.
export function nameOf(page) {
  const status = noted(page).document.status();
  if (status === 404 || status >= 500) return `${status}`;
  return new URL(page.url()).pathname.replace(KEY, "KEY").replace(SENT_FROM, "");
}
