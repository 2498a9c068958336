// Homes of the sample council, each given to one journey only, so that no two tell different things of the same one.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

function rows(file) {
  const path = fileURLToPath(new URL(`../../../packs/test-valley/${file}`, import.meta.url));
  const [head, ...lines] = readFileSync(path, "utf8").trim().split(/\r?\n/).map(cells);
  return lines.map((line) => Object.fromEntries(head.map((name, at) => [name, line[at]])));
}

// The cells of a line of CSV; none of the sample's goes over a line.
function cells(line) {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare);
}

let all;
function homes() {
  if (all) return all;
  const accounts = new Map(rows("accounts.csv").filter((it) => !it.liable_to).map((it) => [it.uprn, it]));
  all = rows("dwellings.csv")
    .filter((it) => accounts.has(it.uprn))
    .map((it) => {
      const account = accounts.get(it.uprn);
      return { ...it, ...account, persons: account.liable_persons.split(";").map((name) => name.trim()) };
    });
  return all;
}

// The next home that is so, which nobody else gets in this file of tests. Files run beside each other: each begins at a place
// of its own.
const begin = [...(process.argv[1] ?? "")].reduce((sum, it) => (sum * 31 + it.charCodeAt(0)) % 4000, 7);
const taken = new Set();
export function nextHome(isSo = () => true) {
  const order = [...homes().slice(begin), ...homes().slice(0, begin)];
  const home = order.find((it) => !taken.has(it.uprn) && isSo(it));
  if (!home) throw new Error("no home of the sample is left that is so");
  taken.add(home.uprn);
  return home;
}
