"""Prints every event of the log that is not the server's own, as lines of JSON: read.py CONNECTION_STRING"""

import base64
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "python"))
from official import Client  # noqa: E402


def payload(given):
    """What is JSON as such, nothing as null, anything else in base64."""
    if not given:
        return None
    try:
        return json.loads(given)
    except ValueError:
        return base64.b64encode(given).decode()


client = Client(sys.argv[1])
for event in client.read_all(filter_exclude=()):
    if event.type.startswith("$") or event.stream_name.startswith("$"):
        continue
    line = {
        "stream": event.stream_name,
        "revision": event.stream_position,
        "id": str(event.id),
        "type": event.type,
        "data": payload(event.data),
        "metadata": payload(event.metadata),
    }
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
client.close()
