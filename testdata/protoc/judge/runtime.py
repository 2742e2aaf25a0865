"""Schemas as Python's runtime has them: classes of messages, one set for bytes and one for JSON."""

import subprocess
import tempfile
from pathlib import Path

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

STRING, BYTES = descriptor_pb2.FieldDescriptorProto.TYPE_STRING, descriptor_pb2.FieldDescriptorProto.TYPE_BYTES
UNCHECKED = descriptor_pb2.FeatureSet.NONE


class Refused(Exception):
    """Why protoc, or the runtime, does not take a schema."""


def compile_tree(protoc, folder):
    """The files of a folder with all that they import."""
    names = sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*.proto"))
    with tempfile.NamedTemporaryFile() as out:
        # That is what an `Any` holds.
        names.append("google/protobuf/duration.proto")
        command = [protoc, f"-I{folder}", "--include_imports", f"--descriptor_set_out={out.name}", *names]
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode:
            raise Refused(run.stderr)
        return descriptor_pb2.FileDescriptorSet.FromString(Path(out.name).read_bytes())


class Side:
    """One side of a comparison."""

    def __init__(self, files):
        self.own = [file for file in files.file if not file.name.startswith("google/")]
        files = descriptor_pb2.FileDescriptorSet(file=[*files.file, holders(self.own)])
        self.json = pool_of(files.file)
        # A string that is not checked holds any bytes, which only a field of bytes shows in Python.
        loose = descriptor_pb2.FileDescriptorSet.FromString(files.SerializeToString())
        self.loose = set()
        for file in loose.file:
            for scope, field in all_fields(file):
                if field.type == STRING and not is_checked(self.json, file, field):
                    field.type = BYTES
                    self.loose.add(f"{scope}.{field.name}")
                    if field.options.HasField("features"):
                        field.options.features.ClearField("utf8_validation")
        self.wire = pool_of(loose.file)
        self.reserved = {}
        for file in self.own:
            for message in file.message_type:
                self.note_reserved(f"{file.package}.{message.name}", message, 1)
            for found in file.enum_type:
                self.note_reserved(f"{file.package}.{found.name}", found, 0)

    def note_reserved(self, name, proto, beyond):
        ranges = [range(one.start, one.end + 1 - beyond) for one in proto.reserved_range]
        self.reserved[name] = ranges, set(proto.reserved_name)

    def reserves_number(self, name, number):
        return any(number in one for one in self.reserved.get(name, ([], ()))[0])

    def reserves_name(self, name, word):
        return word in self.reserved.get(name, ((), ()))[1]

    def pool(self, layer):
        return self.wire if layer == "wire" else self.json

    def message(self, name, layer):
        return message_factory.GetMessageClass(self.pool(layer).FindMessageTypeByName(name))

    def names(self):
        """The messages, and for each enum one with a field of it."""
        enums = [holder(file, found) for file in self.own for found in file.enum_type]
        return [f"{file.package}.{message.name}" for file in self.own for message in file.message_type] + enums

    def extensions(self, descriptor, layer):
        return self.pool(layer).FindAllExtensions(descriptor)


def holder(file, found):
    return f"holders.{file.package}.{found.name}".replace(".", "_")


def holders(files):
    """A file with a message for each enum, as a report shows enums: in a field `value`."""
    held = descriptor_pb2.FileDescriptorProto(name="holders.proto", dependency=[file.name for file in files])
    for file in files:
        for found in file.enum_type:
            field = held.message_type.add(name=holder(file, found)).field.add(name="value", number=1, label=1, type=14)
            field.type_name = f".{file.package}.{found.name}"
    return held


def all_fields(file):
    """The fields of a file's messages and its extensions, each with what it stands in."""
    yield from ((file.package, field) for field in file.extension)
    todo = [(file.package, message) for message in file.message_type]
    while todo:
        scope, message = todo.pop()
        scope = f"{scope}.{message.name}"
        todo += [(scope, nested) for nested in message.nested_type]
        if not message.options.map_entry:
            yield from ((scope, field) for field in message.field)


def is_checked(pool, file, field):
    """Whether readers refuse what is no UTF-8."""
    if file.name.startswith("google/"):
        return True
    if file.edition:
        return field.options.features.utf8_validation != UNCHECKED
    return file.syntax == "proto3"


def pool_of(files):
    pool = descriptor_pool.DescriptorPool()
    for file in files:
        try:
            pool.Add(file)
        except TypeError as error:
            raise Refused(str(error)) from error
    for file in files:
        for message in pool.FindFileByName(file.name).message_types_by_name.values():
            message_factory.GetMessageClass(message)
        for extension in pool.FindFileByName(file.name).extensions_by_name.values():
            message_factory.GetMessageClass(extension.containing_type)
    return pool
