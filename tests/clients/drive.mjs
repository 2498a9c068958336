// Drives a server of the EventStoreDB protocol with an official Node client: node drive.mjs CONNECTION_STRING [PACKAGE]
import { randomUUID } from "node:crypto";
import { official } from "./official.mjs";

const { found, client, title } = await official(process.argv[2], process.argv[3]);
const { jsonEvent, binaryEvent, ANY, NO_STREAM, STREAM_EXISTS, START, END, BACKWARDS, streamNameFilter, eventTypeFilter } = found;
// The one package says revision where the other says state.
const kurrent = title.startsWith("@kurrent");
const at = (expected) => (kurrent ? { streamState: expected } : { expectedRevision: expected });
const atForDeletion = (expected) => (kurrent ? { streamState: expected, expectedRevision: expected } : { expectedRevision: expected });

// With credentials of its own a call is not batched. Where there are no users anybody's will do.
const [, username = "nobody", password = "nothing"] = /^\w+:\/\/([^:@/]+):([^@/]+)@/.exec(process.argv[2]) ?? [];
const credentials = { username, password };

const PATIENCE = 10_000;
const outcomes = [];

function check(what, holds) {
  outcomes.push(Boolean(holds));
  console.log(`${holds ? "ok    " : "FAILED"} ${what}`);
}

// The error of a call that is refused with one of these types; nothing otherwise.
async function refused(types, call) {
  try {
    await call();
  } catch (error) {
    if ([types].flat().includes(error.type)) return error;
    console.log(`       ${error.type}: ${error.message}`);
  }
  return undefined;
}

const event = (number = 0, type = "thing-happened") =>
  jsonEvent({ id: randomUUID(), type, data: { number }, metadata: { by: "drive.mjs" } });
const events = (count) => Array.from({ length: count }, (_, number) => event(number));
const aStream = () => `drive-${randomUUID()}`;
const ids = (of) => of.map((it) => it.id);
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const own = (it) => it.event && !it.event.type.startsWith("$");

async function collect(read, accept = own) {
  const all = [];
  for await (const it of read) if (accept(it)) all.push(it.event);
  return all;
}

// The next events of a subscription; fails if they do not come.
function take(subscription, count) {
  return new Promise((resolve, reject) => {
    const taken = [];
    const timer = setTimeout(() => reject(new Error(`only ${taken.length} of ${count} came`)), PATIENCE);
    const over = (settle, value) => {
      clearTimeout(timer);
      subscription.off("data", onData).off("error", onError);
      settle(value);
    };
    const onError = (error) => over(reject, error);
    const onData = (it) => {
      if (!own(it)) return;
      taken.push(it.event);
      if (taken.length === count) over(resolve, taken);
    };
    subscription.on("data", onData).on("error", onError);
  });
}

async function appends() {
  const [stream, first, second] = [aStream(), events(3), events(2)];
  const written = await client.appendToStream(stream, first, at(NO_STREAM));
  check("append to no stream", written.success && written.nextExpectedRevision === 2n);
  const again = await client.appendToStream(stream, first, at(NO_STREAM));
  check("the same append to no stream again is answered with the first revision", again.nextExpectedRevision === 2n);
  const exact = await client.appendToStream(stream, second, at(2n));
  check("append to an exact revision", exact.nextExpectedRevision === 4n && exact.position.commit > written.position.commit);
  check("append to any revision", (await client.appendToStream(stream, event(), at(ANY))).nextExpectedRevision === 5n);
  const exists = await client.appendToStream(stream, event(), at(STREAM_EXISTS));
  check("append to a stream that exists", exists.nextExpectedRevision === 6n);
  const later = await client.appendToStream(stream, second, at(2n));
  check("the same append to an exact revision again, later", later.nextExpectedRevision === 4n);
  check("nothing was written by the repeated appends", (await collect(client.readStream(stream))).length === 7);
  const single = await client.appendToStream(stream, event(), { ...at(6n), credentials });
  check("append by the call for one append", single.nextExpectedRevision === 7n);
}

