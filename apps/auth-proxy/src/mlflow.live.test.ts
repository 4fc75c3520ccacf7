import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { SharedMlflow } from '@soen/testbed'
import { rules } from './routes/rules.ts'
import { basic, testPassword } from './testing/auth-proxy.ts'
import { openLiveAuthProxy } from './testing/live-auth-proxy.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const run = promisify(execFile)
const mlflow: SharedMlflow = inject('mlflow')
let url = ''
let door: Awaited<ReturnType<typeof openLiveAuthProxy>>

beforeAll(async () => {
  door = await openLiveAuthProxy(mlflow.socketPath)
  url = door.url
})

afterAll(() => door[Symbol.asyncDispose]())

const asAda = { authorization: basic('ada') }

/** Runs a program with MLflow's unmodified Python client, as its users do. */
async function python(program: string, args: readonly string[]): Promise<string> {
  const env = {
    PATH: process.env['PATH'],
    MLFLOW_TRACKING_URI: url,
    MLFLOW_TRACKING_USERNAME: 'bob',
    MLFLOW_TRACKING_PASSWORD: testPassword,
    MLFLOW_DISABLE_TELEMETRY: 'true',
  }
  const { stdout } = await run(mlflow.python, ['-c', program, ...args], { env })
  return stdout
}

/**
 * Logs a run with everything a run can have, reads it all back through the same front door, and prints it as JSON.
 */
const logAndReadBack = `
import json, sys, pathlib, mlflow
from mlflow import MlflowClient
mlflow.set_experiment("front door " + sys.argv[2])
with mlflow.start_run(run_name="through the door") as run:
    mlflow.log_params({"lr": 0.1, "name": "ü"})
    mlflow.set_tag("team", "soen")
    for step in range(5):
        mlflow.log_metric("val_loss/total", 1 / (step + 1), step=step)
    mlflow.log_artifacts(sys.argv[1], "odd names")
client = MlflowClient()
data = client.get_run(run.info.run_id).data
history = [m.value for m in client.get_metric_history(run.info.run_id, "val_loss/total")]
back = pathlib.Path(mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="odd names"))
files = {p.relative_to(back).as_posix(): p.read_bytes().hex() for p in back.rglob("*") if p.is_file()}
print(json.dumps({"params": data.params, "team": data.tags["team"], "history": history, "files": files}))
`

/** Uploads a file of this size; returns the response's status and text. */
async function put(path: string, size = 10): Promise<unknown[]> {
  const answer = await fetch(path, { method: 'PUT', headers: asAda, body: Buffer.alloc(size) })
  return [answer.status, await answer.text()]
}

describe('the real MLflow behind the front door', () => {
  it('is reached with the right password only', async () => {
    const answers = await Promise.all([
      fetch(`${url}/version`),
      fetch(`${url}/version`, { headers: { authorization: basic('ada', 'wrong password') } }),
      fetch(`${url}/version`, { headers: asAda }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 200])
    expect(await answers[1]?.json()).toMatchObject({
      error_code: 'UNAUTHENTICATED',
      message: expect.any(String),
    })
    expect(await answers[2]?.text()).toMatch(/^3\.\d+\.\d+/)
  })

  it('is well', async () => {
    expect(await (await fetch(`${url}/ready`)).json()).toMatchObject({ status: 'ready' })
  })

  it('serves its page and the script that the page names', async () => {
    const page = await (await fetch(url, { headers: asAda })).text()
    const script = /src="(?<path>static-files\/[^"]+\.js)"/.exec(page)?.groups?.['path']
    const response = await fetch(`${url}/${script}`, { headers: asAda })
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('javascript'),
    ])
  })

  it('keeps its dangerous parts to itself, in all their spellings', async () => {
    const off = Object.entries(rules).filter(([, { feature }]) => feature !== undefined)
    const refusal: unknown = expect.objectContaining({ error_code: 'PERMISSION_DENIED' })
    const requests = off.flatMap(([name, { whenOff }]) =>
      ['/api', '/ajax-api'].map((prefix) => ({
        request: name.replace('{api}', prefix).replaceAll(/\{\w+(?::path)?\}/g, 'x'),
        answer: whenOff === undefined ? [403, refusal] : [200, whenOff],
      })),
    )
    for (const { request, answer } of requests) {
      const [method = '', path] = request.split(' ')
      const response = await fetch(`${url}${path}`, { method, headers: asAda })
      expect([request, response.status, await response.json()]).toEqual([request, ...answer])
    }
  })

  it('takes chunked JSON, which it would read as nothing by itself', async () => {
    const response = await fetch(`${url}/api/2.0/mlflow/experiments/create`, {
      method: 'POST',
      headers: { ...asAda, 'content-type': 'application/json' },
      body: new Blob([`{"name":"chunked ${crypto.randomUUID()}"}`]).stream(),
      duplex: 'half',
    })
    expect([response.status, await response.json()]).toEqual([200, { experiment_id: expect.any(String) }])
  })

  it('says why no file can be put onto a folder or below a file, and breaks no other request', async () => {
    const folder = `${url}/api/2.0/mlflow-artifacts/artifacts/0/${crypto.randomUUID()}/artifacts/folder`
    expect(await put(`${folder}/file`)).toEqual([200, ''])
    for (const size of [10, 16 * 1024 * 1024]) {
      expect(await put(folder, size)).toEqual([409, expect.stringContaining('A folder has this name.')])
      expect(await put(`${folder}/file/a/b`, size)).toEqual([409, expect.stringContaining('is a file.')])
    }
    const others = Array.from({ length: 20 }, () => fetch(`${url}/version`, { headers: asAda }))
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual(others.map(() => 200))
  })

  it('takes a file of unknown length in a stream, and gives back a part of it', async () => {
    const file = `${url}/api/2.0/mlflow-artifacts/artifacts/0/${crypto.randomUUID()}/artifacts/big%20file.ckpt`
    const bytes = Buffer.alloc(8 * 1024 * 1024, 'soen')
    const body = new Blob([bytes]).stream()
    const uploaded = await fetch(file, { method: 'PUT', headers: asAda, body, duplex: 'half' })
    expect(uploaded.status).toBe(200)
    const part = await fetch(file, { headers: { ...asAda, range: 'bytes=4194304-4194307' } })
    expect([part.status, await part.text()]).toEqual([206, 'soen'])
    const whole = await fetch(file, { headers: asAda })
    expect(whole.headers.get('content-security-policy')).toBe('sandbox')
    expect(bytes.equals(Buffer.from(await whole.arrayBuffer()))).toBe(true)
  })

  it('logs and gives back everything to the unmodified Python client', async () => {
    await using folder = await temporaryFolder()
    const names = [
      'plain.txt',
      'two words.txt',
      'ünïcödé 密码.txt',
      "q'(1)!~,@&=$+[].txt",
      '100% sure.txt',
      'sub dir/x.bin',
    ]
    await mkdir(join(folder.path, 'sub dir'))
    for (const name of names) await writeFile(join(folder.path, name), Uint8Array.of(0, 255, name.length))

    const output = await python(logAndReadBack, [folder.path, crypto.randomUUID()])
    expect(JSON.parse(output.trim().split('\n').at(-1) ?? '')).toEqual({
      params: { lr: '0.1', name: 'ü' },
      team: 'soen',
      history: [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5],
      files: Object.fromEntries(names.map((name) => [name, Buffer.of(0, 255, name.length).toString('hex')])),
    })
  })
})
