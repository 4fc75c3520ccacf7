import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { basic, testPassword } from './testing/auth-proxy.ts'
import { openSite } from './testing/open-site.ts'
import type { OpenSite } from './testing/open-site.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const execute = promisify(execFile)
const mlflow = inject('mlflow')
const life = fileURLToPath(new URL('testing/python/project_life.py', import.meta.url))
const denied = 'PERMISSION_DENIED'
let site: OpenSite

beforeAll(async () => {
  site = await openSite({ mlflowSocket: mlflow.socketPath })
  for (const [name, role] of Object.entries({ cleo: 'maintainer', vic: 'viewer' })) {
    await site.api('ada', 'POST', '/users', { name, role, password: testPassword })
  }
})

afterAll(() => site[Symbol.asyncDispose]())

/** Runs the life with the unmodified Python client, by bob's password and then by his token. */
async function liveTwice(token: string): Promise<unknown> {
  await using folder = await temporaryFolder()
  const env = {
    PATH: process.env['PATH'],
    HOME: folder.path,
    MLFLOW_TRACKING_URI: site.url,
    MLFLOW_TRACKING_USERNAME: 'bob',
    MLFLOW_TRACKING_PASSWORD: testPassword,
    LATER_TOKEN: token,
    MLFLOW_DISABLE_TELEMETRY: 'true',
    GIT_PYTHON_REFRESH: 'quiet',
  }
  const { stdout } = await execute(mlflow.python, [life, crypto.randomUUID()], { env, cwd: folder.path })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}

it('lets a member live the whole life of a project by password and by token, and change nothing that is not theirs to change', async () => {
  const made = await site.api('bob', 'POST', '/tokens', { name: 'training' })
  const { token }: { token: string } = JSON.parse(await made.text())
  const whole = {
    user: ['bob', 'bob'],
    params: { lr: '0.1', größe: 'ü', p: '1' },
    step: 2 ** 53 + 1,
    files: ['config.json', 'pages'],
    text: '<script>',
    config: { a: 1 },
    doubled: [3],
    champion: [4],
    versions: ['1'],
    models: 1,
    prompt: 'Say {{word}}.',
    thought: 'WHY',
    trace: ['yes', 'think', 1],
    found: [true],
    experiments: [true],
    deleted: 'deleted',
    refused: {
      'delete an experiment': denied,
      'delete a model': denied,
      'forge an owner': denied,
      'place artifacts': denied,
      'read a file': denied,
    },
    run_id: expect.stringMatching(/^[0-9a-f]{32}$/),
  }
  expect(await liveTwice(token)).toEqual([whole, whole])
  const tokens = await site.api('bob', 'GET', '/tokens')
  expect(await tokens.json()).toMatchObject([{ name: 'training', lastUsedAt: expect.any(String) }])
})

/** Sends one API call as a user, by plain HTTP. */
async function send(user: string, method: string, path: string, body?: object): Promise<Response> {
  const headers = { authorization: basic(user), 'content-type': 'application/json' }
  const init = body === undefined ? {} : { body: JSON.stringify(body) }
  return await fetch(`${site.url}/api/2.0/mlflow/${path}`, { method, headers, ...init })
}

interface RunInfo {
  readonly run_id: string
  readonly lifecycle_stage: string
}

async function infoOf(answer: Response): Promise<RunInfo> {
  const { run }: { run: { info: RunInfo } } = JSON.parse(await answer.text())
  return run.info
}

it('lets a maintainer delete and restore, a member nothing that others made, and a viewer only look', async () => {
  const made = await send('cleo', 'POST', 'runs/create', { experiment_id: '0' })
  const { run_id } = await infoOf(made)
  const status = async (user: string): Promise<unknown> => {
    const answer = await send(user, 'GET', `runs/get?run_id=${run_id}`)
    return (await infoOf(answer)).lifecycle_stage
  }

  expect((await send('vic', 'POST', 'runs/delete', { run_id })).status).toBe(403)
  expect((await send('bob', 'POST', 'runs/delete', { run_id })).status).toBe(403)
  expect((await send('vic', 'POST', 'runs/set-tag', { run_id, key: 'a', value: 'b' })).status).toBe(403)
  expect(await status('vic')).toBe('active')

  expect((await send('cleo', 'POST', 'runs/delete', { run_id })).status).toBe(200)
  expect(await status('vic')).toBe('deleted')
  expect((await send('bob', 'POST', 'runs/restore', { run_id })).status).toBe(403)
  expect((await send('cleo', 'POST', 'runs/restore', { run_id })).status).toBe(200)
  expect(await status('vic')).toBe('active')
})

it('names the rule that decided in its log', () => {
  const rules = site.log.map((line): { rule?: string } => JSON.parse(line)).map(({ rule }) => rule)
  expect(rules).toContain('POST {api}/2.0/mlflow/runs/delete')
  expect(rules).toContain('POST {api}/2.0/mlflow/experiments/create (artifact location)')
})
