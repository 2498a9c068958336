// An official client of Node, from the packages beside the place it is run in.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const NAMES = ["@eventstore/db-client", "@kurrent/kurrentdb-client"];

// The package and a client of it. NODE_PACKAGES names the directory that holds node_modules.
export async function official(connection, name = NAMES[0]) {
  const root = process.env.NODE_PACKAGES ?? process.cwd();
  const found = createRequire(join(root, "package.json"))(name);
  const Client = found.EventStoreDBClient ?? found.KurrentDBClient;
  const { version } = JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8"));
  return { found, client: Client.connectionString([connection]), title: `${name} ${version}` };
}
