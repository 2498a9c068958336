// What somebody may write into a field, by mistake or on purpose; and whether it stayed text.
import assert from "node:assert/strict";

// Every markup in here leaves something to be found if it is ever taken for markup.
export const HOSTILE = {
  "a script": "<script data-hostile>window.hostile = true</script>",
  "an image": '"><img data-hostile src="/nothing" onerror="window.hostile = true">',
  "an attribute": '" autofocus onfocus="window.hostile = true" data-hostile="',
  "the end of a text area": "</textarea></title><b data-hostile>",
  "entities": "&lt;b data-hostile&gt; &amp;amp; &#x3c;i&#x3e;",
  "quotes": `O'Brien "the 'other'" \`one\``,
  "a template": "{{7*7}} ${7*7} <%= 7*7 %> #{7*7} { $name } %(x)s %s %n",
  "SQL": "'; DROP TABLE notifications; --",
  "right to left": "\u202Eevil\u202C \u05D0\u05D1\u05D2 \u0627\u0644",
  "emoji": "👩‍👩‍👧‍👦 🏳️‍🌈 Zoë N\u0303",
  "nothing, in a word": "null undefined NaN [object Object] None",
  "a link": "javascript:window.hostile=true",
  "a path": "../../../../etc/passwd\\..\\..",
  "a formula": "=HYPERLINK(\"https://elsewhere.example\")",
  "what no name holds": "a\u0000b\u0007c\u200Bd\uFEFFe",
  "very long": "Llanfair ".repeat(4000).trim(),
};

// Fails where something that was written came back as more than text.
export async function assertStayedText(page) {
  const found = await page.evaluate(() => ({
    ran: "hostile" in globalThis,
    markup: [...document.querySelectorAll("[data-hostile]")].map((it) => it.outerHTML),
    links: [...document.querySelectorAll("[href], [src], [action]")]
      .filter((it) => /^\s*(javascript|data):/i.test(it.getAttribute("href") ?? it.getAttribute("action") ?? ""))
      .map((it) => it.outerHTML),
  }));
  assert.deepEqual(found, { ran: false, markup: [], links: [] }, page.url());
}

const plain = (text) => text.replace(/\s+/g, " ").trim();

// Fails unless this is on the page to be read, or in a field to be mended.
export async function assertShown(page, text) {
  const found = await page.evaluate(() => [
    document.body.innerText,
    ...[...document.querySelectorAll("input, textarea")].map((it) => it.value),
  ]);
  assert.ok(found.some((it) => plain(it).includes(plain(text))), `"${text.slice(0, 80)}" is not shown on ${page.url()}`);
}