async function conflicts() {
  const [stream, first] = [aStream(), events(2)];
  await client.appendToStream(stream, first, at(NO_STREAM));
  const wrong = "wrong-expected-version";
  const actual = (error) => error?.actualVersion ?? error?.actualState;
  const none = await refused(wrong, () => client.appendToStream(stream, event(), at(NO_STREAM)));
  check("a conflict with no stream tells the actual revision", actual(none) === 1n);
  const behind = await refused(wrong, () => client.appendToStream(stream, event(), at(0n)));
  check("a conflict with an exact revision tells the actual one", actual(behind) === 1n);
  check("a conflict with a revision not reached", await refused(wrong, () => client.appendToStream(stream, event(), at(9n))));
  const part = await refused(wrong, () => client.appendToStream(stream, [first[0], event()], at(NO_STREAM)));
  check("a part of an append done before is a conflict", part);
  const single = await refused(wrong, () => client.appendToStream(stream, event(), { ...at(5n), credentials }));
  check("a conflict by the call for one append", actual(single) === 1n);
  check("a conflict with a stream that is missing", await refused(wrong, () => client.appendToStream(aStream(), event(), at(4n))));
  const large = binaryEvent({ id: randomUUID(), type: "large", data: Buffer.alloc(1_100_000) });
  const size = await refused("maximum-append-size-exceeded", () => client.appendToStream(stream, large, at(1n)));
  check("an append that is too large is refused", size);
}

async function reads() {
  const [stream, written] = [aStream(), events(6)];
  await client.appendToStream(stream, written, at(NO_STREAM));
  const all = ids(written);
  const read = async (how) => ids(await collect(client.readStream(stream, how)));
  check("read a stream forwards", same(await read(), all));
  check("read a stream backwards", same(await read({ direction: BACKWARDS, fromRevision: END }), all.toReversed()));
  check("read a stream from a revision", same(await read({ fromRevision: 2n }), all.slice(2)));
  const back = await read({ direction: BACKWARDS, fromRevision: 2n });
  check("read a stream backwards from a revision", same(back, all.slice(0, 3).toReversed()));
  const last = await read({ direction: BACKWARDS, fromRevision: END, maxCount: 1 });
  check("read so many of a stream", same(await read({ maxCount: 2 }), all.slice(0, 2)) && same(last, all.slice(5)));
  check("read a missing stream", await refused("stream-not-found", () => collect(client.readStream(aStream()))));
  const [first] = await collect(client.readStream(stream, { maxCount: 1 }));
  const kept = [first.type, first.data, first.metadata, Number(first.revision), first.streamId];
  check("an event is read as it was written", same(kept, ["thing-happened", { number: 0 }, { by: "drive.mjs" }, 0, stream]));
  check("an event says when it was recorded", new Date(first.created).getFullYear() >= 2024);
}

async function wholeLog() {
  const written = events(4);
  await client.appendToStream(aStream(), written.slice(0, 2), at(NO_STREAM));
  await client.appendToStream(aStream(), written.slice(2), at(NO_STREAM));
  const all = ids(written);
  const log = await collect(client.readAll({ fromPosition: START }));
  const positions = log.map((it) => it.position.commit);
  check("the log ends with what was written last", same(ids(log.slice(-4)), all));
  check("positions rise, with gaps", positions[0] > 0n && positions.every((it, n) => n === 0 || it > positions[n - 1] + 1n));
  // A noisy server's own events count, too, and are left out here.
  const many = { direction: BACKWARDS, maxCount: 50 };
  const back = await collect(client.readAll({ fromPosition: END, ...many }));
  check("read the log backwards", same(ids(back.slice(0, 4)), all.toReversed()));
  const from = await collect(client.readAll({ fromPosition: log.at(-3).position }));
  check("read the log from a position, with it", same(ids(from), all.slice(1)));
  const before = await collect(client.readAll({ fromPosition: log.at(-1).position, ...many }));
  check("read the log backwards from a position, without it", same(ids(before.slice(0, 3)), all.slice(0, 3).toReversed()));
}

