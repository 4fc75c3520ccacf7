"""Prints, as JSON, every route of the installed MLflow and every protobuf message that its requests are read into.

MLflow answers with FastAPI first and with Flask for the rest, so that is the order here too.
"""

import inspect
import json
import os
import re
import sys
import warnings

warnings.simplefilter("ignore")
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"

from google.protobuf.descriptor import FieldDescriptor  # noqa: E402
from mlflow.server import app as flask_app  # noqa: E402
from mlflow.server import handlers  # noqa: E402
from mlflow.server.fastapi_app import app as fastapi_app  # noqa: E402

# Flask adds these two to every route by itself.
IMPLIED = {"HEAD", "OPTIONS"}
KINDS = {
    FieldDescriptor.TYPE_BOOL: "bool",
    FieldDescriptor.TYPE_BYTES: "bytes",
    FieldDescriptor.TYPE_DOUBLE: "double",
    FieldDescriptor.TYPE_FIXED32: "uint32",
    FieldDescriptor.TYPE_FIXED64: "uint64",
    FieldDescriptor.TYPE_FLOAT: "float",
    FieldDescriptor.TYPE_INT32: "int32",
    FieldDescriptor.TYPE_INT64: "int64",
    FieldDescriptor.TYPE_STRING: "string",
    FieldDescriptor.TYPE_UINT32: "uint32",
    FieldDescriptor.TYPE_UINT64: "uint64",
}
GOOGLE = {
    "google.protobuf.Duration": "duration",
    "google.protobuf.FieldMask": "field-mask",
    "google.protobuf.Timestamp": "timestamp",
    "google.protobuf.Value": "value",
}
messages = {}
enums = {}


def fastapi_routes(routes):
    for route in routes:
        if hasattr(route, "effective_route_contexts"):
            yield from fastapi_routes(route.effective_route_contexts())
        elif getattr(route, "methods", None):
            for method in route.methods:
                yield method, route.path


def flask_path(rule):
    path = re.sub(r"<path:(\w+)>", r"{\1:path}", str(rule))
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path)


def camel_case(name):
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)


def type_of(field):
    """What a field holds: a message or enumeration of ours by its full name, else a kind of value."""
    if field.enum_type is not None:
        enums[field.enum_type.full_name] = {value.name: value.number for value in field.enum_type.values}
        return field.enum_type.full_name
    nested = field.message_type
    if nested is None:
        return KINDS[field.type]
    if nested.GetOptions().map_entry:
        parts = [KINDS.get(nested.fields_by_name[name].type) for name in ("key", "value")]
        return "map" if parts == ["string", "string"] else sys.exit(f"{field.full_name} is another kind of map")
    if nested.full_name.startswith("google."):
        return GOOGLE[nested.full_name]
    describe(nested)
    return nested.full_name


def describe(descriptor):
    """Keeps a message as its fields: `name`, `*` if it repeats, `:type` if that is no text, `|group` if only one of it may be set."""
    if descriptor.full_name in messages:
        return
    fields = messages[descriptor.full_name] = []
    for field in descriptor.fields:
        if field.json_name != camel_case(field.name):
            sys.exit(f"{descriptor.full_name}.{field.name} is also spelled {field.json_name}")
        kind = type_of(field)
        group = field.containing_oneof
        fields.append(
            field.name
            + ("*" if field.is_repeated and kind != "map" else "")
            + (f":{kind}" if kind != "string" else "")
            + (f"|{group.name}" if group is not None and len(group.fields) > 1 else "")
        )


def message_of(request_class):
    descriptor = getattr(request_class, "DESCRIPTOR", None)
    if descriptor is None:
        return None
    describe(descriptor)
    return descriptor.full_name


def message_of_handler(endpoint):
    """The message that a route reads which MLflow registers by hand, beside its services: it calls a handler."""
    source = inspect.getsource(flask_app.view_functions[endpoint])
    called = re.search(r"return (\w+)\(", source)
    source += inspect.getsource(getattr(handlers, called[1])) if called and hasattr(handlers, called[1]) else ""
    name = re.search(r"_get_request_message\(\s*(\w+)\(\)", source)
    return message_of(getattr(handlers, name[1])) if name else None


read_into = {}
for path, request_class, methods in handlers.get_endpoints(lambda request_class: request_class):
    for method in methods:
        # The first rule that fits answers.
        read_into.setdefault((method, flask_path(path)), message_of(request_class))

found = {}
for method, path in fastapi_routes(fastapi_app.routes):
    if method not in IMPLIED:
        found.setdefault((method, path), None)
for rule in flask_app.url_map.iter_rules():
    for method in rule.methods - IMPLIED:
        key = (method, flask_path(rule))
        found.setdefault(key, read_into.get(key) or message_of_handler(rule.endpoint))

routes = [{"method": method, "path": path, "message": message} for (method, path), message in found.items()]
json.dump({"routes": routes, "messages": messages, "enums": enums}, sys.stdout)
