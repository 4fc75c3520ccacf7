import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { SharedMlflow } from '@soen/testbed'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { openSite } from '../testing/open-site.ts'
import type { OpenSite } from '../testing/open-site.ts'
import { mintToken } from './token.ts'

const execute = promisify(execFile)
const mlflow: SharedMlflow = inject('mlflow')
let site: OpenSite
let token = ''
beforeAll(async () => {
  site = await openSite({ mlflowSocket: mlflow.socketPath })
  const made: { token: string } = JSON.parse(
    await (await site.api('bob', 'POST', '/tokens', { name: 'training' })).text(),
  )
  token = made.token
})
afterAll(() => site[Symbol.asyncDispose]())

/** Logs a run with MLflow's unmodified client and prints whose it is. */
const program = `
import mlflow, sys
mlflow.set_experiment("by token")
with mlflow.start_run() as run:
    mlflow.log_metric("loss", 0.5)
print(mlflow.get_run(run.info.run_id).data.tags["mlflow.user"])
`

async function python(login: Record<string, string>): Promise<string> {
  const { stdout } = await execute(mlflow.python, ['-c', program], {
    env: {
      ...{ PATH: process.env['PATH'], MLFLOW_TRACKING_URI: site.url, MLFLOW_DISABLE_TELEMETRY: 'true' },
      ...login,
    },
  })
  return stdout.trim().split('\n').at(-1) ?? ''
}

describe("MLflow's unmodified Python client", () => {
  it.each([
    ['as MLFLOW_TRACKING_TOKEN', () => ({ MLFLOW_TRACKING_TOKEN: token })],
    [
      'as password of the name that everybody used before',
      () => ({ MLFLOW_TRACKING_USERNAME: 'admin', MLFLOW_TRACKING_PASSWORD: token }),
    ],
  ])('logs by a token %s, under the name of its owner', async (_case, login) => {
    expect(await python(login())).toBe('bob')
  })

  it.each([
    ['revoked', () => mintToken().text, 'not known, or was revoked'],
    ['cut off', () => token.slice(0, -1), 'incomplete or mistyped'],
  ])('says at once that its token is %s', async (_case, wrong, message) => {
    const failing = python({ MLFLOW_TRACKING_TOKEN: wrong() })
    await expect(failing).rejects.toMatchObject({ stderr: expect.stringContaining(message) })
  })
})
