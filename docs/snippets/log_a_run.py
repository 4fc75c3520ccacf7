"""Logs one run with MLflow's own client, and reads it back."""

# #region program
import mlflow

mlflow.set_experiment("first-steps")

with mlflow.start_run(run_name="straight-line") as run:
    mlflow.set_tag("project", "tutorial")
    mlflow.log_params({"learning_rate": 0.1, "points": 50})

    # Fit y = a * x to points of y = 3 * x.
    xs = [i / 50 for i in range(50)]
    a = 0.0
    for step in range(100):
        gradient = sum(2 * x * (a * x - 3 * x) for x in xs) / len(xs)
        a -= 0.1 * gradient
        loss = sum((a * x - 3 * x) ** 2 for x in xs) / len(xs)
        mlflow.log_metric("val_loss/total", loss, step=step)

    mlflow.log_text(f"a = {a:.3f}\n", "result.txt")

stored = mlflow.get_run(run.info.run_id)
print("run", stored.info.run_id, "loss", round(stored.data.metrics["val_loss/total"], 4))
# #endregion
