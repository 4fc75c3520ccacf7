import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, inject, it } from 'vitest'
import { testPassword } from '../testing/auth-proxy.ts'
import { openLiveAuthProxy } from '../testing/live-auth-proxy.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'

const mlflow = inject('mlflow')

/** Uploads a folder of oddly named files at once, one to an odd place, and prints what MLflow has of them. */
const program = `
import json
import os
import pathlib
import mlflow

folder = pathlib.Path(os.environ["FOLDER"])
for name in ["lr=0.1;bs=32", "a\\\\b", "tab\\there", "of%2Ftwo", "v%2E1", "50%", "last"]:
    (folder / name).write_text(name)

mlflow.set_experiment("odd names")
with mlflow.start_run() as run:
    mlflow.log_artifacts(str(folder))
    mlflow.log_artifact(str(folder / "last"), "g;h")

def files(path=None):
    for item in mlflow.MlflowClient().list_artifacts(run.info.run_id, path):
        yield from files(item.path) if item.is_dir else [item.path]

print(json.dumps({path: mlflow.artifacts.load_text(f"{run.info.artifact_uri}/{path}") for path in files()}))
`

it("lets MLflow's own client upload a folder of odd names, and read what MLflow made of them", async () => {
  await using door = await openLiveAuthProxy(mlflow.socketPath)
  await using home = await temporaryFolder()
  await using folder = await temporaryFolder()
  const { stdout } = await promisify(execFile)(mlflow.python, ['-c', program], {
    env: {
      PATH: process.env['PATH'],
      HOME: home.path,
      FOLDER: folder.path,
      MLFLOW_DISABLE_TELEMETRY: 'true',
      MLFLOW_TRACKING_URI: door.url,
      MLFLOW_TRACKING_USERNAME: 'bob',
      MLFLOW_TRACKING_PASSWORD: testPassword,
    },
  })
  const files: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  expect(files).toEqual({
    'lr=0.1;bs=32': 'lr=0.1;bs=32',
    [String.raw`a\b`]: String.raw`a\b`,
    tabhere: 'tab\there',
    'of/two': 'of%2Ftwo',
    'v.1': 'v%2E1',
    '50%': '50%',
    last: 'last',
    'g;h/last': 'last',
  })
})
