"""Drives a server of the EventStoreDB protocol with the official Python client: drive.py CONNECTION_STRING"""

import json
import sys
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "python"))
from official import NAME, Client, NewEvent, StreamState, errors  # noqa: E402

PATIENCE = 10
outcomes = []


def check(what, holds):
    outcomes.append(bool(holds))
    print(f"{'ok    ' if holds else 'FAILED'} {what}", flush=True)


def refused(kind, call):
    """Whether a call is refused with this error, and what the error says."""
    try:
        call()
    except kind as error:
        return str(error) or kind.__name__
    except Exception as error:  # another refusal is a failed check, not the end
        print(f"       {type(error).__name__}: {error}")
        return None
    return None


def event(number=0, kind="thing-happened"):
    return NewEvent(type=kind, data=json.dumps({"number": number}).encode(), metadata=b'{"by":"drive.py"}', id=uuid.uuid4())


def events(count):
    return [event(number) for number in range(count)]


def a_stream():
    return f"drive-{uuid.uuid4()}"


def appends(client):
    stream, first = a_stream(), events(3)
    position = client.append_to_stream(stream, current_version=StreamState.NO_STREAM, events=first)
    check("append to no stream", position > 0)
    again = client.append_to_stream(stream, current_version=StreamState.NO_STREAM, events=first)
    check("the same append to no stream again is answered with the first position", again == position)
    second = events(2)
    after = client.append_to_stream(stream, current_version=2, events=second)
    check("append to an exact revision", after > position)
    client.append_to_stream(stream, current_version=StreamState.ANY, events=event())
    check("append to any revision", client.get_current_version(stream) == 5)
    client.append_to_stream(stream, current_version=StreamState.EXISTS, events=event())
    check("append to a stream that exists", client.get_current_version(stream) == 6)
    check("the same append to an exact revision again, later",
          client.append_to_stream(stream, current_version=2, events=second) == after)
    check("nothing was written by the repeated appends", client.get_current_version(stream) == 6)
    client.append_event(stream, current_version=6, event=event())
    check("append of one event", client.get_current_version(stream) == 7)


def conflicts(client):
    stream, first = a_stream(), events(2)
    client.append_to_stream(stream, current_version=StreamState.NO_STREAM, events=first)
    wrong = errors.WrongCurrentVersionError

    def at(version, written=None):
        return lambda: client.append_to_stream(stream, current_version=version, events=written or [event()])

    check("a conflict with no stream tells the actual revision", "1" in (refused(wrong, at(StreamState.NO_STREAM)) or ""))
    check("a conflict with an exact revision tells the actual one", "1" in (refused(wrong, at(0)) or ""))
    check("a conflict with a revision not reached", refused(wrong, at(9)))
    check("a part of an append done before is a conflict", refused(wrong, at(StreamState.NO_STREAM, [first[0], event()])))
    check("a conflict of one event",
          "1" in (refused(wrong, lambda: client.append_event(stream, current_version=5, event=event())) or ""))
    missing = a_stream()
    check("a conflict with a stream that is missing",
          refused((wrong, errors.NotFoundError), lambda: client.append_to_stream(missing, current_version=4, events=[event()])))
    large = NewEvent(type="large", data=b"0" * 1_100_000)
    sizes = (errors.MaximumAppendSizeExceededError, errors.InvalidArgumentError)
    check("an append that is too large is refused",
          refused(sizes, lambda: client.append_to_stream(stream, current_version=1, events=[large])))


def reads(client):
    stream, written = a_stream(), events(6)
    client.append_to_stream(stream, current_version=StreamState.NO_STREAM, events=written)
    ids = [it.id for it in written]

    def read(**how):
        return [it.id for it in client.get_stream(stream, **how)]

    check("read a stream forwards", read() == ids)
    check("read a stream backwards", read(backwards=True) == ids[::-1])
    check("read a stream from a revision", read(stream_position=2) == ids[2:])
    check("read a stream backwards from a revision", read(stream_position=2, backwards=True) == ids[2::-1])
    check("read so many of a stream", read(limit=2) == ids[:2] and read(limit=1, backwards=True) == ids[5:])
    check("read a missing stream", refused(errors.NotFoundError, lambda: client.get_stream(a_stream())))
    first = client.get_stream(stream, limit=1)[0]
    check("an event is read as it was written",
          (first.type, first.data, first.metadata, first.stream_position) ==
          ("thing-happened", written[0].data, written[0].metadata, 0) and first.stream_name == stream)
    check("an event says when it was recorded", first.recorded_at is not None and first.recorded_at.year >= 2024)


def whole_log(client):
    written = events(4)
    client.append_to_stream(a_stream(), current_version=StreamState.NO_STREAM, events=written[:2])
    client.append_to_stream(a_stream(), current_version=StreamState.NO_STREAM, events=written[2:])
    ids = [it.id for it in written]
    log = list(client.read_all())
    positions = [it.commit_position for it in log]
    check("the log ends with what was written last", [it.id for it in log[-4:]] == ids)
    check("positions rise, with gaps", all(a + 1 < b for a, b in zip(positions, positions[1:])) and positions[0] > 0)
    check("read the log backwards", [it.id for it in client.read_all(backwards=True, limit=4)] == ids[::-1])
    check("read the log from a position, with it", [it.id for it in client.read_all(commit_position=positions[-3])] == ids[1:])
    back = client.read_all(commit_position=positions[-1], backwards=True, limit=3)
    check("read the log backwards from a position, without it", [it.id for it in back] == ids[2::-1])
    check("the end of the log", client.get_commit_position() == positions[-1])
    check("the log has no events of the server's own unless asked", not any(it.type.startswith("$") for it in log))
    kind = f"kind-{uuid.uuid4()}"
    client.append_to_stream(a_stream(), current_version=StreamState.NO_STREAM, events=[event(1, kind), event(2)])
    found = list(client.read_all(filter_include=[kind]))
    check("read the log by type of event", [it.type for it in found] == [kind])


