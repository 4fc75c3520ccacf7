"""Reads requests as MLflow's own parser does: JSON lines in, for each the ids that its handler would act on."""

import json
import os
import re
import sys
import warnings

warnings.simplefilter("ignore")
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"

from flask import request  # noqa: E402
from mlflow.server import app, handlers  # noqa: E402

ID = re.compile(r"(_ids?|_uuid)$")
message_classes = {}
for path, request_class, methods in handlers.get_endpoints(lambda request_class: request_class):
    for method in methods:
        message_classes.setdefault((method, path), request_class)


read_message = handlers._get_request_message
parse_dict = handlers.parse_dict


def parse_whole(sent, message):
    """MLflow goes on with what it had read before it had to stop: here that is an error."""
    try:
        parse_dict(sent, message)
    except handlers.ParseError as error:
        raise RuntimeError(f"half a body: {error}") from error


handlers.parse_dict = parse_whole


class Read(BaseException):
    """What a handler has read, in place of acting on it."""


def tell(message, **_options):
    raise Read(read_message(message))


def message_of_handler(request):
    """A route beside the services names its message in its handler alone."""
    handlers._get_request_message = tell
    try:
        app.view_functions[request.endpoint](**request.view_args)
    except Read as read:
        return read.args[0]
    finally:
        handlers._get_request_message = read_message


def ids_in(message):
    for field, value in message.ListFields():
        values = value if field.is_repeated else [value]
        is_map = field.message_type is not None and field.message_type.GetOptions().map_entry
        if field.message_type is not None and not is_map:
            for part in values:
                yield from ids_in(part)
        elif ID.search(field.name) and not is_map:
            yield from ([field.name, part] for part in values)


def read(method, target, body):
    headers = {"Content-Type": "application/json"} if body is not None else {}
    with app.test_request_context(target, method=method, data=body, headers=headers):
        if request.routing_exception is not None:
            raise request.routing_exception
        rule = request.url_rule.rule
        message_class = message_classes.get((method, rule))
        message = read_message(message_class()) if message_class else message_of_handler(request)
        ids = list(ids_in(message)) + [[name, value] for name, value in request.view_args.items()]
        return {"rule": re.sub(r"<(?:(path):)?(\w+)>", lambda m: "{" + m[2] + (":path" if m[1] else "") + "}", rule), "ids": ids}


for line in sys.stdin:
    sent = json.loads(line)
    try:
        print(json.dumps(read(sent["method"], sent["target"], sent["body"])))
    except Exception as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}))
