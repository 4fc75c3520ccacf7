"""The life of a project with the unmodified client: by password, and again by the token in LATER_TOKEN.

Both in one process, which reads its login anew for each call: to load MLflow takes as long as a life.
Prints what each life read back, as JSON.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

import mlflow
import pandas as pd
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
from mlflow.exceptions import MlflowException


class Doubler(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input: list[float], params=None) -> list[float]:
        return [2 * value for value in model_input]


def live(name):
    client = MlflowClient()
    seen = {}

    experiment = mlflow.set_experiment(f"life of {name}")
    client.set_experiment_tag(experiment.experiment_id, "team", "soen")

    with mlflow.start_run(run_name="first") as run:
        run_id = run.info.run_id
        mlflow.log_params({"lr": 0.1, "größe": "ü"})
        mlflow.log_metrics({"loss": 0.5, "acc": 1.0}, step=2**53 + 1)
        client.log_batch(run_id, [Metric("loss", 0.25, 1, 3)], [Param("p", "1")], [RunTag("t", "1")])
        mlflow.log_input(mlflow.data.from_pandas(pd.DataFrame({"x": [1.0]}), name="points"), context="training")
        mlflow.log_text("<script>", "pages/page.html")
        mlflow.log_dict({"a": 1}, "config.json")
        info = mlflow.pyfunc.log_model(name="doubler", python_model=Doubler(), pip_requirements=[])
        mlflow.set_tag("mlflow.note.content", "# Note")

    stored = client.get_run(run_id)
    seen["user"] = [stored.data.tags["mlflow.user"], stored.info.user_id]
    seen["params"] = dict(stored.data.params)
    seen["step"] = client.get_metric_history(run_id, "acc")[0].step
    seen["files"] = sorted(file.path for file in client.list_artifacts(run_id))
    seen["text"] = mlflow.artifacts.load_text(f"runs:/{run_id}/pages/page.html")
    with tempfile.TemporaryDirectory() as folder:
        local = mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="config.json", dst_path=folder)
        seen["config"] = json.loads(Path(local).read_text())
    seen["doubled"] = mlflow.pyfunc.load_model(info.model_uri).predict([1.5])

    version = mlflow.register_model(info.model_uri, f"doubler of {name}")
    client.set_registered_model_alias(version.name, "champion", version.version)
    client.set_model_version_tag(version.name, version.version, "checked", "yes")
    client.update_model_version(version.name, version.version, description="It doubles.")
    seen["champion"] = mlflow.pyfunc.load_model(f"models:/{version.name}@champion").predict([2.0])
    seen["versions"] = [found.version for found in client.search_model_versions(f"name='{version.name}'")]
    seen["models"] = len(mlflow.search_logged_models(experiment_ids=[experiment.experiment_id], output_format="list"))
    prompt = mlflow.genai.register_prompt(name=f"prompt-{name}", template="Say {{word}}.")
    seen["prompt"] = mlflow.genai.load_prompt(f"prompts:/{prompt.name}/{prompt.version}").template

    @mlflow.trace
    def think(question):
        return question.upper()

    seen["thought"] = think("why")
    mlflow.flush_trace_async_logging()
    traces = mlflow.search_traces(locations=[experiment.experiment_id], return_type="list")
    trace_id = traces[0].info.trace_id
    mlflow.set_trace_tag(trace_id, "good", "yes")
    mlflow.log_feedback(trace_id=trace_id, name="right", value=True)
    trace = client.get_trace(trace_id)
    seen["trace"] = [trace.info.tags["good"], trace.data.spans[0].name, len(trace.info.assessments)]

    runs = client.search_runs([experiment.experiment_id], "metrics.loss < 1 and params.lr = '0.1'")
    seen["found"] = [found.info.run_id == run_id for found in runs]
    seen["experiments"] = [found.name == experiment.name for found in client.search_experiments(filter_string=f"name = '{experiment.name}'")]

    client.delete_run(run_id)
    seen["deleted"] = client.get_run(run_id).info.lifecycle_stage
    client.restore_run(run_id)

    refused = {}
    for what, act in {
        "delete an experiment": lambda: client.delete_experiment(experiment.experiment_id),
        "delete a model": lambda: client.delete_registered_model(version.name),
        "forge an owner": lambda: client.set_tag(run_id, "mlflow.user", "eve"),
        "place artifacts": lambda: client.create_experiment(f"place of {name}", artifact_location="file:///etc"),
        "read a file": lambda: client.create_model_version(version.name, "file:///etc/passwd"),
    }.items():
        try:
            act()
            refused[what] = "was not refused"
        except MlflowException as error:
            refused[what] = error.error_code
    seen["refused"] = refused
    seen["run_id"] = run_id
    return seen


by_password = live(f"{sys.argv[1]}-by-password")
del os.environ["MLFLOW_TRACKING_USERNAME"], os.environ["MLFLOW_TRACKING_PASSWORD"]
os.environ["MLFLOW_TRACKING_TOKEN"] = os.environ.pop("LATER_TOKEN")
by_token = live(f"{sys.argv[1]}-by-token")
print(json.dumps([by_password, by_token]))
