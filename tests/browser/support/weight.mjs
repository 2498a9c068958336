// What a first visit costs somebody who pays by the megabyte.
import { newPage } from "./browser.mjs";

// The bytes that came over the wire, headers included, with nothing cached; and of what.
export async function weight(browser, origin, path) {
  const page = await newPage(browser, { origin });
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  const urls = new Map();
  const parts = [];
  session.on("Network.requestWillBeSent", ({ requestId, request }) => urls.set(requestId, request.url));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) =>
    parts.push({ url: urls.get(requestId) ?? "?", bytes: encodedDataLength }),
  );
  await page.goto(path, { waitUntil: "networkidle" });
  await page.context().close();
  return { bytes: parts.reduce((sum, it) => sum + it.bytes, 0), parts };
}
