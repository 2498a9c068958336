// Prints every event of the log that is not the server's own, as lines of JSON: node read.mjs CONNECTION_STRING [PACKAGE]
import { official } from "./official.mjs";

// What is JSON as such, nothing as null, anything else in base64. The client has parsed what it took for JSON.
function payload(given) {
  if (given === undefined || given === null) return null;
  if (!(given instanceof Uint8Array)) return given;
  if (given.length === 0) return null;
  try {
    return JSON.parse(Buffer.from(given).toString("utf8"));
  } catch {
    return Buffer.from(given).toString("base64");
  }
}

const { client } = await official(process.argv[2], process.argv[3]);
for await (const { event } of client.readAll()) {
  if (event === undefined || event.type.startsWith("$") || event.streamId.startsWith("$")) continue;
  const line = {
    stream: event.streamId,
    revision: Number(event.revision),
    id: event.id,
    type: event.type,
    data: payload(event.data),
    metadata: payload(event.metadata),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
await client.dispose();
