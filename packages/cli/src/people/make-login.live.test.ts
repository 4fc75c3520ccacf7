import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import {
  newPerson,
  startRunningAuthProxy,
  type Person,
  type RunningAuthProxy,
} from '../testing/running-auth-proxy.ts'

const run = promisify(execFile)
const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url))
let door: RunningAuthProxy
let bob: Person
beforeAll(async () => {
  door = await startRunningAuthProxy({ mlflowSocket: inject('mlflow').socketPath })
  bob = newPerson()
  await bob.soen(['login', door.url, '--user', 'bob', '--password-stdin'], `${door.password}\n`)
})
afterAll(async () => {
  await door[Symbol.asyncDispose]()
  bob[Symbol.dispose]()
})

/** All that a program knows of the server besides what the login stored: its address. */
const env = () => ({ ...bob.env, PATH: process.env['PATH'], MLFLOW_TRACKING_URI: door.url })

const ownerOf = async (runId: string): Promise<string> => {
  const { stdout } = await run(inject('mlflow').python, [path('../testing/read_run.py'), runId], {
    env: env(),
  })
  const { tags }: { tags: Record<string, string> } = JSON.parse(stdout)
  return tags['mlflow.user'] ?? ''
}

test('after the login Python logs by its own client, under the name of who signed in', async () => {
  const { stdout } = await run(inject('mlflow').python, [path('../testing/log_run.py')], { env: env() })
  const { run_id }: { run_id: string } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  expect(await ownerOf(run_id)).toBe('bob')
})

test('so does a TypeScript training', async () => {
  const { stdout } = await run(process.execPath, [path('../testing/log-run.ts')], { env: env() })
  const { runId }: { runId: string } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  expect(await ownerOf(runId)).toBe('bob')
})

test('after the logout neither is let in any more', async () => {
  await bob.soen(['logout'])
  const python = run(inject('mlflow').python, [path('../testing/log_run.py')], { env: env() })
  await expect(python).rejects.toMatchObject({ stderr: expect.stringContaining('SOEN_LOGIN_MISSING') })
})
