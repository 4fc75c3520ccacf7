"""Prints, by the unmodified MLflow client, all there is of one run as JSON."""

import base64
import json
import sys
import tempfile
from pathlib import Path

from mlflow import MlflowClient

client = MlflowClient()
run = client.get_run(sys.argv[1])
history = {
    key: [(point.step, repr(point.value)) for point in client.get_metric_history(run.info.run_id, key)]
    for key in run.data.metrics
}
with tempfile.TemporaryDirectory() as folder:
    root = Path(client.download_artifacts(run.info.run_id, "", folder))
    artifacts = {
        path.relative_to(root).as_posix(): base64.b64encode(path.read_bytes()).decode()
        for path in root.rglob("*")
        if path.is_file()
    }
print(
    json.dumps(
        {
            "status": run.info.status,
            "name": run.info.run_name,
            "experiment": client.get_experiment(run.info.experiment_id).name,
            "params": run.data.params,
            "tags": run.data.tags,
            "metrics": {key: sorted(points) for key, points in history.items()},
            "artifacts": artifacts,
        }
    )
)
