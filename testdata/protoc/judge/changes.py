"""Changes of schemas, as people make them: each takes a tree and changes it, or gives up with `None`."""

from schemas import (
    EXTENSIONS,
    KEYS,
    PACKABLE,
    SCALARS,
    WORDS,
    WRAPPERS,
    Field,
    decorate,
    new_enum,
    new_field,
    new_message,
    shape,
)

CHANGES = []


def change(function):
    CHANGES.append(function)
    return function


def some_message(tree, draw):
    message = draw.choice(tree.messages())
    return message, tree.file_of(message)


def some_field(tree, draw, fits=lambda field: True):
    """A field, the list that it stands in, its message if it is no extension, and its file."""
    places = [(field, message.fields, message, tree.file_of(message)) for message in tree.messages() for field in message.fields]
    for file in tree.files:
        places += [(pair[1], file.extensions, None, file) for pair in file.extensions]
    places = [place for place in places if fits(place[0])]
    return draw.choice(places) if places else None


def remove(field, fields):
    fields[:] = [one for one in fields if one is not field and not (isinstance(one, tuple) and one[1] is field)]


def reserve(field, message, draw):
    if message is not None and draw.random() < 0.6:
        if draw.random() < 0.85:
            message.numbers.add(field.number)
        if draw.random() < 0.85:
            message.names.add(field.name)


def free_number(message, draw):
    taken = {field.number for field in message.fields} | message.numbers
    free = [number for number in range(1, 30) if number not in taken]
    return draw.choice(free) if free else None


def free_word(message, draw):
    taken = {field.name.split("_")[0] for field in message.fields} | {name.split("_")[0] for name in message.names}
    free = [word for word in WORDS if word not in taken]
    return draw.choice(free) if free else None


@change
def delete_field(tree, draw):
    field, fields, message, _ = some_field(tree, draw)
    if message is not None and len(fields) < 2:
        return None
    remove(field, fields)
    reserve(field, message, draw)
    return field.name


@change
def add_field(tree, draw):
    message, file = some_message(tree, draw)
    number, word = free_number(message, draw), free_word(message, draw)
    if not number or not word:
        return None
    message.fields.append(new_field(word, number, tree, file, draw))
    return word


@change
def rename_field(tree, draw):
    field, _, message, _ = some_field(tree, draw)
    old = field.name
    if message is not None and draw.random() < 0.3 and not field.json:
        field.json = old
    field.name += draw.choice(["_text", "_info", "_v2"])
    return f"{old} -> {field.name}"


@change
def renumber_field(tree, draw):
    field, fields, message, _ = some_field(tree, draw)
    old = field.number
    if message is None:
        field.number = draw.choice([number for number in EXTENSIONS if number not in [one.number for _, one in fields]])
    else:
        number = free_number(message, draw)
        if not number:
            return None
        field.number = number
        if draw.random() < 0.5:
            message.numbers.add(old)
    return f"{field.name} {old} -> {field.number}"


@change
def swap_fields(tree, draw):
    message, _ = some_message(tree, draw)
    if len(message.fields) < 2:
        return None
    one, other = draw.sample(message.fields, 2)
    if draw.random() < 0.5:
        one.number, other.number = other.number, one.number
    else:
        one.name, other.name = other.name, one.name
    return f"{one.name} and {other.name}"


@change
def change_type(tree, draw):
    field, _, message, file = some_field(tree, draw)
    shaped = field.label, field.key
    shape(field, tree, file, draw)
    field.label, field.key = shaped
    decorate(field, file, draw)
    return f"{field.name}: {field.type}"


@change
def change_scalar(tree, draw):
    found = some_field(tree, draw, lambda field: field.type in SCALARS)
    if not found:
        return None
    field, _, _, file = found
    old = field.type
    field.type = draw.choice([name for name in SCALARS if name != field.type])
    decorate(field, file, draw)
    return f"{field.name}: {old} -> {field.type}"


@change
def change_wrapper(tree, draw):
    """A scalar and the message around it."""
    inner = {f"M:google.protobuf.{name}": scalar for scalar, name in WRAPPERS.items()}
    found = some_field(tree, draw, lambda field: field.type in inner or field.type in WRAPPERS)
    if not found:
        return None
    field, _, _, file = found
    old = field.type
    field.type = inner.get(old) or f"M:google.protobuf.{WRAPPERS[old]}"
    if ":" in field.type:
        field.default = field.packed = None
        field.unchecked = field.implicit = False
    else:
        decorate(field, file, draw)
    return f"{field.name}: {old} -> {field.type}"


