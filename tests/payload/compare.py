"""Compares `protolint payload` with Python's protobuf runtime and with protoc, over random messages of all types.

compare.py PROTOLINT PROTOC SCHEMAS [COUNT]

- The costs of fields are those of a walk over ListFields, and add up to ByteSize.
- Each advice that saves bytes is applied to the schema: the messages, encoded again, are smaller by what it says.
- The values that `explain` shows are those of `protoc --decode`.
- Damaged messages are rejected by the one where they are by the other, by the type and without one (--decode_raw).
"""

import collections
import json
import pathlib
import random
import re
import struct
import subprocess
import sys
import tempfile
import unicodedata

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, text_format
from google.protobuf.descriptor import FieldDescriptor as F

protolint, protoc, schemas = sys.argv[1:4]
count = int(sys.argv[4]) if len(sys.argv) > 4 else 500
TYPES = {"kinds.Two": "two.proto", "kinds.Three": "three.proto", "kinds.Edition": "edition.proto"}
VARINTS = {F.TYPE_INT32, F.TYPE_INT64, F.TYPE_UINT32, F.TYPE_UINT64, F.TYPE_BOOL, F.TYPE_ENUM, F.TYPE_SINT32, F.TYPE_SINT64}
FIXED = {F.TYPE_DOUBLE: 8, F.TYPE_FIXED64: 8, F.TYPE_SFIXED64: 8, F.TYPE_FLOAT: 4, F.TYPE_FIXED32: 4, F.TYPE_SFIXED32: 4}


def run(arguments, data=b""):
    return subprocess.run(arguments, input=data, capture_output=True)


def compiled():
    with tempfile.NamedTemporaryFile() as out:
        done = run([protoc, "-I", schemas, "--include_imports", "-o", out.name, *TYPES.values()])
        assert done.returncode == 0, done.stderr.decode()
        return descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(out.name).read_bytes())


def classes(files):
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    return pool, {name: message_factory.GetMessageClass(pool.FindMessageTypeByName(name)) for name in TYPES}


# Random messages.

INTEGERS = [0, 1, 7, 127, 128, 300, 20_000, 2**31 - 1]


def scalar(field, chance):
    signed = lambda bits: chance.choice([*INTEGERS, -1, -5, -(2 ** (bits - 1)), 2 ** (bits - 1) - 1])
    unsigned = lambda bits: chance.choice([*INTEGERS, 2**bits - 1, 2 ** (bits - 1) + 5])
    if field.name == "state" or field.name == "states":
        return chance.choice(["open", "closed", "waiting"])
    if field.name == "delta":
        return -chance.randrange(1, 9)
    if field.name == "hash":
        return chance.randrange(2**29, 2**32)
    match field.type:
        case F.TYPE_INT32 | F.TYPE_SINT32 | F.TYPE_SFIXED32:
            return signed(32)
        case F.TYPE_INT64 | F.TYPE_SINT64 | F.TYPE_SFIXED64:
            return signed(64)
        case F.TYPE_UINT32 | F.TYPE_FIXED32:
            return unsigned(32)
        case F.TYPE_UINT64 | F.TYPE_FIXED64:
            return unsigned(64)
        case F.TYPE_BOOL:
            return chance.random() < 0.5
        case F.TYPE_ENUM:
            return chance.choice(field.enum_type.values).number
        case F.TYPE_STRING:
            return chance.choice(["", "ann", "é\n", "\U0001f600 \"\\", "\x07", "x" * 200]) + str(chance.randrange(1000))
        case F.TYPE_BYTES:
            return chance.choice([b"", b"ann", b"\xff\x00'", b"\x08\x01"])
        case _:
            return chance.choice([0.0, 0.5, -2.0, 1.5, float("inf"), 7.0])


def fill(message, chance, depth=0):
    fields = list(message.DESCRIPTOR.fields)
    if hasattr(message, "Extensions"):
        fields += message.DESCRIPTOR.file.pool.FindAllExtensions(message.DESCRIPTOR)
    for field in fields:
        if field.message_type and depth >= 3:
            continue
        if not field.is_required and chance.random() < 0.6:
            continue
        get = lambda: message.Extensions[field] if field.is_extension else getattr(message, field.name)
        if field.message_type and field.message_type.GetOptions().map_entry:
            key, value = field.message_type.fields_by_number[1], field.message_type.fields_by_number[2]
            for _ in range(chance.randrange(3)):
                if value.message_type:
                    fill(get()[scalar(key, chance)], chance, depth + 1)
                else:
                    get()[scalar(key, chance)] = scalar(value, chance)
        elif field.is_repeated:
            for _ in range(chance.randrange(4)):
                if field.message_type:
                    fill(get().add(), chance, depth + 1)
                else:
                    get().append(scalar(field, chance))
        elif field.message_type:
            get().SetInParent()
            fill(get(), chance, depth + 1)
        elif field.is_extension:
            message.Extensions[field] = scalar(field, chance)
        else:
            setattr(message, field.name, scalar(field, chance))


