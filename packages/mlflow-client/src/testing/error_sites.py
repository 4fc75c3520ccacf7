"""Every place of the installed MLflow where a request that writes to a run can be refused, as JSON.

The functions that the handlers of these requests call, by name and at any depth, are searched for what they raise.
"""

import ast
import json
import os

import mlflow

FILES = (
    "server/handlers.py",
    "server/artifact_router.py",
    "store/tracking/sqlalchemy_store.py",
    "store/db/utils.py",
    "utils/validation.py",
    "utils/uri.py",
    "store/artifact/local_artifact_repo.py",
    "store/artifact/artifact_repo.py",
)
HANDLERS = ("_log_batch", "_log_param", "_set_tag", "_log_inputs", "make_managed_session", "_create_run", "_update_run", "upload_artifact")
# Names that many classes share, and that lead to what has nothing to do with a write.
SHARED = {"get", "create", "update", "delete", "search", "close", "run", "read", "write", "__init__"}


def text_of(node):
    """The message's own words, with … for what is put in; lazily, from the names it is made of."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(each) for each in node.values)
    if isinstance(node, ast.BinOp):
        return text_of(node.left) + text_of(node.right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return text_of(node.func.value)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MESSAGES:
        return MESSAGES[node.func.id]
    return "…"


def code_of(call):
    for keyword in call.keywords:
        if keyword.arg == "error_code":
            return ast.unparse(keyword.value).split(".")[-1]
    return ast.unparse(call.args[1]) if len(call.args) > 1 else "INTERNAL_ERROR"


def sites_in(function):
    for node in ast.walk(function):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        message = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg == "message"), None)
        if name == "MlflowException.invalid_parameter_value":
            yield "INVALID_PARAMETER_VALUE", text_of(message)
        elif name == "MlflowException":
            yield code_of(node), text_of(message)


root = os.path.dirname(mlflow.__file__)
functions = {}
for file in FILES:
    with open(os.path.join(root, file)) as source:
        for node in ast.walk(ast.parse(source.read())):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                functions.setdefault(node.name, []).append((file, node))

# Functions of `validation.py` that put messages together.
MESSAGES = {}
for name in ("invalid_value", "missing_value", "exceeds_maximum_length", "path_not_unique", "not_integer_value"):
    for _, function in functions.get(name, []):
        returns = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
        MESSAGES[name] = text_of(returns[-1])

seen, waiting, sites = set(), list(HANDLERS), []
while waiting:
    name = waiting.pop()
    if name in seen or name in SHARED:
        continue
    seen.add(name)
    for file, function in functions.get(name, []):
        sites += [{"file": file, "function": name, "errorCode": code, "text": text} for code, text in sites_in(function)]
        for node in ast.walk(function):
            if isinstance(node, ast.Name):
                waiting.append(node.id)
            elif isinstance(node, ast.Attribute):
                waiting.append(node.attr)
print(json.dumps({"missing": [name for name in HANDLERS if name not in functions], "sites": sites}))
