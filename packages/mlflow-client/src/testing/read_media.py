"""Prints what the unmodified MLflow client reads of a run's images, tables and JSON, as JSON."""

import json
import sys

import mlflow
import PIL.Image
from mlflow import MlflowClient

uri, run_id = sys.argv[1:]
mlflow.set_tracking_uri(uri)
client = MlflowClient()
run = client.get_run(run_id)
mlflow.set_experiment(experiment_id=run.info.experiment_id)


def paths(folder=None):
    for file in client.list_artifacts(run_id, folder):
        if file.is_dir:
            yield from paths(file.path)
        else:
            yield file.path


def image(path):
    opened = PIL.Image.open(mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path=path))
    return {
        "path": path,
        "format": opened.format,
        "size": opened.size,
        "pixels": list(opened.convert("RGBA").resize((2, 2), PIL.Image.Resampling.NEAREST).tobytes()),
    }


files = list(paths())
print(
    json.dumps(
        {
            "images": [image(path) for path in files if path.startswith("images/")],
            "tables": {
                entry["path"]: json.loads(mlflow.load_table(entry["path"], run_ids=[run_id]).to_json(orient="split"))
                for entry in json.loads(run.data.tags["mlflow.loggedArtifacts"])
            },
            "dicts": {path: mlflow.artifacts.load_dict(f"runs:/{run_id}/{path}") for path in files if path == "config.json"},
        }
    )
)
