"""Schemas as values that can be changed, random ones, and their text."""

import copy
import dataclasses
import random

SCALARS = (
    "double float int32 int64 uint32 uint64 sint32 sint64 fixed32 fixed64 sfixed32 sfixed64 bool string bytes"
).split()
PACKABLE = [name for name in SCALARS if name not in ("string", "bytes")]
KEYS = [name for name in SCALARS if name not in ("double", "float", "bytes")]
WRAPPERS = {
    "double": "DoubleValue",
    "float": "FloatValue",
    "int64": "Int64Value",
    "uint64": "UInt64Value",
    "int32": "Int32Value",
    "uint32": "UInt32Value",
    "bool": "BoolValue",
    "string": "StringValue",
    "bytes": "BytesValue",
}
WELL_KNOWN_FILES = {
    "Any": "any",
    "Duration": "duration",
    "Empty": "empty",
    "FieldMask": "field_mask",
    "ListValue": "struct",
    "Struct": "struct",
    "Timestamp": "timestamp",
    "Value": "struct",
    **dict.fromkeys(WRAPPERS.values(), "wrappers"),
}
WELL_KNOWN = [f"google.protobuf.{name}" for name in WELL_KNOWN_FILES]
WORDS = (
    "amount badge carton depot engine fare garden harbor invoice journal kettle ledger meadow nickel orchard parcel "
    "quarry ribbon saddle ticket umbrella vessel wagon yard"
).split()
EXTENSIONS = range(100, 121)


@dataclasses.dataclass
class Enum:
    name: str
    values: list
    closed: bool | None = None
    alias: bool = False
    numbers: set = dataclasses.field(default_factory=set)
    names: set = dataclasses.field(default_factory=set)


@dataclasses.dataclass
class Field:
    name: str
    number: int
    type: str
    label: str = ""
    key: str | None = None
    json: str | None = None
    default: str | None = None
    packed: bool | None = None
    unchecked: bool = False
    delimited: bool = False
    implicit: bool = False
    oneof: str | None = None


@dataclasses.dataclass
class Message:
    name: str
    fields: list
    extended: list = dataclasses.field(default_factory=list)
    numbers: set = dataclasses.field(default_factory=set)
    names: set = dataclasses.field(default_factory=set)


@dataclasses.dataclass
class File:
    name: str
    package: str
    syntax: str
    enums: list
    messages: list
    # Message and field.
    extensions: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Tree:
    files: list

    def messages(self):
        return [message for file in self.files for message in file.messages]

    def enums(self):
        return [found for file in self.files for found in file.enums]

    def file_of(self, element):
        return next(file for file in self.files if any(element is one for one in file.messages + file.enums))

    def texts(self):
        """The text of each file, and what stands in its lines."""
        return {file.name: text_of(file, self) for file in self.files}

    def copy(self):
        return copy.deepcopy(self)


def new_enum(name, file, draw):
    words = draw.sample(WORDS, draw.randint(2, 5))
    first = 0 if file.syntax == "proto3" or draw.random() < 0.7 else 1
    found = Enum(name, [(f"{name.upper()}_{word.upper()}", first + at) for at, word in enumerate(words)])
    if file.syntax == "2023":
        found.closed = draw.random() < 0.4
        if not found.closed:
            found.values = [(value, at) for at, (value, _) in enumerate(found.values)]
    if draw.random() < 0.15:
        found.alias = True
        found.values.append((f"{name.upper()}_ALSO", found.values[-1][1]))
    return found


def new_type(tree, file, draw):
    """A type that a file can name: those of its own, and of files before it."""
    seen = tree.files[: next(at for at, one in enumerate(tree.files) if one is file) + 1]
    enums = [f"E:{one.package}.{found.name}" for one in seen for found in one.enums]
    messages = [f"M:{one.package}.{found.name}" for one in seen for found in one.messages]
    roll = draw.random()
    if roll < 0.2 and enums:
        return draw.choice(enums)
    if roll < 0.38 and messages:
        return draw.choice(messages)
    if roll < 0.52:
        return "M:" + draw.choice(WELL_KNOWN)
    return draw.choice(SCALARS)


def shape(field, tree, file, draw):
    """Gives a field a type, a label and what goes with them."""
    field.type = new_type(tree, file, draw)
    field.key = field.default = field.packed = None
    field.unchecked = field.delimited = field.implicit = False
    labels = {"proto2": ["optional"] * 4 + ["required", "repeated"], "proto3": ["", "", "", "optional", "repeated"]}
    field.label = draw.choice(labels.get(file.syntax, ["", "", "", "required", "repeated"]))
    if field.oneof:
        field.label = ""
    elif draw.random() < 0.12:
        field.label, field.key = "map", draw.choice(KEYS)
    decorate(field, file, draw)


def decorate(field, file, draw):
    """Options that fit a field's type and label."""
    field.default = field.packed = None
    field.unchecked = field.delimited = field.implicit = False
    if field.label == "repeated" and field.type in PACKABLE and draw.random() < 0.5:
        field.packed = draw.random() < 0.5
    if field.label in ("", "optional") and not field.oneof and file.syntax != "proto3" and draw.random() < 0.3:
        field.default = {"string": '"n/a"', "bool": "true", "bytes": '"n/a"'}.get(
            field.type, "5" if field.type in SCALARS else None
        )
    if file.syntax == "2023":
        field.unchecked = field.type == "string" and draw.random() < 0.3
        of_message = field.type.startswith("M:") and field.label != "map"
        field.delimited = of_message and draw.random() < 0.2
        field.implicit = (
            field.label == "" and not field.oneof and field.type in SCALARS and not field.default
        ) and draw.random() < 0.3


