"""Messages that a writer can write: for each field alone, and for some together, values at the edges of its type."""

import itertools

from google.protobuf import message_factory
from google.protobuf.descriptor import FieldDescriptor as F

from meaning import is_map, is_single

MAX_DEPTH = 2
MAX_NESTED = 80
INTEGERS = {
    F.TYPE_INT32: (-(2**31), 2**31 - 1),
    F.TYPE_SINT32: (-(2**31), 2**31 - 1),
    F.TYPE_SFIXED32: (-(2**31), 2**31 - 1),
    F.TYPE_INT64: (-(2**63), 2**63 - 1),
    F.TYPE_SINT64: (-(2**63), 2**63 - 1),
    F.TYPE_SFIXED64: (-(2**63), 2**63 - 1),
    F.TYPE_UINT32: (0, 2**32 - 1),
    F.TYPE_FIXED32: (0, 2**32 - 1),
    F.TYPE_UINT64: (0, 2**64 - 1),
    F.TYPE_FIXED64: (0, 2**64 - 1),
}
TEXTS = ["ann@example.org", "", "1", "true", "a", "aGk=", "n/a", "1.5", "2020-01-01T00:00:00Z", "1s"]
# No enum has this number, nor that below zero.
UNKNOWN = 77_777


class Payloads:
    def __init__(self, reading):
        self.reading, self.layer = reading, reading.layer

    def messages(self, name):
        """Messages of a root."""
        make = self.reading.writer.message(name, self.layer)
        reader = self.reading.reader.message(name, self.layer).DESCRIPTOR
        yield from self.of(make.DESCRIPTOR, reader, make, 0)

    def of(self, descriptor, reader, make, depth):
        """Messages as a reader of a type meets them; `reader` may be `None`."""
        base = self.base(descriptor, reader, make, depth)
        if base is None:
            return
        yield base
        fields = self.reading.fields(self.reading.writer, descriptor)
        fields = [one for one in fields if reader is None or not self.reading.is_excused(one, reader)]
        mates = {}
        for field in fields:
            mates[field.full_name] = self.reading.counterpart(field, reader) if reader is not None else None
        # The first values of all fields first: there is an end to what is tried within messages.
        for values in itertools.zip_longest(*[self.values(field, mates[field.full_name], depth) for field in fields]):
            for field, value in zip(fields, values):
                made = make()
                made.CopyFrom(base)
                if value is not None and put(made, field, value):
                    yield made
        if reader is not None:
            yield from self.together(make, base, mates, fields, depth)

    def together(self, make, base, mates, fields, depth):
        def shared(one, other):
            one, other = mates[one.full_name], mates[other.full_name]
            return one is not None and other is not None and one.containing_oneof is not None and (
                one.containing_oneof == other.containing_oneof and len(one.containing_oneof.fields) > 1
            )

        for one, other in itertools.combinations(fields, 2):
            if not shared(one, other):
                continue
            for first, second in [(one, other), (other, one)]:
                made = make()
                made.CopyFrom(base)
                for field in (first, second):
                    values = [value for value in self.values(field, mates[field.full_name], depth) if value not in (0, "", b"")]
                    if values:
                        put(made, field, values[0])
                yield made

    def complete(self, made, reader, depth=0):
        """Sets what is required and not set, here and in what is set."""
        for field, value in made.ListFields():
            if field.message_type is None:
                continue
            mate = self.reading.counterpart(field, reader) if reader is not None else None
            of_mate = mate.message_type if mate is not None else None
            values = [value] if is_single(field) else list(value.values() if is_map(field) else value)
            for one in values:
                if hasattr(one, "ListFields"):
                    if is_map(field):
                        of_mate = of_mate.fields_by_name["value"].message_type if of_mate and is_map(mate) else None
                    self.complete(one, of_mate, depth + 1)
        base = self.base(made.DESCRIPTOR, reader, type(made), depth)
        for field, value in base.ListFields() if base is not None else []:
            if not any(field == one for one, _ in made.ListFields()):
                put(made, field, value)

    def base(self, descriptor, reader, make, depth):
        """What has all that is required."""
        made = make()
        for field in self.reading.fields(self.reading.writer, descriptor):
            if field.is_required:
                if reader is not None and self.reading.is_excused(field, reader):
                    self.reading.excused_keys.add(field.json_name)
                mate = self.reading.counterpart(field, reader) if reader is not None else None
                value = next(iter(self.values(field, mate, depth)), None)
                if value is None:
                    return None
                put(made, field, value)
        return made

    def values(self, field, mate, depth):
        if is_map(field):
            yield from self.maps(field, mate, depth)
            return
        elements = list(self.elements(field, mate, depth))
        if is_single(field):
            yield from elements
            return
        for element in elements:
            yield [element]
        for one, other in zip(elements, elements[1:] or elements):
            yield [one, other]

    def maps(self, field, mate, depth):
        entry = field.message_type.fields_by_name
        of_mate = mate.message_type.fields_by_name if mate is not None and is_map(mate) else {}
        keys = list(self.elements(entry["key"], of_mate.get("key"), depth))
        values = list(self.elements(entry["value"], of_mate.get("value"), depth))
        if not keys or not values:
            return
        for value in values:
            yield {keys[0]: value}
        for key in keys[1:]:
            yield {key: values[0]}

    def elements(self, field, mate, depth):
        if field.message_type is not None:
            if depth > MAX_DEPTH:
                return
            reader = mate.message_type if mate is not None else None
            make = message_factory.GetMessageClass(field.message_type)
            yield from itertools.islice(self.inner(field.message_type, reader, make, depth + 1), MAX_NESTED)
        elif field.enum_type is not None:
            yield from self.numbers(field, mate)
        elif field.type in INTEGERS:
            low, high = INTEGERS[field.type]
            edges = [1, 7, 0, low, high, 300, 2**24 + 1, 2**31, 2**53 + 1, -1]
            yield from dict.fromkeys(number for number in edges if low <= number <= high)
        elif field.type in (F.TYPE_FLOAT, F.TYPE_DOUBLE):
            yield from [1.5, 2.0, 0.0, -1.0, float("nan"), float("inf")]
            yield 0.10000000149011612 if field.type == F.TYPE_FLOAT else 0.1
            yield 1e300 if field.type == F.TYPE_DOUBLE else 3e38
        elif field.type == F.TYPE_BOOL:
            yield from [True, False]
        elif field.type == F.TYPE_STRING:
            yield from TEXTS
        else:
            yield from [text.encode() for text in TEXTS]
            # Bytes, and strings that nobody checks.
            yield b"\xff"
            yield b"\x08\x01"

    def inner(self, descriptor, reader, make, depth):
        name = descriptor.full_name
        if self.layer == "wire":
            yield from self.of(descriptor, reader, make, depth)
        elif name == "google.protobuf.Timestamp" or name == "google.protobuf.Duration":
            yield from [make(seconds=1), make(seconds=1, nanos=500_000_000), make()]
        elif name == "google.protobuf.FieldMask":
            yield from [make(paths=["amount"]), make(paths=["amount", "badge"])]
        elif name == "google.protobuf.Value":
            yield from [make(number_value=1.5), make(string_value="a"), make(bool_value=True), make(null_value=0)]
            made = make()
            made.struct_value.get_or_create_struct("a")
            yield made
            made = make()
            made.list_value.append(1)
            yield made
        elif name == "google.protobuf.Struct":
            for value in [1.5, "a", True, None]:
                made = make()
                made["a"] = value
                yield made
        elif name == "google.protobuf.ListValue":
            for value in [1.5, "a", True, None]:
                made = make()
                made.append(value)
                yield made
        elif name == "google.protobuf.Any":
            made = make()
            made.type_url, made.value = "type.googleapis.com/google.protobuf.Duration", b"\x08\x01"
            yield made
        else:
            yield from self.of(descriptor, reader, make, depth)

    def numbers(self, field, mate):
        enum = field.enum_type
        other = mate.enum_type if mate is not None else None
        for number in dict.fromkeys(value.number for value in enum.values):
            is_needed = mate is not None and mate.is_required
            if other is None or not self.reading.is_excused_value(number, enum, other, is_needed):
                yield number
        # JSON has `null` for whatever number.
        if not enum.is_closed and (self.layer == "wire" or enum.full_name != "google.protobuf.NullValue"):
            yield UNKNOWN
            yield -UNKNOWN


def put(message, field, value):
    """Sets a field; false where the runtime does not let it be set."""
    try:
        if field.is_extension:
            put_extension(message, field, value)
        elif isinstance(value, dict):
            target = getattr(message, field.name)
            for key, one in value.items():
                if hasattr(one, "ListFields"):
                    target[key].CopyFrom(one)
                else:
                    target[key] = one
        elif isinstance(value, list):
            getattr(message, field.name).extend(value)
        elif hasattr(value, "ListFields"):
            getattr(message, field.name).CopyFrom(value)
            getattr(message, field.name).SetInParent()
        else:
            setattr(message, field.name, value)
        return True
    except ValueError:
        return False


def put_extension(message, field, value):
    if isinstance(value, list):
        message.Extensions[field].extend(value)
    elif hasattr(value, "ListFields"):
        message.Extensions[field].CopyFrom(value)
        message.Extensions[field].SetInParent()
    else:
        message.Extensions[field] = value
