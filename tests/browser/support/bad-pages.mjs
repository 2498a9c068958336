// A server of pages that are sound but for one thing each: what a check is worth is whether it finds it.
import { createServer } from "node:http";

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

const STYLE = `
body { font: 18px sans-serif; color: #111; background: #fff; margin: 10px }
:focus { outline: 3px solid #f60 }
.no-outline:focus { outline: none }
.pale { color: #ccc }
.wide { width: 400px; background: #eee }
.away:focus { position: fixed; left: -5000px }
`;

const ASSETS = {
  "/icon.svg": ["image/svg+xml", `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>`],
  "/style.css": ["text/css", STYLE],
  "/script.js": ["text/javascript", "document.documentElement.dataset.ran = 'yes';"],
  "/complains.js": ["text/javascript", "console.error('this is bad');"],
  "/throws.js": ["text/javascript", "throw new Error('this is worse');"],
  "/heavy.js": ["text/javascript", `//${"x".repeat(150_000)}`],
};

const FORM = `<form action="/sent" method="post" novalidate>
<fieldset><legend>Who lives there?</legend>
<div><input type="radio" name="who" id="who" value="me"><label for="who">Only me</label></div>
<div><input type="radio" name="who" id="who-2" value="more"><label for="who-2">More people</label></div>
</fieldset>
<fieldset><legend>When did you move?</legend>
<div><label for="day">Day</label> <input type="text" id="day" name="on-day"></div>
<div><label for="month">Month</label> <input type="text" id="month" name="on-month"></div>
<div><label for="year">Year</label> <input type="text" id="year" name="on-year"></div>
</fieldset>
<div><label for="name">Full name</label> <input type="text" id="name" name="name" autocomplete="name"></div>
<div><label for="area">Area</label> <select id="area" name="area"><option value="n">North</option><option value="s">South</option></select></div>
<button type="submit">Continue</button>
</form>`;

const SUMMARY = `<div class="govuk-error-summary"><h2>There is a problem</h2><ul><li><a href="#name">Enter your name</a></li></ul></div>`;
const MESSAGE = `<p class="govuk-error-message">Error: Enter your name</p>`;

function html({ title, lang = "en", head = "", heading = `<h1>${title.replace(/^Error: /, "")}</h1>`, main = FORM }) {
  return `<!DOCTYPE html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/style.css">
<script src="/script.js"></script>
${head}
</head>
<body>
<main>
${heading}
${main}
</main>
</body>
</html>
`;
}

