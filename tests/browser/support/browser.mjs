// A browser, and pages that remember what went wrong on them.
import assert from "node:assert/strict";
import { chromium } from "./packages.mjs";

export const DESKTOP = { width: 1280, height: 900 };
export const PHONE = { width: 320, height: 640 };

const QUIET = [
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-default-apps",
  "--no-proxy-server",
];

// One for a file of tests, with a profile of its own that goes when it is closed. Root must do without the sandbox.
export function launch() {
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: [...QUIET, ...sandbox] });
}

const notes = new WeakMap();

// What was noted about a page since it was opened: `faults` (sentences), and `document`, the answer that it shows.
export const noted = (page) => notes.get(page);

// A page in a context of its own: nothing is shared with another one, as if it were another person's device.
export async function newPage(browser, { origin, viewport = DESKTOP, javaScript = true, ...more }) {
  const context = await browser.newContext({ baseURL: origin, viewport, javaScriptEnabled: javaScript, ...more });
  context.setDefaultTimeout(15_000);
  return watch(await context.newPage(), { origin, javaScript });
}

// Another tab of the same device.
export async function newTab(page) {
  const { origin, javaScript } = noted(page);
  return watch(await page.context().newPage(), { origin, javaScript });
}

function watch(page, { origin, javaScript }) {
  const note = { origin, javaScript, faults: [], document: undefined };
  notes.set(page, note);
  page.on("console", (message) => {
    // The status of the page itself is for its test to judge: a form with errors may well be answered with one of 400.
    const ofThePage = message.location().url === note.document?.url() && message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !ofThePage) note.faults.push(`console error: ${message.text()}`);
  });
  page.on("pageerror", (error) => note.faults.push(`script error: ${error.message}`));
  page.on("request", (request) => {
    const { protocol, origin: from } = new URL(request.url());
    if (protocol !== "data:" && from !== origin) note.faults.push(`a request off the origin: ${request.url()}`);
  });
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText;
    // A person who goes on before everything has come is no fault of the page's.
    if (why !== "net::ERR_ABORTED") note.faults.push(`a request that failed: ${request.url()} (${why})`);
  });
  page.on("response", (response) => {
    const request = response.request();
    const shown = request.isNavigationRequest() && request.frame() === page.mainFrame();
    if (shown && (response.status() < 300 || response.status() >= 400)) note.document = response;
    if (!shown && response.status() >= 400) note.faults.push(`${response.status()} for ${response.url()}`);
  });
  return page;
}

// Goes to a path, and gives the answer.
export async function open(page, path, { status = 200 } = {}) {
  const answer = await page.goto(path, { waitUntil: "load" });
  assert.equal(answer.status(), status, `${path} answers ${answer.status()}`);
  return answer;
}
