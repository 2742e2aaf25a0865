"""What the runtime makes of a change, and of the payloads that a report shows."""

import json
import re

from google.protobuf import json_format
from google.protobuf.message import DecodeError

from meaning import Reading
from payloads import Payloads

LAYERS = ("wire", "json")


def answers(before, after):
    """Whether something is lost, and an example, for each layer and direction."""
    truth, examples = {}, {}
    for layer in LAYERS:
        for direction in ("backward", "forward"):
            sides = (before, after) if direction == "backward" else (after, before)
            reading = Reading(layer, direction, *sides)
            example = first_loss(reading)
            truth[layer, direction] = example is not None
            if example:
                examples[layer, direction] = example
    return truth, examples


def first_loss(reading):
    kept = set(reading.reader.names())
    for name in reading.writer.names():
        if name not in kept:
            continue
        for message in Payloads(reading).messages(name):
            lost = loss(reading, name, message)
            if lost:
                return f"{name}: {lost}"
    return None


def loss(reading, name, message):
    """What becomes of a message, if that is something else."""
    payload = write(reading, message)
    if payload is None:
        return None
    read = read_as(reading, name, payload)
    if isinstance(read, str):
        return f"{payload} is refused: {read}"
    try:
        return f"{payload} is read as {read!s:.200}" if reading.messages(message, read) else None
    except UnicodeDecodeError as error:
        return f"{payload} is read as what is no text: {error}"


def write(reading, message):
    """Bytes, or a text; `None` where the runtime does not write the message."""
    if not message.IsInitialized():
        return None
    if reading.layer == "wire":
        return message.SerializeToString(deterministic=True)
    try:
        return json_format.MessageToJson(message, indent=None, descriptor_pool=reading.writer.json)
    except (json_format.SerializeToJsonError, ValueError, TypeError):
        return None


def read_as(reading, name, payload):
    """The message that is read, or why it is refused."""
    made = reading.reader.message(name, reading.layer)()
    try:
        if reading.layer == "wire":
            made.ParseFromString(payload)
        else:
            parse(reading, payload, made)
    except (DecodeError, json_format.ParseError, UnicodeDecodeError) as error:
        return str(error)
    return made if made.IsInitialized() else "required fields are missing"


def parse(reading, payload, made):
    try:
        json_format.Parse(payload, made, descriptor_pool=reading.reader.json)
    except json_format.ParseError as error:
        unknown = re.search(r'has no field named "([^"]*)"', str(error))
        if not unknown or unknown[1] not in reading.excused_keys:
            raise
        for other in without(json.loads(payload), unknown[1]):
            try:
                made.Clear()
                return parse(reading, json.dumps(other), made)
            except json_format.ParseError:
                pass
        raise


def without(value, key):
    """A value without a key, at one place after the other, the innermost first."""
    for at, one in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        for other in without(one, key):
            copied = value.copy()
            copied[at] = other
            yield copied
    if isinstance(value, dict) and key in value:
        yield {name: one for name, one in value.items() if name != key}


def false_evidence(finding, shown, owners, sides):
    """Why a payload proves nothing, if so."""
    name = root(finding, owners)
    before, after = sides
    writer, reader = (before, after) if shown["direction"] == "backward" else (after, before)
    reading = Reading(shown["layer"], shown["direction"], writer, reader)
    said = f"{finding['rule']} {shown['direction']} {name} {shown['written']} {shown['payload']} {shown['read']}"
    if not any(broken["layer"] == shown["layer"] for broken in finding["breaks"]):
        # It shows what is only suspected.
        return None
    if name not in writer.names() or name not in reader.names():
        return f"not of both sides: {said}"
    if "…" in shown["payload"]:
        return None
    made = writer.message(name, reading.layer)()
    try:
        if reading.layer == "wire":
            payload = bytes.fromhex(shown["payload"].replace("(no bytes)", ""))
            made.ParseFromString(payload)
            bare = type(made)()
            bare.CopyFrom(made)
            bare.DiscardUnknownFields()
            # Maps have no order.
            is_written = len(bare.SerializePartialToString()) == len(payload)
        else:
            json_format.Parse(shown["payload"], made, descriptor_pool=writer.json)
            text = json_format.MessageToJson(made, descriptor_pool=writer.json)
            is_written = json.loads(text) == json.loads(shown["payload"])
    except (DecodeError, json_format.ParseError, UnicodeDecodeError, ValueError) as error:
        return f"the writer does not know it: {error}: {said}"
    if not is_written:
        return f"the writer writes {made!s:.200}: {said}"
    # The report shows nothing of the rest of the message, which has what it must have.
    Payloads(reading).complete(made, reader.message(name, reading.layer).DESCRIPTOR)
    if not loss(reading, name, made):
        return f"it is read: {said}"
    return None


def root(finding, owners):
    """The message that a finding is about, or the one that holds an enum."""
    places = [("before", finding["baseline"]), ("after", finding)]
    for side, place in places:
        if place and place.get("path"):
            owner = owners[side][place["path"].split("/", 1)[1]][place["start_line"] - 1]
            if owner:
                kind, name = owner
                return name if kind == "message" else f"holders.{name}".replace(".", "_")
    return None