@change
def change_json_value(tree, draw):
    """Between a type and what holds any JSON."""
    found = some_field(tree, draw)
    field, _, _, file = found
    old = (field.label, field.key, field.type)
    roll = draw.random()
    if field.label == "map" and field.key == "string" and roll < 0.5:
        field.label = {"proto2": "optional"}.get(file.syntax, "")
        field.key, field.type = None, "M:google.protobuf.Struct"
    elif field.label == "repeated" and roll < 0.5:
        field.label = {"proto2": "optional"}.get(file.syntax, "")
        field.type = "M:google.protobuf.ListValue"
    elif field.type.endswith(".Struct") and field.label in ("", "optional") and not field.oneof:
        field.label, field.key, field.type = "map", "string", "M:google.protobuf.Value"
    elif field.type.endswith(".ListValue") and field.label in ("", "optional") and not field.oneof:
        field.label, field.type = "repeated", "M:google.protobuf.Value"
    elif field.type.endswith(".Value"):
        field.type = draw.choice(["string", "double", "bool", "M:google.protobuf.Struct"])
    else:
        field.type = "M:google.protobuf.Value"
    decorate(field, file, draw)
    return f"{field.name}: {old} -> {(field.label, field.key, field.type)}"


@change
def change_label(tree, draw):
    found = some_field(tree, draw, lambda field: not field.oneof)
    if not found:
        return None
    field, _, message, file = found
    old = field.label
    labels = {"proto2": ["optional", "required", "repeated"], "proto3": ["", "optional", "repeated"]}
    choices = labels.get(file.syntax, ["", "required", "repeated"]) + ["map"]
    if message is None:
        choices = [label for label in choices if label not in ("required", "map")]
    field.label = draw.choice([label for label in choices if label != old] or choices)
    field.key = draw.choice(KEYS) if field.label == "map" else None
    decorate(field, file, draw)
    return f"{field.name}: {old} -> {field.label}"


@change
def change_key(tree, draw):
    found = some_field(tree, draw, lambda field: field.label == "map")
    if not found:
        return None
    field = found[0]
    old = field.key
    field.key = draw.choice([key for key in KEYS if key != old])
    return f"{field.name}: map key {old} -> {field.key}"


@change
def change_options(tree, draw):
    field, _, _, file = some_field(tree, draw)
    decorate(field, file, draw)
    return field.name


@change
def change_packed(tree, draw):
    found = some_field(tree, draw, lambda field: field.label == "repeated" and field.type in PACKABLE)
    if not found:
        return None
    found[0].packed = not found[0].packed
    return found[0].name


@change
def change_json_name(tree, draw):
    found = some_field(tree, draw, lambda field: True)
    field, _, message, _ = found
    if message is None:
        return None
    field.json = None if field.json else draw.choice([f"{field.name}Json", draw.choice(WORDS)])
    return f"{field.name}: {field.json}"


@change
def change_oneof(tree, draw):
    message, file = some_message(tree, draw)
    plain = [field for field in message.fields if field.label in ("", "optional")]
    if not plain:
        return None
    for field in draw.sample(plain, min(len(plain), draw.randint(1, 2))):
        field.oneof = None if field.oneof else draw.choice(["choice", "choice", "other"])
        field.label = "optional" if not field.oneof and file.syntax == "proto2" else ""
        field.implicit = False
        field.default = None
    return message.name


@change
def change_message_name(tree, draw):
    """A message under another name, and perhaps with one change in it; what used it uses the new one."""
    message, file = some_message(tree, draw)
    old = message.name
    message.name += "Renamed"
    names = {f"M:{file.package}.{old}": f"M:{file.package}.{message.name}"}
    for one in tree.files:
        fields = [field for owner in one.messages for field in owner.fields] + [field for _, field in one.extensions]
        for field in fields:
            field.type = names.get(field.type, field.type)
        one.extensions = [
            (f"{file.package}.{message.name}" if extendee == f"{file.package}.{old}" else extendee, field)
            for extendee, field in one.extensions
        ]
    return old


@change
def add_value(tree, draw):
    found = draw.choice(tree.enums())
    number = max(number for _, number in found.values) + draw.randint(1, 3)
    if number in found.numbers:
        return None
    found.values.append((f"{found.name.upper()}_NEW{number}", number))
    return found.name


