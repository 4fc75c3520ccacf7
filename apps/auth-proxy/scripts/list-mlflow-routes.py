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

from mlflow.server import app as flask_app  # noqa: E402
from mlflow.server import handlers  # noqa: E402
from mlflow.server.fastapi_app import app as fastapi_app  # noqa: E402

# Flask adds these two to every route by itself.
IMPLIED = {"HEAD", "OPTIONS"}
messages = {}


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


def describe(descriptor):
    """Keeps a message as its fields: `name`, with `*` if it repeats and `:Message` if that has fields of ours."""
    if descriptor.full_name in messages:
        return
    fields = messages[descriptor.full_name] = []
    for field in descriptor.fields:
        if field.json_name != camel_case(field.name):
            sys.exit(f"{descriptor.full_name}.{field.name} is also spelled {field.json_name}")
        nested = field.message_type
        # Maps and Google's own types have keys that the caller chooses.
        is_free = nested is None or nested.GetOptions().map_entry or nested.full_name.startswith("google.")
        text = field.name
        if field.is_repeated and not (nested is not None and nested.GetOptions().map_entry):
            text += "*"
        if not is_free:
            text += f":{nested.full_name}"
            describe(nested)
        fields.append(text)


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
json.dump({"routes": routes, "messages": messages}, sys.stdout)