// Each page has one fault, which the pattern must find; the good ones have none.
export const PAGES = {
  "/good": { title: "Good" },
  "/good-error": { title: "Error: Good too", main: SUMMARY + MESSAGE + FORM },
  "/contrast": { title: "Contrast", main: `<p class="pale">Hard to read</p>`, fault: /axe: .*color-contrast/ },
  "/unlabelled": { title: "Unlabelled", main: FORM.replace(`<label for="name">Full name</label>`, ""), fault: /field name has no label/ },
  "/placeholder": {
    title: "Placeholder",
    main: FORM.replace(`<label for="name">Full name</label>`, "").replace(`name="name"`, `name="name" aria-label="Full name"`),
    fault: /field name has no label/,
  },
  "/no-legend": { title: "No legend", main: FORM.replace("<legend>Who lives there?</legend>", ""), fault: /choice who is in no fieldset/ },
  "/required": { title: "Required", main: FORM.replace(`name="name"`, `name="name" required`), fault: /is "required"/ },
  "/validated": { title: "Validated", main: FORM.replace(" novalidate", ""), fault: /lets the browser validate/ },
  "/complains": { title: "Complains", head: `<script src="/complains.js"></script>`, fault: /console error: this is bad/ },
  "/throws": { title: "Throws", head: `<script src="/throws.js"></script>`, fault: /script error: this is worse/ },
  "/elsewhere": {
    title: "Elsewhere",
    main: `<p><img src="http://127.0.0.1:9/a.png" alt="A picture"></p>`,
    fault: /a request off the origin|violates .*Content Security Policy/,
  },
  "/leaks": {
    title: "Leaks",
    main: `<p><img src="http://127.0.0.1:9/a.png" alt="A picture"></p>`,
    headers: { "content-security-policy": POLICY.replace("img-src 'self'", "img-src *") },
    fault: /a request off the origin: http:\/\/127\.0\.0\.1:9\/a\.png/,
  },
  "/missing": { title: "Missing", main: `<p><img src="/none.png" alt="A picture"></p>`, fault: /404 for .*\/none\.png/ },
  "/broken-image": { title: "Broken image", main: `<p><img src="/style.css" alt="A picture"></p>`, fault: /the image .* is broken/ },
  "/wide": { title: "Wide", main: `<p class="wide">Wide</p>`, fault: /at 320 px: at 320 px the page is 4\d\d px wide \(<p class="wide">\)/ },
  "/invalid": { title: "Invalid", main: "<p><div>In a paragraph</div></p>", fault: /HTML \d+:\d+: .*\(/ },
  "/inline-style": { title: "Inline style", main: `<p style="color: #111">In line</p>`, fault: /no-inline-style/ },
  "/inline-script": { title: "Inline script", head: "<script>document.title = 'Ran'</script>", fault: /console error: .*Content Security Policy/ },
  "/two-headings": { title: "Two headings", heading: "<h1>One</h1><h1>Two</h1>", fault: /2 h1 instead of one/ },
  "/no-heading": { title: "No heading", heading: "<h2>None</h2>", fault: /0 h1 instead of one/ },
  "/no-language": { title: "No language", lang: "", fault: /does not say its language/ },
  "/no-error-in-title": { title: "No error in title", main: SUMMARY + MESSAGE + FORM, fault: /the title is .* with an error summary/ },
  "/error-in-title": { title: "Error: in title", fault: /the title is .* without an error summary/ },
  "/nowhere": { title: "Error: nowhere", main: SUMMARY.replace("#name", "#nobody") + MESSAGE + FORM, fault: /does not lead to a field/ },
  "/other-words": { title: "Error: other words", main: `${SUMMARY}<p class="govuk-error-message">Name!</p>${FORM}`, fault: /not said beside its field/ },
  "/same-title": { title: "Good", after: "/good", fault: /the title "Good" is also that of \/good/ },
  "/cookie": { title: "Cookie", headers: { "set-cookie": "id=1" }, fault: /a cookie is set/ },
  "/unsafe": {
    title: "Unsafe",
    headers: { "content-security-policy": POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'") },
    fault: /script-src may not name 'unsafe-inline'/,
  },
  "/any-host": {
    title: "Any host",
    headers: { "content-security-policy": POLICY.replace("style-src 'self'", "style-src 'self' https:") },
    fault: /style-src may not name https:/,
  },
  "/framed": {
    title: "Framed",
    headers: { "content-security-policy": POLICY.replace("; frame-ancestors 'none'", "") },
    fault: /there is no frame-ancestors/,
  },
  "/no-policy": { title: "No policy", headers: { "content-security-policy": undefined }, fault: /there is no Content-Security-Policy/ },
  "/kept": { title: "Kept", headers: { "cache-control": "max-age=60" }, fault: /the header cache-control is max-age=60/ },
  "/refers": { title: "Refers", headers: { "referrer-policy": undefined }, fault: /the header referrer-policy is not there/ },
};

// Pages for what is not one of the checks of every page.
const OTHERS = {
  "/heavy": { title: "Heavy", head: `<script src="/heavy.js"></script>` },
  "/no-focus": { title: "No focus", main: FORM.replace(`id="name"`, `id="name" class="no-outline"`) },
  "/focus-away": { title: "Focus away", main: FORM.replace(`id="name"`, `id="name" class="away"`) },
  "/unreachable": { title: "Unreachable", main: FORM.replace(`<button `, `<button tabindex="-1" `) },
  "/markup": { title: "Markup", main: "<p><b data-hostile>bold</b></p>" },
  "/link": { title: "Link", main: `<p><a href="javascript:alert(1)">Press</a></p>` },
};

// Serves them at a port of its own; what a form sends is shown again, as text.
export async function serveBadPages() {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const answer = (status, headers, body) => {
      for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value);
      response.writeHead(status).end(body);
    };
    if (ASSETS[pathname]) {
      const [kind, body] = ASSETS[pathname];
      return answer(200, { "content-type": kind }, body);
    }
    if (pathname === "/sent") {
      let body = "";
      for await (const part of request) body += part;
      const sent = new URLSearchParams(body).toString().replace(/&/g, " ");
      return answer(200, HEADERS, html({ title: "Sent", main: `<p>${sent}</p>` }));
    }
    const page = PAGES[pathname] ?? OTHERS[pathname];
    if (!page) return answer(404, HEADERS, html({ title: "Not found", main: "" }));
    return answer(200, { ...HEADERS, ...page.headers }, html(page));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const close = () => new Promise((closed) => { server.closeAllConnections(); server.close(closed); });
  return { origin: `http://127.0.0.1:${server.address().port}`, close };
}