@change
def delete_value(tree, draw):
    found = draw.choice(tree.enums())
    if len(found.values) < 3:
        return None
    number = draw.choice(found.values[1:])[1]
    gone = [value for value in found.values if value[1] == number]
    if len(gone) == len(found.values) or gone[0] is found.values[0]:
        return None
    found.values = [value for value in found.values if value not in gone]
    if draw.random() < 0.6:
        if draw.random() < 0.85:
            found.numbers.add(number)
        if draw.random() < 0.85:
            found.names.update(name for name, _ in gone)
    return gone[0][0]


@change
def rename_value(tree, draw):
    found = draw.choice(tree.enums())
    at = draw.randrange(len(found.values))
    old, number = found.values[at]
    found.values[at] = (old + "_NOW", number)
    return old


@change
def renumber_value(tree, draw):
    found = draw.choice(tree.enums())
    at = draw.randrange(1, len(found.values))
    old, number = found.values[at]
    new = max(number for _, number in found.values) + 1
    if new in found.numbers:
        return None
    found.values[at] = (old, new)
    if draw.random() < 0.5 and number not in [one for _, one in found.values]:
        found.numbers.add(number)
    return old


@change
def swap_values(tree, draw):
    found = draw.choice(tree.enums())
    if len(found.values) < 3:
        return None
    one, other = draw.sample(range(1, len(found.values)), 2)
    (a, x), (b, y) = found.values[one], found.values[other]
    if draw.random() < 0.5:
        found.values[one], found.values[other] = (b, x), (a, y)
    else:
        found.values[one], found.values[other] = (b, y), (a, x)
    return f"{a} and {b}"


@change
def change_closedness(tree, draw):
    enums = [found for found in tree.enums() if tree.file_of(found).syntax == "2023"]
    if not enums:
        return None
    found = draw.choice(enums)
    found.closed = not found.closed
    return found.name


@change
def replace_enum(tree, draw):
    """A field of another enum, which may have the same values."""
    found = some_field(tree, draw, lambda field: field.type.startswith("E:"))
    if not found:
        return None
    field, _, _, file = found
    number = len(file.enums)
    enum = new_enum(f"Kind{number}", file, draw)
    old = next((one for one in tree.enums() if field.type.endswith("." + one.name)), None)
    if old and draw.random() < 0.7:
        enum.values = [(name + ("" if tree.file_of(old) is not file else "_B"), number) for name, number in old.values]
        enum.values = enum.values[: draw.randint(max(1, len(enum.values) - 1), len(enum.values))]
    file.enums.append(enum)
    field.type = f"E:{file.package}.{enum.name}"
    decorate(field, file, draw)
    return f"{field.name}: {field.type}"


@change
def replace_message(tree, draw):
    """A field of another message, much like the old one."""
    found = some_field(tree, draw, lambda field: field.type.startswith("M:acme"))
    if not found:
        return None
    field, _, _, file = found
    old = next(one for one in tree.messages() if field.type == f"M:{tree.file_of(one).package}.{one.name}")
    new = new_message(f"Thing{len(file.messages)}", tree, file, draw)
    if draw.random() < 0.8 and tree.file_of(old).syntax == file.syntax:
        new.fields = [Field(**vars(one)) for one in old.fields]
        one = draw.choice(new.fields)
        if draw.random() < 0.4:
            shape(one, tree, file, draw)
        elif draw.random() < 0.4:
            one.number = free_number(new, draw)
        elif draw.random() < 0.4:
            one.name += "_text"
    file.messages.append(new)
    field.type = f"M:{file.package}.{new.name}"
    return f"{field.name}: {old.name} -> {new.name}"


@change
def field_to_extension(tree, draw):
    messages = [one for one in tree.messages() if one.extended and len(one.fields) > 1]
    if not messages:
        return None
    message = draw.choice(messages)
    file = tree.file_of(message)
    if file.syntax == "proto3":
        return None
    field = draw.choice(message.fields)
    if field.label in ("required", "map") or field.oneof:
        return None
    remove(field, message.fields)
    message.extended.append(range(field.number, field.number + 1))
    field.json, field.implicit = None, False
    file.extensions.append((f"{file.package}.{message.name}", field))
    if draw.random() < 0.3:
        shape(field, tree, file, draw)
        field.label = {"map": "", "required": ""}.get(field.label, field.label) or {"proto2": "optional"}.get(file.syntax, "")
        field.implicit = False
    return field.name