async function subscriptions() {
  const [stream, written] = [aStream(), events(5)];
  await client.appendToStream(stream, written.slice(0, 3), at(NO_STREAM));
  const [first] = await collect(client.readStream(stream, { maxCount: 1 }));
  const all = ids(written);
  const log = client.subscribeToAll({ fromPosition: first.position });
  check("a subscription to the log begins after its position", same(ids(await take(log, 2)), all.slice(1, 3)));
  const live = take(log, 2);
  await client.appendToStream(stream, written.slice(3), at(2n));
  check("a subscription to the log goes on live", same(ids(await live), all.slice(3)));
  await log.unsubscribe();
  const part = client.subscribeToStream(stream, { fromRevision: 1n });
  check("a subscription to a stream begins after its revision", same(ids(await take(part, 3)), all.slice(2)));
  const late = event();
  const next = take(part, 1);
  await client.appendToStream(stream, late, at(4n));
  check("a subscription to a stream goes on live", same(ids(await next), [late.id]));
  await part.unsubscribe();
  const chosen = client.subscribeToAll({ fromPosition: START, filter: streamNameFilter({ prefixes: [stream] }) });
  check("a subscription by name of stream", same(ids(await take(chosen, 3)), all.slice(0, 3)));
  await chosen.unsubscribe();
  let empty;
  const looked = await new Promise((resolve) => {
    const checkpointReached = async () => resolve(true);
    const often = { maxSearchWindow: 2, checkpointInterval: 1, checkpointReached };
    const filter = eventTypeFilter({ regex: "^nothing-of-this-kind$", ...often });
    empty = client.subscribeToAll({ fromPosition: START, filter }).on("data", () => resolve(false));
    setTimeout(() => resolve(false), PATIENCE).unref();
  });
  await empty.unsubscribe();
  check("a subscription that finds nothing says how far it looked", looked);
}

async function metadata() {
  const stream = aStream();
  await client.appendToStream(stream, events(5), at(NO_STREAM));
  const revisions = async () => (await collect(client.readStream(stream))).map((it) => Number(it.revision));
  await client.setStreamMetadata(stream, { maxCount: 2, own: true }, at(NO_STREAM));
  const set = await client.getStreamMetadata(stream);
  check("metadata is read as it was set", set.metadata.maxCount === 2 && set.metadata.own === true);
  check("$maxCount leaves the last events", same(await revisions(), [3, 4]));
  await client.setStreamMetadata(stream, { truncateBefore: 4 }, at(0n));
  check("$tb leaves the events from it", same(await revisions(), [4]));
  await client.setStreamMetadata(stream, { maxAge: 3600 }, at(1n));
  check("$maxAge leaves young events", same(await revisions(), [0, 1, 2, 3, 4]));
  const wrong = await refused("wrong-expected-version", () => client.setStreamMetadata(stream, {}, at(0n)));
  check("metadata has a revision of its own", wrong);
}

async function deletions() {
  const stream = aStream();
  await client.appendToStream(stream, events(3), at(NO_STREAM));
  const deleted = (name, expected) => client.deleteStream(name, atForDeletion(expected));
  check("a deletion at a wrong revision is a conflict", await refused("wrong-expected-version", () => deleted(stream, 7n)));
  await deleted(stream, 2n);
  check("a deleted stream is not found", await refused("stream-not-found", () => collect(client.readStream(stream))));
  const exists = await refused("stream-deleted", () => client.appendToStream(stream, event(), at(STREAM_EXISTS)));
  check("a deleted stream does not exist", exists);
  await client.appendToStream(stream, events(2), at(NO_STREAM));
  const anew = (await collect(client.readStream(stream))).map((it) => Number(it.revision));
  check("a deleted stream is made anew, its numbers go on", same(anew, [3, 4]));
  check("a missing stream cannot be deleted", await refused("wrong-expected-version", () => deleted(aStream(), ANY)));
  await client.tombstoneStream(stream, atForDeletion(4n));
  check("a stream that is ended is not read", await refused("stream-deleted", () => collect(client.readStream(stream))));
  const append = () => client.appendToStream(stream, event(), at(ANY));
  check("a stream that is ended takes no events", await refused("stream-deleted", append));
}

for (const part of [appends, conflicts, reads, wholeLog, subscriptions, metadata, deletions]) {
  try {
    await part();
  } catch (error) {
    check(`${part.name}: ${error.type ?? error.name}: ${error.message}`, false);
  }
}
await client.dispose();
console.log(`${title}: ${outcomes.length} checks, ${outcomes.filter((it) => !it).length} failed`);
process.exit(outcomes.every(Boolean) ? 0 : 1);