# What fields cost, by the rules of the encoding.


def varint(value):
    return max(1, -(-(value & (2**64 - 1)).bit_length() // 7))


def size(field, value):
    """The bytes of a value, and of its length."""
    if field.type in FIXED:
        return FIXED[field.type], 0
    if field.type in (F.TYPE_SINT32, F.TYPE_SINT64):
        return varint(value * 2 if value >= 0 else -value * 2 - 1), 0
    if field.type in VARINTS:
        return varint(int(value)), 0
    length = len(value.encode() if isinstance(value, str) else value)
    return length, varint(length)


def walk(message, prefix, costs):
    for field, value in message.ListFields():
        path = prefix + (f"[{field.full_name}]" if field.is_extension else field.name)
        cost = costs[path]
        cost["messages"] += 1
        tag = varint(field.number << 3)
        if field.message_type and field.message_type.GetOptions().map_entry:
            for key in value:
                parts = [(field.message_type.fields_by_number[1], key), (field.message_type.fields_by_number[2], value[key])]
                content = 0
                for part, one in parts:
                    inner = costs[f"{path}.{part.name}"]
                    inner["messages"] += 1
                    content += element(part, one, f"{path}.{part.name}", inner, 1, costs)
                cost["occurrences"] += 1
                cost["tag_bytes"] += tag
                cost["length_bytes"] += varint(content)
        elif field.is_repeated and field.is_packed:
            sizes = [size(field, one)[0] for one in value]
            cost["occurrences"] += len(sizes)
            cost["tag_bytes"] += tag
            cost["length_bytes"] += varint(sum(sizes))
            cost["value_bytes"] += sum(sizes)
        else:
            for one in value if field.is_repeated else [value]:
                element(field, one, path, cost, tag, costs)


def element(field, value, path, cost, tag, costs):
    """Adds an element; all its bytes."""
    cost["occurrences"] += 1
    if field.type == F.TYPE_GROUP:
        cost["tag_bytes"] += 2 * tag
        walk(value, path + ".", costs)
        return 2 * tag + value.ByteSize()
    cost["tag_bytes"] += tag
    if field.message_type:
        content = value.ByteSize()
        cost["length_bytes"] += varint(content)
        walk(value, path + ".", costs)
        return tag + varint(content) + content
    content, length = size(field, value)
    cost["length_bytes"] += length
    cost["value_bytes"] += content
    return tag + length + content


def check_cost(name, messages, found):
    costs = collections.defaultdict(collections.Counter)
    for message in messages:
        walk(message, "", costs)
    ours = {field["path"]: field for field in found["fields"]}
    assert set(ours) == set(costs), set(ours) ^ set(costs)
    for path, cost in costs.items():
        for key in ["occurrences", "messages", "tag_bytes", "length_bytes", "value_bytes"]:
            assert ours[path][key] == cost[key], (name, path, key, ours[path][key], cost[key])
    total = sum(message.ByteSize() for message in messages)
    assert found["bytes"] == total and found["payloads"] == len(messages) and found["unknown_bytes"] == 0
    assert sum(field[key] for field in ours.values() for key in ["tag_bytes", "length_bytes", "value_bytes"]) == total
    return len(costs)


# Advice, applied.

WORDS = {"sint32": 17, "sint64": 18, "fixed32": 7, "fixed64": 6, "sfixed32": 15, "sfixed64": 16}


def find_message(files, full_name):
    for file in files.file:
        stack = [(file.package + "." + message.name, message) for message in file.message_type]
        while stack:
            name, message = stack.pop()
            if name == full_name:
                return file, message
            stack += [(f"{name}.{inner.name}", inner) for inner in message.nested_type]
    raise AssertionError(full_name)


def apply(files, advice, texts):
    """Changes the schema; returns the field whose texts become values of an enum, if there is one."""
    changed = descriptor_pb2.FileDescriptorSet()
    changed.CopyFrom(files)
    if swap := re.match(r"`(\w+)` (\d+) ↔ `(\w+)` (\d+) of `([\w.]+)`", advice["message"]):
        one, high, other, low, of = swap.groups()
        fields = {field.name: field for field in find_message(changed, of)[1].field}
        assert fields[one].number == int(high) and fields[other].number == int(low)
        fields[one].number, fields[other].number = int(low), int(high)
        return changed, None
    field_name, of, what = re.match(r"`([\w.\[\]]+)` of `([\w.]+)` (.*)", advice["message"]).groups()
    file, message = find_message(changed, of)
    extensions = {f"[{file.package}.{field.name}]": field for file in changed.file for field in file.extension}
    field = extensions.get(field_name) or next(field for field in message.field if field.name == field_name)
    if word := re.match(r"as (\w+) instead", what):
        field.type = WORDS[word[1]]
    elif what.startswith("packed"):
        if file.syntax == "editions":
            field.options.features.repeated_field_encoding = descriptor_pb2.FeatureSet.PACKED
        else:
            field.options.packed = True
    else:
        assert what.startswith("as an enum"), what
        new = file.enum_type.add(name="Advised")
        new.value.add(name="ADVISED_NONE", number=0)
        for number in range(len(texts[of, field_name])):
            new.value.add(name=f"ADVISED_{number + 1}", number=number + 1)
        field.type, field.type_name = F.TYPE_ENUM, f".{file.package}.Advised"
        field.ClearField("default_value")
        if file.syntax == "editions":
            field.options.features.ClearField("utf8_validation")
        return changed, (of, field_name)
    return changed, None


def copy(old, new, enum, texts):
    """Copies a message into one of a changed type."""

    def changed(field, value):
        if enum == (field.containing_type.full_name, field.name):
            return [text for text, _ in texts[enum].most_common()].index(value) + 1
        return value

    for field, value in old.ListFields():
        if field.is_extension:
            extension = new.DESCRIPTOR.file.pool.FindExtensionByNumber(new.DESCRIPTOR, field.number)
            if not field.is_repeated:
                new.Extensions[extension] = value
            for one in value if field.is_repeated else []:
                copy(one, new.Extensions[extension].add(), enum, texts)
        elif field.message_type and field.message_type.GetOptions().map_entry:
            of_value = field.message_type.fields_by_number[2]
            for key in value:
                if of_value.message_type:
                    copy(value[key], getattr(new, field.name)[key], enum, texts)
                else:
                    getattr(new, field.name)[key] = changed(of_value, value[key])
        elif field.is_repeated:
            for one in value:
                if field.message_type:
                    copy(one, getattr(new, field.name).add(), enum, texts)
                else:
                    getattr(new, field.name).append(changed(field, one))
        elif field.message_type:
            getattr(new, field.name).SetInParent()
            copy(value, getattr(new, field.name), enum, texts)
        else:
            setattr(new, field.name, changed(field, value))


def count_texts(message, texts):
    for field, value in message.ListFields():
        if field.message_type and field.message_type.GetOptions().map_entry:
            of_value = field.message_type.fields_by_number[2]
            for one in value.values():
                if of_value.message_type:
                    count_texts(one, texts)
                elif of_value.type == F.TYPE_STRING:
                    texts[of_value.containing_type.full_name, of_value.name][one] += 1
        else:
            for one in value if field.is_repeated else [value]:
                if field.message_type:
                    count_texts(one, texts)
                elif field.type == F.TYPE_STRING:
                    texts[field.containing_type.full_name, field.name][one] += 1


def check_advice(files, name, messages, found):
    texts = collections.defaultdict(collections.Counter)
    for message in messages:
        count_texts(message, texts)
    kinds = collections.Counter()
    for advice in found["advice"]:
        if advice["kind"] == "never_present":
            continue
        changed, enum = apply(files, advice, texts)
        new = classes(changed)[1][name]
        saved = 0
        for message in messages:
            other = new()
            copy(message, other, enum, texts)
            saved += message.ByteSize() - other.ByteSize()
        assert saved == advice["saves_bytes"], (advice, saved)
        kinds[advice["kind"]] += 1
    return kinds


# What is explained.


def shown(field, text):
    if field.type == F.TYPE_FLOAT:
        return struct.pack("<f", float(text))
    if field.type == F.TYPE_DOUBLE:
        return struct.pack("<d", float(text))
    return text


def text_of(field, value):
    if field.type in (F.TYPE_FLOAT, F.TYPE_DOUBLE):
        return shown(field, repr(value))
    if field.type == F.TYPE_ENUM:
        named = field.enum_type.values_by_number.get(value)
        return f"{named.name} ({value})" if named else str(value)
    if field.type == F.TYPE_BOOL:
        return str(value).lower()
    if field.type == F.TYPE_STRING:
        escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
        one = lambda c: escapes.get(c) or (f"\\u{{{ord(c):x}}}" if unicodedata.category(c) == "Cc" else c)
        return '"' + "".join(map(one, value)) + '"'
    if field.type == F.TYPE_BYTES:
        escapes = {34: '\\"', 39: "\\'", 92: "\\\\", 9: "\\t", 10: "\\n", 13: "\\r"}
        one = lambda b: escapes.get(b) or (chr(b) if 32 <= b < 127 else f"\\x{b:02x}")
        return '"' + "".join(map(one, value)) + '"'
    return str(value)


def values(message, prefix, out, fields):
    for field, value in message.ListFields():
        path = prefix + (f"[{field.full_name}]" if field.is_extension else field.name)
        fields[path] = field
        if field.message_type and field.message_type.GetOptions().map_entry:
            key, of = field.message_type.fields_by_number[1], field.message_type.fields_by_number[2]
            for one in value:
                fields[f"{path}.key"], fields[f"{path}.value"] = key, of
                out[f"{path}.key", text_of(key, one)] += 1
                if of.message_type:
                    values(value[one], f"{path}.value.", out, fields)
                else:
                    out[f"{path}.value", text_of(of, value[one])] += 1
            continue
        for one in value if field.is_repeated else [value]:
            if field.message_type:
                values(one, path + ".", out, fields)
            else:
                out[path, text_of(field, one)] += 1


def explain(name, payloads):
    lines = "".join(payload.hex() + "\n" for payload in payloads).encode()
    done = run([protolint, "payload", "explain", "-", "--no-config", "--schema", schemas, "--type", name, "--input-format", "hex", "--format", "json"], lines)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(payloads), done.stderr.decode()
    for payload, one in zip(payloads, found):
        together = b"".join(bytes.fromhex(item["bytes"]) for item in one["items"])
        assert together == payload, (name, payload.hex())
    return found


def decode(name, payload, raw):
    flags = ["--decode_raw"] if raw else ["-I", schemas, f"--decode={name}", TYPES[name]]
    return run([protoc, *flags], payload)


def check_explained(name, new, payloads, are_damaged):
    # A line that is empty is no message.
    payloads = [payload for payload in payloads if payload]
    by_type = explain(name, payloads)
    by_none = explain("kinds.Nothing", payloads)
    rejected = 0
    for payload, typed, untyped in zip(payloads, by_type, by_none):
        decoded, raw = decode(name, payload, False), decode(name, payload, True)
        about = (name, payload.hex(), typed["error"], decoded.stderr.decode())
        assert (decoded.returncode == 0) == (typed["error"] is None), about
        assert (raw.returncode == 0) == (untyped["error"] is None), (name, payload.hex(), untyped["error"])
        rejected += decoded.returncode != 0
        if raw.returncode == 0:
            top = re.findall(r"(?m)^(\d+)(?::| \{)", raw.stdout.decode())
            own = [item["number"] for item in untyped["items"] if item["depth"] == 0 and item["number"] and item["kind"] != "group_end"]
            assert sorted(map(int, top)) == sorted(own), (name, payload.hex(), top, own)
        if decoded.returncode == 0 and not are_damaged:
            message, wanted, fields = new(), collections.Counter(), {}
            text_format.Parse(decoded.stdout.decode(), message)
            values(message, "", wanted, fields)
            leaves = [item for item in typed["items"] if item["kind"] in ("field", "element")]
            own = collections.Counter()
            for item in leaves:
                own[item["path"], shown(fields[item["path"]], item["value"])] += 1
            assert own == wanted, (name, own - wanted, wanted - own)
    return rejected


def damage(payload, chance):
    payload = bytearray(payload or b"\x08\x01")
    for _ in range(chance.randrange(1, 3)):
        at = chance.randrange(len(payload))
        match chance.randrange(4):
            case 0:
                payload[at] ^= 1 << chance.randrange(8)
            case 1:
                del payload[at:]
                payload = payload or bytearray(b"\x08")
            case 2:
                payload.insert(at, chance.randrange(256))
            case _:
                payload += payload[at:]
    return bytes(payload)


def main():
    files = compiled()
    _, by_name = classes(files)
    kinds, paths, rejected, damaged = collections.Counter(), 0, 0, 0
    for name, new in by_name.items():
        chance = random.Random(name)
        messages = []
        for _ in range(count // len(TYPES)):
            message = new()
            fill(message, chance)
            messages.append(message)
        payloads = [message.SerializePartialToString(deterministic=True) for message in messages]
        framed = b"".join(bytes(frame(len(payload))) + payload for payload in payloads)
        arguments = ["--no-config", "--schema", schemas, "--type", name, "--input-format", "delimited", "--format", "json", "--assume-unreleased"]
        done = run([protolint, "payload", "cost", "-", *arguments], framed)
        assert done.returncode == 0, done.stderr.decode()
        found = json.loads(done.stdout)
        assert found["unparsed"] == 0, done.stderr.decode()
        paths += check_cost(name, messages, found)
        kinds += check_advice(files, name, messages, found)
        half = payloads[: len(payloads) // 2]
        check_explained(name, new, half, False)
        broken = [damage(payload, chance) for payload in payloads[len(payloads) // 2 :]]
        rejected += check_explained(name, new, broken, True)
        damaged += len(broken)
    print(f"{paths} paths, advice {dict(sorted(kinds.items()))}, {rejected} of {damaged} damaged messages rejected")


def frame(length):
    while length >= 0x80:
        yield length & 0x7F | 0x80
        length >>= 7
    yield length


main()
