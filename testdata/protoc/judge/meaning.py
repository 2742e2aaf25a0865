"""Whether a message that was read means what was written: values by what they are, elements by number on the wire and by
key in JSON, whatever they are called and of whatever types they are."""

import struct

from google.protobuf.descriptor import FieldDescriptor as F

WRAPPED = {f"google.protobuf.{name}Value" for name in "Double Float Int32 Int64 UInt32 UInt64 Bool String Bytes".split()}
VALUE, STRUCT, LIST = [f"google.protobuf.{name}" for name in ("Value", "Struct", "ListValue")]
# What the other side is not given: it was retired with its number and name reserved, or is new to old readers.
WIDE = (F.TYPE_INT64, F.TYPE_UINT64, F.TYPE_SINT64, F.TYPE_FIXED64, F.TYPE_SFIXED64)
ZEROS = (0, 0.0, False, "", b"")


def is_map(field):
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def is_single(field):
    return not field.is_repeated


class Reading:
    """One layer and one direction: who writes, who reads."""

    def __init__(self, layer, direction, writer, reader):
        self.layer, self.direction, self.writer, self.reader = layer, direction, writer, reader
        # Keys of required fields that the reader need not have.
        self.excused_keys = set()

    def fields(self, side, descriptor):
        return list(descriptor.fields) + side.extensions(descriptor, self.layer)

    def key(self, field):
        return f"[{field.full_name}]" if field.is_extension else field.json_name

    def counterpart(self, field, reader):
        """What reads a field."""
        fields = self.fields(self.reader, reader)
        if self.layer == "wire":
            return next((one for one in fields if one.number == field.number), None)
        key = self.key(field)
        found = next((one for one in fields if self.key(one) == key), None)
        return found or next((one for one in fields if not one.is_extension and one.name == key), None)

    def is_excused(self, field, reader):
        """Whether a field that the reader does not have is none that it should have."""
        if self.counterpart(field, reader) is not None:
            return False
        has_number = any(one.number == field.number for one in self.fields(self.reader, reader))
        if self.direction == "forward":
            return not has_number or self.layer == "json" and self.is_kept(field, reader)
        if self.layer == "wire":
            return self.reader.reserves_number(reader.full_name, field.number)
        return not has_number and not field.is_extension and self.reader.reserves_name(reader.full_name, field.name)

    def is_kept(self, field, reader):
        """Whether what has a field's number in the reader's message is written too, under another number: the field is new."""
        fields = self.fields(self.writer, field.containing_type)
        other = next(one for one in self.fields(self.reader, reader) if one.number == field.number)
        return any(self.key(one) in (self.key(other), other.name) for one in fields)

    def is_excused_value(self, number, enum, reader, is_needed=False):
        """The same for the number of an enum's value; `is_needed` where a message is refused without it."""
        known = enum.values_by_number.get(number)
        # Another enum has to know all.
        if known is None or enum.full_name != reader.full_name:
            return False
        name = names(enum, number)[0]
        has_number, has_name = number in reader.values_by_number, name in reader.values_by_name
        if self.layer == "json" and self.direction == "forward" and has_number and not has_name:
            # What the number was called is written too, under another number: the name is new.
            has_number = not all(one in enum.values_by_name for one in names(reader, number))
        if self.layer == "wire" and has_number or self.layer == "json" and (has_name or has_number):
            return False
        if self.direction == "forward":
            return not (is_needed and reader.is_closed)
        if self.layer == "wire":
            return self.reader.reserves_number(reader.full_name, number)
        return all(self.reader.reserves_name(reader.full_name, one) for one in names(enum, number))

    # What follows is true where something differs.

    def messages(self, written, read):
        descriptor, other = written.DESCRIPTOR, read.DESCRIPTOR
        fields, matched = dict(written.ListFields()), set()
        for field, value in fields.items():
            if self.is_excused(field, other):
                continue
            mate = self.counterpart(field, other)
            if mate is None:
                if is_zero(value):
                    continue
                return True
            matched.add(mate.full_name)
            if self.is_moved(field, mate):
                return True
            if not is_set(read, mate):
                is_plain = mate.message_type is None and is_single(mate) and is_zero(mate.default_value)
                if is_plain and is_single(field) and is_zero(number_of(self.seen(value, field))):
                    continue
                # An empty message is written as no bytes.
                if is_plain and self.layer == "wire" and mate.type == F.TYPE_BYTES and bytes_of(*self.seen(value, field)) == b"":
                    continue
                return True
            if self.values(self.seen(value, field), self.seen(get(read, mate), mate), field):
                return True
        if any(field.full_name not in matched and not is_empty(value) for field, value in read.ListFields()):
            return True
        return any(self.is_other_default(field, read) for field in self.fields(self.writer, descriptor) if field not in fields)

    def is_other_default(self, field, read):
        mate = self.counterpart(field, read.DESCRIPTOR)
        if mate is None or field.message_type or mate.message_type or not is_single(field) or not is_single(mate):
            return False
        if is_set(read, mate) or is_zero(field.default_value) and is_zero(mate.default_value):
            return False
        if field.enum_type is not None and mate.enum_type is not None:
            shared = set(names(field.enum_type, field.default_value)) & set(names(mate.enum_type, mate.default_value))
            if shared:
                return False
        return self.values(self.seen(field.default_value, field), self.seen(mate.default_value, mate), field)

    def is_moved(self, field, mate):
        """Whether a number, or a key, belongs to what had another, or the other way around."""
        if field.is_extension or mate.is_extension or field.name == mate.name:
            return False
        return mate.name in field.containing_type.fields_by_name or field.name in mate.containing_type.fields_by_name

    def seen(self, value, field):
        """A value as a kind and what it is."""
        if is_map(field):
            entry = field.message_type.fields_by_name
            items = [(key, self.element(value[key], entry["value"])) for key in value]
            if self.layer == "json":
                return "map", {text_of(key): one for key, one in items}
            return "entries", [(self.element(key, entry["key"]), one) for key, one in items]
        if not is_single(field):
            return "list", [self.element(one, field) for one in value]
        return self.element(value, field)

    def element(self, value, field):
        if field.message_type is not None:
            return self.of_message(value)
        if field.enum_type is not None:
            if field.enum_type.full_name == "google.protobuf.NullValue" and self.layer == "json":
                return "null", None
            return "enum", (value, field.enum_type)
        if field.type == F.TYPE_FLOAT:
            return "float", value
        if field.type in (F.TYPE_STRING, F.TYPE_BYTES):
            is_text = field.type == F.TYPE_STRING or field.full_name in self.writer.loose | self.reader.loose
            return "text" if is_text else "bytes", value
        if field.type == F.TYPE_DOUBLE:
            return "double", value
        if self.layer == "json" and field.type in (*WIDE, F.TYPE_BOOL):
            return "truth" if field.type == F.TYPE_BOOL else "wide", value
        return "number", value

    def of_message(self, message):
        name = message.DESCRIPTOR.full_name
        if self.layer == "json" and name in WRAPPED:
            return self.element(message.value, message.DESCRIPTOR.fields_by_name["value"])
        if self.layer == "json" and name == VALUE:
            kind = message.WhichOneof("kind")
            if kind is None:
                return "null", None
            return self.element(getattr(message, kind), message.DESCRIPTOR.fields_by_name[kind])
        if self.layer == "json" and name in (STRUCT, LIST):
            field = message.DESCRIPTOR.fields[0]
            return self.seen(getattr(message, field.name), field)
        return "message", message

    def values(self, one, other, field=None):
        (kind, a), (mate, b) = one, other
        if "entries" in (kind, mate):
            return self.entries(one, other)
        if kind == "list" or mate == "list":
            if self.layer == "json" and kind != mate:
                return True
            a, b = [[each] if each[0] != "list" else each[1] for each in (one, other)]
            return len(a) != len(b) or any(self.values(x, y) for x, y in zip(a, b))
        if kind == "map" and mate == "map":
            return a.keys() != b.keys() or any(self.values(a[key], b[key]) for key in a)
        if kind == mate == "enum":
            return self.enums(*a, *b)
        # Neither `true` nor a string of digits is the value of an enum, nor `true` a number, if not to Python.
        if (kind, mate) in (("wide", "enum"), ("truth", "enum"), ("truth", "float"), ("truth", "double")):
            return True
        kind, mate = ["number" if each in ("double", "enum", "truth", "wide") else each for each in (kind, mate)]
        a, b = number_of(one), number_of(other)
        numbers = ("number", "float")
        if kind in numbers and mate in numbers:
            if kind == "float" and mate == "number" and isinstance(b, float):
                b = single(b)
            return not (a == b or a != a and b != b)
        if kind == mate == "message":
            return self.messages(a, b)
        if {kind, mate} == {"message", "text"}:
            return True
        if self.layer == "wire":
            a, b = [bytes_of(*each) for each in ((kind, a), (mate, b))]
            return a is None or b is None or a != b
        return kind != mate or a != b

    def entries(self, one, other):
        """Maps, and lists of messages with a key and a value."""
        one, other = [listed(each) for each in (one, other)]
        if one is None or other is None or len(one) != len(other):
            return True

        def half(entry, number):
            if isinstance(entry, tuple) and len(entry) == 2 and isinstance(entry[0], tuple):
                return entry[number - 1]
            message = entry[1]
            field = next((one for one in message.DESCRIPTOR.fields if one.number == number), None)
            return None if field is None else self.seen(get(message, field), field)

        def differ(a, b):
            if is_entry(a) and is_entry(b):
                return self.values(a[0], b[0]) or self.values(a[1], b[1])
            message = (b if is_entry(a) else a)[1]
            beyond = any(field.number not in (1, 2) for field, _ in message.ListFields())
            halves = [(half(a, number), half(b, number)) for number in (1, 2)]
            if any(x is None or y is None for x, y in halves):
                halves = [(x, y) for x, y in halves if not all(one is None or is_nothing(one) for one in (x, y))]
            return beyond or any(x is None or y is None or self.values(x, y) for x, y in halves)

        if all(is_entry(each) for each in one + other):
            return any(all(differ(a, b) for b in other) for a in one)
        return any(differ(a, b) for a, b in zip(one, other))

    def enums(self, number, enum, read, other):
        if self.layer == "json":
            known = enum.values_by_number.get(number)
            if known is None or names(enum, number)[0] not in other.values_by_name:
                return number != read
            return other.values_by_name[names(enum, number)[0]].number != read
        if number != read:
            return True
        written, found = names(enum, number), names(other, number)
        if not written:
            return False
        # What is new is unknown to old readers.
        if not found:
            return self.direction == "backward"
        if set(written) & set(found):
            return False
        return any(name in enum.values_by_name for name in found) or any(name in other.values_by_name for name in written)


