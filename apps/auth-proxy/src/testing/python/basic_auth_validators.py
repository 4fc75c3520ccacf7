"""Which check MLflow's own basic-auth makes: JSON lines of method and path in, the name of its validator out.

The app is imported for its tables only, so its one extra requirement is replaced by an empty module.
"""

import json
import os
import sys
import types
import warnings

warnings.simplefilter("ignore")
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
sys.modules["flask_wtf"] = types.ModuleType("flask_wtf")
sys.modules["flask_wtf.csrf"] = types.ModuleType("flask_wtf.csrf")
sys.modules["flask_wtf.csrf"].CSRFProtect = object

from mlflow.server import auth  # noqa: E402

tables = [getattr(auth, name) for name in sorted(dir(auth)) if name.endswith("BEFORE_REQUEST_VALIDATORS")]


def validator(method, path):
    for table in tables:
        for (pattern, table_method), function in table.items():
            fits = pattern == path if isinstance(pattern, str) else pattern.fullmatch(path)
            if fits and table_method == method and function is not None:
                return function.__name__
    return None


for line in sys.stdin:
    sent = json.loads(line)
    print(json.dumps(validator(sent["method"], sent["path"])))
