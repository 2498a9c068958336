// Every journey of journeys.mjs, as three people make it.
import { after, before, describe, test } from "node:test";
import { JOURNEYS } from "./journeys.mjs";
import { launch } from "./support/browser.mjs";
import { travel } from "./support/journey.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

describe("journeys", { concurrency: 2 }, () => {
  for (const journey of JOURNEYS) travel(test, () => browser, () => process.env.BASE_URL, journey);
});
