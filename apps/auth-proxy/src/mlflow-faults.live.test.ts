import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { symlink, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startMlflow, temporaryFolder, waitUntil } from '@soen/testbed'
import type { RunningMlflow } from '@soen/testbed'
import { expect, it } from 'vitest'
import { openUpstream } from './forward/upstream.ts'
import { listenOn } from './http/listen.ts'
import { buildServer } from './server.ts'
import { basic, testAuthenticator, testPassword } from './testing/auth-proxy.ts'
import { plainFetch } from './testing/plain-fetch.ts'
import { addPerson, startProxy } from './testing/running-proxy.ts'
import type { RunningProxy } from './testing/running-proxy.ts'

/** A real MLflow that can be killed and started again behind the same socket, with a real front door before it. */
interface Setting extends AsyncDisposable {
  readonly proxy: RunningProxy
  readonly mlflow: () => RunningMlflow
  readonly start: () => Promise<void>
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Response>
  readonly post: (path: string, body: object) => Promise<Response>
}

async function prepare(): Promise<Setting> {
  const folder = temporaryFolder('faults')
  const [socket, state] = [join(folder.path, 'mlflow.sock'), join(folder.path, 'auth.sqlite')]
  await addPerson(state, 'ada', 'admin')
  let mlflow: RunningMlflow | undefined
  const running = (): RunningMlflow => {
    if (mlflow === undefined) throw new Error('MLflow was not started.')
    return mlflow
  }
  const start = async (): Promise<void> => {
    mlflow = await startMlflow({
      backendStoreUri: `sqlite:///${join(folder.path, 'mlflow.db')}`,
      isWarm: false,
    })
    await unlink(socket).catch(() => {})
    await symlink(mlflow.socketPath, socket)
  }
  await start()
  const proxy = await startProxy({ state, socket })
  const authorization = basic('ada')
  return {
    proxy,
    start,
    mlflow: running,
    get: (path, headers = {}) =>
      fetch(proxy.url + path, {
        headers: {
          authorization,
          ...headers,
        },
      }),
    post: (path, body) =>
      fetch(proxy.url + path, {
        method: 'POST',
        headers: {
          authorization,
          'content-type': 'application/json',
        },
        body: JSON.stringify(body),
      }),
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]()
      await mlflow?.[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    },
  }
}

const search = '/api/2.0/mlflow/experiments/search?max_results=1'
const create = '/api/2.0/mlflow/experiments/create'
/** MLflow and all its workers. */
const signal = (mlflow: RunningMlflow, name: NodeJS.Signals): boolean => process.kill(-mlflow.pid, name)
const shape = {
  error_code: 'TEMPORARILY_UNAVAILABLE',
  message: expect.stringContaining('SOEN_MLFLOW_'),
  error: expect.objectContaining({ docs: expect.stringContaining('#soen_mlflow_') }),
}

it('MLflow dies with requests in flight and comes back: everybody hears so in their way, then all goes on', async () => {
  await using setting = await prepare()
  const { get, post, proxy, mlflow } = setting
  expect((await get(search)).status).toBe(200)

  signal(mlflow(), 'SIGSTOP')
  const [read, change] = [get(search), post(create, { name: 'in flight' })]
  await delay(300)
  signal(mlflow(), 'SIGKILL')
  const [readAnswer, changeAnswer] = [await read, await change]
  expect([502, 503]).toContain(readAnswer.status)
  expect(changeAnswer.status).toBe(502)
  expect(await readAnswer.json()).toMatchObject(shape)
  expect(await changeAnswer.json()).toMatchObject(shape)

  const down = await get(search)
  expect([down.status, await down.json()]).toEqual([503, shape])
  const page = await plainFetch(`${proxy.url}/`, {
    headers: { authorization: basic('ada'), accept: 'text/html', 'sec-fetch-mode': 'navigate' },
  })
  expect([page.status, page.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8'])
  expect(await page.text()).toContain('<p role="alert">MLflow does not answer at this moment.')
  // Authentication does not need MLflow.
  expect((await get(search, { authorization: basic('ada', 'a guess') })).status).toBe(401)

  await setting.start()
  expect((await get(search)).status).toBe(200)
  expect((await post(create, { name: 'afterwards' })).status).toBe(200)
  expect(proxy.isRunning()).toBe(true)
})

it('a training of the unmodified Python client lives through a restart of MLflow, and loses nothing', async () => {
  await using setting = await prepare()
  const script = fileURLToPath(new URL('testing/python/log_slowly.py', import.meta.url))
  const training = spawn(setting.mlflow().python, [script, '60'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      MLFLOW_TRACKING_URI: setting.proxy.url,
      MLFLOW_TRACKING_USERNAME: 'ada',
      MLFLOW_TRACKING_PASSWORD: testPassword,
      MLFLOW_DISABLE_TELEMETRY: 'true',
      GIT_PYTHON_REFRESH: 'quiet',
    },
  })
  const lines: string[] = []
  const exited = once(training, 'exit')
  const output = createInterface(training.stdout)
  output.on('line', (line) => lines.push(line))
  await once(output, 'line')
  await setting.mlflow()[Symbol.asyncDispose]()
  await setting.start()
  expect([await exited, lines.at(-1)]).toEqual([[0, null], '60 60'])
})

it('MLflow hangs: whoever waits hears 504 in the end, and once it goes on so does everything', async () => {
  await using mlflow = await startMlflow({ isWarm: false })
  const upstream = openUpstream(`unix:${mlflow.socketPath}`, { idleTimeoutMs: 2000 })
  const server = buildServer({ upstream, authenticator: await testAuthenticator() })
  const url = await listenOn(server, { host: '127.0.0.1', port: 0 })
  const headers = { authorization: basic('ada') }
  signal(mlflow, 'SIGSTOP')
  const waiting = await Promise.all(Array.from({ length: 8 }, () => fetch(url + search, { headers })))
  expect(waiting.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 504))
  expect(await waiting[0]?.json()).toMatchObject(shape)
  expect((await fetch(`${url}/_soen/whoami`, { headers })).status).toBe(200)
  signal(mlflow, 'SIGCONT')
  await waitUntil(async () => (await fetch(url + search, { headers })).status === 200, { what: 'MLflow' })
  await server[Symbol.asyncDispose]()
  await upstream.destroy()
})