def subscriptions(client):
    stream, written = a_stream(), events(5)
    client.append_to_stream(stream, current_version=StreamState.NO_STREAM, events=written[:3])
    start = client.get_stream(stream)[0].commit_position
    ids = [it.id for it in written]
    with client.subscribe_to_all(commit_position=start, timeout=PATIENCE) as log:
        caught_up = [next(log).id, next(log).id]
        check("a subscription to the log begins after its position", caught_up == ids[1:3])
        client.append_to_stream(stream, current_version=2, events=written[3:])
        check("a subscription to the log goes on live", [next(log).id, next(log).id] == ids[3:])
    with client.subscribe_to_stream(stream, stream_position=1, timeout=PATIENCE) as part:
        check("a subscription to a stream begins after its revision", [next(part).id for _ in range(3)] == ids[2:])
        late = event()
        client.append_to_stream(stream, current_version=4, events=late)
        check("a subscription to a stream goes on live", next(part).id == late.id)
    with client.subscribe_to_all(filter_include=[stream], filter_by_stream_name=True, timeout=PATIENCE) as chosen:
        check("a subscription by name of stream", [next(chosen).id for _ in range(3)] == ids[:3])
    with client.subscribe_to_all(commit_position=start, include_caught_up=True, timeout=PATIENCE) as log:
        seen = [type(next(log)).__name__ for _ in range(6)]
        check("a subscription says that it has caught up", seen[5] == "CaughtUp" and "CaughtUp" not in seen[:5])
    kept = dict(filter_include=["nothing-of-this-kind"], include_checkpoints=True, window_size=2)
    with client.subscribe_to_all(checkpoint_interval_multiplier=1, timeout=PATIENCE, **kept) as empty:
        check("a subscription that finds nothing says how far it looked", type(next(empty)).__name__ == "Checkpoint")


def metadata(client):
    stream = a_stream()
    client.append_to_stream(stream, current_version=StreamState.NO_STREAM, events=events(5))
    check("a stream has no metadata at first", client.get_stream_metadata(stream) == ({}, StreamState.NO_STREAM))
    client.set_stream_metadata(stream, metadata={"$maxCount": 2, "own": True}, current_version=StreamState.NO_STREAM)
    check("metadata is read as it was set", client.get_stream_metadata(stream) == ({"$maxCount": 2, "own": True}, 0))
    check("$maxCount leaves the last events", [it.stream_position for it in client.get_stream(stream)] == [3, 4])
    client.set_stream_metadata(stream, metadata={"$tb": 4}, current_version=0)
    check("$tb leaves the events from it", [it.stream_position for it in client.get_stream(stream)] == [4])
    client.set_stream_metadata(stream, metadata={"$maxAge": 3600}, current_version=1)
    check("$maxAge leaves young events", len(client.get_stream(stream)) == 5)
    wrong = errors.WrongCurrentVersionError
    check("metadata has a revision of its own",
          refused(wrong, lambda: client.set_stream_metadata(stream, metadata={}, current_version=0)))


def deletions(client):
    stream = a_stream()
    client.append_to_stream(stream, current_version=StreamState.NO_STREAM, events=events(3))
    wrong = errors.WrongCurrentVersionError
    check("a deletion at a wrong revision is a conflict", refused(wrong, lambda: client.delete_stream(stream, current_version=7)))
    client.delete_stream(stream, current_version=2)
    check("a deleted stream is not found", refused(errors.NotFoundError, lambda: client.get_stream(stream)))
    gone = errors.StreamIsDeletedError
    # The client has no error of its own for what the call for one append says.
    gone_of_one = (gone, errors.FailedPreconditionError)

    def append(version, written):
        return lambda: client.append_to_stream(stream, current_version=version, events=written)

    check("a deleted stream does not exist", refused(gone, append(StreamState.EXISTS, events(2))))
    client.append_to_stream(stream, current_version=StreamState.NO_STREAM, events=events(2))
    check("a deleted stream is made anew, its numbers go on", [it.stream_position for it in client.get_stream(stream)] == [3, 4])
    check("a missing stream cannot be deleted",
          refused((wrong, errors.NotFoundError), lambda: client.delete_stream(a_stream(), current_version=StreamState.ANY)))
    client.tombstone_stream(stream, current_version=4)
    check("a stream that is ended is not read", refused(gone, lambda: client.get_stream(stream)))
    check("a stream that is ended takes no events", refused(gone, append(StreamState.ANY, events(2))))
    one = lambda: client.append_event(stream, current_version=StreamState.ANY, event=event())
    check("a stream that is ended takes no single event", "is deleted" in (refused(gone_of_one, one) or ""))


def main():
    client = Client(sys.argv[1])
    for part in (appends, conflicts, reads, whole_log, subscriptions, metadata, deletions):
        try:
            part(client)
        except Exception as error:  # the other parts are worth knowing
            check(f"{part.__name__}: {type(error).__name__}: {error}", False)
    client.close()
    print(f"{NAME}: {len(outcomes)} checks, {outcomes.count(False)} failed")
    sys.exit(0 if all(outcomes) else 1)


main()
