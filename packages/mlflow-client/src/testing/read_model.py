"""Prints what the unmodified MLflow client knows of a registered model by its alias, and of its files, as JSON."""

import json
import sys

import mlflow
from mlflow import MlflowClient

uri, name, alias = sys.argv[1:]
mlflow.set_tracking_uri(uri)
version = MlflowClient().get_model_version_by_alias(name, alias)
info = mlflow.models.get_model_info(f"models:/{name}@{alias}")
folder = mlflow.artifacts.download_artifacts(f"models:/{name}@{alias}")
with open(f"{folder}/weights.bin") as file:
    weights = file.read()
print(
    json.dumps(
        {
            "version": version.version,
            "status": version.status,
            "run_id": version.run_id,
            "tags": version.tags,
            "flavors": info.flavors,
            "metadata": info.metadata,
            "inputs": info.signature.inputs.to_dict(),
            "outputs": info.signature.outputs.to_dict(),
            "from_run": mlflow.models.get_model_info(f"runs:/{version.run_id}/model").model_uuid == info.model_uuid,
            "weights": weights,
        }
    )
)
