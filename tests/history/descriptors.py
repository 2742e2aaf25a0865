"""Reads what protoc writes, and keeps of it what a history is made of. Nothing but the standard library."""

SCALARS = {
    1: "double", 2: "float", 3: "int64", 4: "uint64", 5: "int32", 6: "fixed64", 7: "fixed32", 8: "bool", 9: "string",
    12: "bytes", 13: "uint32", 15: "sfixed32", 16: "sfixed64", 17: "sint32", 18: "sint64",
}
GROUP, MESSAGE, ENUM = 10, 11, 14
UNPACKABLE = {"string", "bytes"}


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def fields(data):
    """The fields of a message in binary form, by number."""
    found = {}
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 2:
            length, at = varint(data, at)
            value, at = data[at:at + length], at + length
        else:
            length = 8 if kind == 1 else 4
            value, at = data[at:at + length], at + length
        found.setdefault(key >> 3, []).append(value)
    return found


def text(message, number):
    return message[number][0].decode() if number in message else ""


def number(message, field):
    value = message[field][0] if field in message else 0
    return value - (1 << 64) if value >= 1 << 63 else value


def sub(message, field):
    return fields(b"".join(message.get(field, [])))


class Field:
    """A field: `kind` is the name of a scalar, "message", "group" or "enum"; `of` the full name of its type."""

    __slots__ = ("name", "number", "kind", "of", "repeated", "required", "packed", "map", "oneof", "extends")

    def type_text(self):
        if self.map:
            return f"map<{self.map[0].type_text()}, {self.map[1].type_text()}>"
        return ("repeated " if self.repeated else "") + (self.of or self.kind)


class Message:
    __slots__ = ("name", "fields", "reserved", "file", "by_number")


class Enum:
    __slots__ = ("name", "values", "file")


class Service:
    __slots__ = ("name", "rpcs", "file")


class File:
    """What one file declares: messages, enums and services by full name."""

    def __init__(self, data):
        file = fields(data)
        self.package = text(file, 2)
        self.syntax = text(file, 12) or "proto2"
        self.features = sub(sub(file, 8), 50)
        self.messages, self.enums, self.services = {}, {}, {}
        prefix = self.package + "." if self.package else ""
        for message in file.get(4, []):
            self.add_message(fields(message), prefix)
        for enumeration in file.get(5, []):
            self.add_enum(fields(enumeration), prefix)
        for service in file.get(6, []):
            self.add_service(fields(service), prefix)

    def add_message(self, data, prefix):
        message = Message()
        message.name = prefix + text(data, 1)
        inner = message.name + "."
        entries = {}
        for nested in map(fields, data.get(3, [])):
            if number(sub(nested, 7), 7):
                key, value = sorted((self.field(fields(field)) for field in nested[2]), key=lambda field: field.number)
                entries[inner + text(nested, 1)] = (key, value)
            else:
                self.add_message(nested, inner)
        for enumeration in data.get(4, []):
            self.add_enum(fields(enumeration), inner)
        message.fields = [self.field(fields(field), entries) for field in data.get(2, [])]
        message.by_number = {field.number: field for field in message.fields}
        ranges = map(fields, data.get(9, []))
        message.reserved = [(number(reserved, 1), number(reserved, 2)) for reserved in ranges]
        self.messages[message.name] = message

    def field(self, data, entries=None):
        field = Field()
        field.name, field.number = text(data, 1), number(data, 3)
        kind, label = number(data, 5), number(data, 4)
        field.of = text(data, 6).lstrip(".") or None
        field.kind = SCALARS.get(kind) or {GROUP: "group", MESSAGE: "message", ENUM: "enum"}[kind]
        field.repeated, field.required = label == 3, label == 2
        field.oneof = number(data, 9) if 9 in data and not number(data, 17) else None
        field.map = (entries or {}).get(field.of)
        options = sub(data, 8)
        features = sub(options, 21)
        own = lambda at, default: number(features, at) or number(self.features, at) or default
        packable = field.kind == "enum" or field.kind in SCALARS.values() and field.kind not in UNPACKABLE
        if self.syntax == "editions":
            field.packed = packable and own(3, 1) == 1
            if field.kind == "message" and own(5, 1) == 2 and not field.map:
                field.kind = "group"
            field.required = own(1, 1) == 3
        else:
            field.packed = packable and bool(number(options, 2) if 2 in options else self.syntax == "proto3")
        field.packed = field.packed and field.repeated
        return field

    def add_enum(self, data, prefix):
        enumeration = Enum()
        enumeration.name = prefix + text(data, 1)
        enumeration.values = {}
        for value in map(fields, data.get(2, [])):
            enumeration.values.setdefault(number(value, 2), []).append(text(value, 1))
        self.enums[enumeration.name] = enumeration

    def add_service(self, data, prefix):
        service = Service()
        service.name, service.rpcs = prefix + text(data, 1), {}
        for rpc in map(fields, data.get(2, [])):
            request, response = text(rpc, 2).lstrip("."), text(rpc, 3).lstrip(".")
            streams = ["stream " if number(rpc, at) else "" for at in (5, 6)]
            service.rpcs[text(rpc, 1)] = (request, response, *streams)
        self.services[service.name] = service


def files_of(data):
    """The files of a FileDescriptorSet, by name."""
    found = {}
    for file in fields(data).get(1, []):
        found[text(fields(file), 1)] = File(file)
    return found
