import { execFile } from 'node:child_process'
import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, inject, test } from 'vitest'
import { readCredentialsFile } from './credentials-file.ts'

const texts = [
  '[mlflow]\nmlflow_tracking_username = ann\nmlflow_tracking_password = secret\n',
  '[mlflow]\nMLFLOW_TRACKING_USERNAME: ann\nmlflow_tracking_password=a=b:c%%d ; no comment\n',
  '[other]\nmlflow_tracking_password = x\n\n[mlflow]\n# note\nmlflow_tracking_password =  spaces inside  \n',
  '[mlflow2]\nmlflow_tracking_username = ann\n',
]

test('understands the file as Python’s client does', async () => {
  const script = `
import json
from mlflow.utils.credentials import read_mlflow_creds
print(json.dumps(read_mlflow_creds()._asdict()))`
  for (const text of texts) {
    await using home = await mkdtempDisposable(join(tmpdir(), 'home-'))
    await mkdir(join(home.path, '.mlflow'))
    await writeFile(join(home.path, '.mlflow/credentials'), text)
    const env = { PATH: process.env['PATH'] ?? '', HOME: home.path, MLFLOW_DISABLE_TELEMETRY: 'true' }
    const { stdout } = await promisify(execFile)(inject('mlflow').python, ['-c', script], { env })
    const { username, password } = await readCredentialsFile(env)
    expect({ username: username ?? null, password: password ?? null }).toEqual(JSON.parse(stdout))
  }
})
