"""Compares what Hearth says it wrote with what a client read: compare.py EXPORTED READ

EXPORTED is what `hearth export` prints. READ is what read.py or read.mjs printed: the same events in the same order, with
three keys more in the metadata, which Hearth keeps there: whose log it is, when the event was recorded, and a digest of it.
"""

import json
import sys


def lines(name):
    with open(name, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


exported, read = lines(sys.argv[1]), lines(sys.argv[2])
if not exported or len(exported) != len(read):
    sys.exit(f"{len(exported)} events were written and {len(read)} read")
latest = ""
for ours, theirs in zip(exported, read):
    metadata = dict(theirs["metadata"])
    metadata.pop("hearth")
    recorded_at, content = metadata.pop("recorded_at"), metadata.pop("content")
    same = all(ours[key] == theirs[key] for key in ("stream", "revision", "id", "type", "data"))
    if not same or ours["metadata"] != metadata or len(content) != 64 or recorded_at > ours["recorded_at"]:
        sys.exit(f"position {ours['position']} was read as {json.dumps(theirs)[:300]}")
positions = [it["position"] for it in exported]
if positions != list(range(1, len(exported) + 1)):
    sys.exit("the positions are not without gaps from 1")
sys.stdout.write(f"{len(read)} events of Hearth read back as they were written\n")