def names(enum, number):
    return [value.name for value in enum.values if value.number == number]


def number_of(seen):
    return seen[1][0] if seen[0] == "enum" else seen[1]


def is_nothing(seen):
    return is_empty(number_of(seen))


def is_entry(each):
    return isinstance(each, tuple) and len(each) == 2 and isinstance(each[0], tuple)


def listed(seen):
    kind, value = seen
    if kind in ("entries", "list"):
        return value if kind == "entries" or all(one[0] == "message" for one in value) else None
    return [seen] if kind == "message" else None


def bytes_of(kind, value):
    if kind == "text":
        return value.encode() if isinstance(value, str) else value
    if kind == "message":
        return value.SerializePartialToString(deterministic=True)
    return value if kind == "bytes" else None


def text_of(key):
    return str(key).lower() if isinstance(key, bool) else str(key)


def single(number):
    try:
        return struct.unpack("f", struct.pack("f", number))[0]
    except OverflowError:
        return number


def get(message, field):
    return message.Extensions[field] if field.is_extension else getattr(message, field.name)


def is_set(message, field):
    return any(field == one for one, _ in message.ListFields())


def is_zero(value):
    return isinstance(value, (int, float, str, bytes)) and value in ZEROS


def is_empty(value):
    return is_zero(value) or hasattr(value, "ListFields") and not value.ListFields()