def new_field(name, number, tree, file, draw, oneof=None):
    field = Field(name, number, "int32", oneof=oneof)
    shape(field, tree, file, draw)
    if draw.random() < 0.1:
        field.json = f"{name}Key"
    return field


def new_message(name, tree, file, draw):
    words = draw.sample(WORDS, draw.randint(2, 5))
    numbers = draw.sample(range(1, 16), len(words))
    message = Message(name, [])
    oneof = draw.random() < 0.3
    for at, (word, number) in enumerate(zip(words, numbers)):
        message.fields.append(new_field(word, number, tree, file, draw, "choice" if oneof and at < 2 else None))
    if file.syntax != "proto3" and draw.random() < 0.5:
        message.extended = [EXTENSIONS]
    return message


def new_tree(draw):
    syntaxes = ["proto2", "proto3", "2023"]
    tree = Tree([])
    for name, package in [("parts.proto", "acme.parts.v1"), ("shop.proto", "acme.shop.v1")]:
        file = File(name, package, draw.choice(syntaxes), [], [])
        tree.files.append(file)
        for number in range(draw.randint(1, 2)):
            file.enums.append(new_enum(f"Kind{number}", file, draw))
        for number in range(draw.randint(1, 3)):
            file.messages.append(new_message(f"Thing{number}", tree, file, draw))
    file = tree.files[-1]
    for message in tree.messages():
        if message.extended and file.syntax != "proto3" and draw.random() < 0.8:
            package = tree.file_of(message).package
            for number in draw.sample(EXTENSIONS, 2):
                field = new_field(f"extra_{message.name.lower()}_{package.split('.')[1]}_{number}", number, tree, file, draw)
                field.json = None
                field.label = {"map": "", "required": ""}.get(field.label, field.label)
                if file.syntax == "proto2" and not field.label:
                    field.label = "optional"
                field.implicit = False
                file.extensions.append((f"{package}.{message.name}", field))
    return tree


def text_of(file, tree):
    lines = [f'edition = "{file.syntax}";' if file.syntax == "2023" else f'syntax = "{file.syntax}";']
    owners = [None]

    def put(line, owner=None):
        lines.append(line)
        owners.append(owner)

    put(f"package {file.package};")
    for name in imports(file, tree):
        put(f'import "{name}";')
    for found in file.enums:
        owner = ("enum", f"{file.package}.{found.name}")
        put(f"enum {found.name} {{", owner)
        for option, is_set in [
            ("allow_alias = true", len({number for _, number in found.values}) < len(found.values)),
            ("features.enum_type = CLOSED", found.closed),
        ]:
            if is_set:
                put(f"  option {option};", owner)
        put_reserved(found, file, owner, put)
        for name, number in found.values:
            put(f"  {name} = {number};", owner)
        put("}", owner)
    for message in file.messages:
        owner = ("message", f"{file.package}.{message.name}")
        put(f"message {message.name} {{", owner)
        put_reserved(message, file, owner, put)
        for numbers in message.extended:
            put(f"  extensions {numbers[0]} to {numbers[-1]};", owner)
        for field in message.fields:
            if not field.oneof:
                put(f"  {field_text(field, file)}", owner)
        for oneof in sorted({field.oneof for field in message.fields if field.oneof}):
            put(f"  oneof {oneof} {{", owner)
            for field in message.fields:
                if field.oneof == oneof:
                    put(f"    {field_text(field, file)}", owner)
            put("  }", owner)
        put("}", owner)
    for extendee, field in file.extensions:
        put(f"extend .{extendee} {{ {field_text(field, file)} }}", ("message", extendee))
    return "\n".join(lines) + "\n", owners


def imports(file, tree):
    fields = [field for message in file.messages for field in message.fields]
    fields += [field for _, field in file.extensions]
    names = {field.type[2:] for field in fields if ":" in field.type} | {extendee for extendee, _ in file.extensions}
    found = {one.name for one in tree.files if one is not file and any(n.startswith(one.package + ".") for n in names)}
    for name in names:
        if name.startswith("google.protobuf."):
            found.add(f"google/protobuf/{WELL_KNOWN_FILES[name.rsplit('.', 1)[1]]}.proto")
    return sorted(found)


def put_reserved(element, file, owner, put):
    if element.numbers:
        put(f"  reserved {', '.join(map(str, sorted(element.numbers)))};", owner)
    if element.names:
        quote = "" if file.syntax == "2023" else '"'
        put(f"  reserved {', '.join(quote + name + quote for name in sorted(element.names))};", owner)


def field_text(field, file):
    name = "." + field.type[2:] if ":" in field.type else field.type
    label = field.label + " " if field.label else ""
    options = []
    if field.label == "map":
        label, name = "", f"map<{field.key}, {name}>"
    if field.label == "required" and file.syntax == "2023":
        label = ""
        options.append("features.field_presence = LEGACY_REQUIRED")
    if field.implicit:
        options.append("features.field_presence = IMPLICIT")
    if field.packed is not None:
        options.append(
            f"features.repeated_field_encoding = {'PACKED' if field.packed else 'EXPANDED'}"
            if file.syntax == "2023"
            else f"packed = {'true' if field.packed else 'false'}"
        )
    if field.unchecked:
        options.append("features.utf8_validation = NONE")
    if field.delimited:
        options.append("features.message_encoding = DELIMITED")
    if field.default:
        options.append(f"default = {field.default}")
    if field.json:
        options.append(f'json_name = "{field.json}"')
    return f"{label}{name} {field.name} = {field.number}{' [' + ', '.join(options) + ']' if options else ''};"
