// The other side: an officer at the API, and the messages that lie in the outbox.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const origin = process.env.BASE_URL;

// Asks the API as an officer, and gives what it answers.
export async function officer(path, body) {
  const answer = await fetch(`${origin}/api/v1${path}`, {
    method: body ? "POST" : "GET",
    headers: { authorization: `Bearer ${process.env.OFFICER_TOKEN}`, "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  assert.ok(answer.ok, `${path} answers ${answer.status}: ${text}`);
  return text ? JSON.parse(text) : undefined;
}

// The messages about a notification, once there are as many.
export const messages = (reference, least = 1) => messagesWith(reference, least);

// The messages in which a text stands, once there are as many.
export async function messagesWith(wanted, least = 1) {
  const folder = join(process.env.HEARTH_DATA, "outbox");
  for (let wait = 0; wait < 100; wait += 1) {
    const names = readdirSync(folder, { withFileTypes: true }).filter((it) => it.isFile()).map((it) => it.name);
    const texts = names.sort().map((it) => readFileSync(join(folder, it), "utf8")).filter((it) => it.startsWith("Subject: ") && it.includes(wanted));
    if (texts.length >= least) return texts;
    await new Promise((done) => setTimeout(done, 200));
  }
  return assert.fail(`no message with ${wanted} in ${folder}`);
}
