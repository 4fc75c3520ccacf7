import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { groupMemory } from '@soen/mlflow-server'
import { processesThatName, temporaryFolder, waitUntil } from '@soen/testbed'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listeningPorts, membersOf } from '../testing/listening-ports.ts'
import { soen, startSoen, type RunningSoen } from '../testing/running-soen.ts'

let platform: RunningSoen
beforeAll(async () => {
  platform = await startSoen()
})
afterAll(() => platform[Symbol.asyncDispose]())

const basic = (user: string, password: string) => ({
  headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
})
/** The option that runs this program as the example. */
function exampleOf(program: string): readonly string[] {
  const path = join(platform.home, 'example.mjs')
  writeFileSync(path, program)
  return ['--example', path]
}
const pidOf = (name: string): number => platform.status().programs.find((it) => it.name === name)?.pid ?? 0

test('lets the admin in with the password that was shown', async () => {
  const answer = await fetch(`${platform.url}/version`, basic('admin', platform.adminPassword))
  expect(await answer.text()).toBe('3.17.2')
})

test.each([
  ['without a password', {}],
  ['with a wrong password', basic('admin', 'password1234')],
])("refuses a request %s in MLflow's own words", async (_how, request) => {
  const answer = await fetch(`${platform.url}/api/2.0/mlflow/experiments/search?max_results=1`, request)
  expect(answer.status).toBe(401)
  expect(await answer.json()).toMatchObject({ error_code: 'UNAUTHENTICATED', message: expect.any(String) })
})

test('leaves MLflow reachable by no TCP port', () => {
  const mlflow = pidOf('MLflow')
  expect(membersOf(mlflow).length).toBeGreaterThan(2)
  expect(listeningPorts(mlflow)).toEqual([])
  expect(listeningPorts(pidOf('the front door'))).toEqual([Number(new URL(platform.url).port)])
})

test('keeps MLflow below 500 MB in three processes', async () => {
  const memory = await groupMemory(pidOf('MLflow'))
  expect(memory?.processes).toBe(3)
  expect(memory?.pssBytes).toBeLessThan(500e6)
})

test('keeps the password only as an argon2id hash, closed to others', () => {
  const accounts = join(platform.home, 'data', 'accounts.db')
  const kept = readFileSync(accounts, 'latin1') + readFileSync(`${accounts}-wal`, 'latin1')
  expect(kept).toContain('$argon2id$')
  expect(kept).not.toContain(platform.adminPassword)
  expect(statSync(accounts).mode & 0o077).toBe(0)
  for (const log of ['mlflow', 'auth-proxy', 'platform']) {
    expect(readFileSync(join(platform.home, 'logs', `${log}.log`), 'utf8')).not.toContain(
      platform.adminPassword,
    )
  }
})

test('shows nothing secret in the process list', () => {
  const lines = [platform.pid, pidOf('MLflow'), pidOf('the front door')]
    .flatMap(membersOf)
    .map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
  expect(lines.join('\n')).not.toContain(platform.adminPassword)
})

test('says that a platform runs already', () => {
  const second = soen(['up', '--home', platform.home, '--port', '0'])
  expect(second.status).toBe(1)
  expect(second.stderr).toContain('SOEN_ALREADY_RUNNING')
})

test('brings MLflow back when it dies, and says so', async () => {
  const before = pidOf('MLflow')
  process.kill(before, 'SIGKILL')
  await waitUntil(() => platform.status().state === 'degraded', { what: 'the loss to be noticed' })
  const away = await fetch(`${platform.url}/version`, basic('admin', platform.adminPassword))
  expect(away.status).toBe(503)
  await waitUntil(() => platform.status().state === 'ready', { what: 'MLflow to be back' })
  expect(pidOf('MLflow')).not.toBe(before)
  expect(membersOf(before)).toEqual([])
  expect(platform.stderr()).toContain('MLflow ended (SIGKILL); trying again in 1 s.')
  await waitUntil(() => platform.stderr().includes('MLflow is back.'), { what: 'the good news' })
  const back = await fetch(`${platform.url}/version`, basic('admin', platform.adminPassword))
  expect(back.status).toBe(200)
})

test('stops while it starts, at once, as by Ctrl-C', async () => {
  using folder = temporaryFolder('stop')
  const home = join(folder.path, '.soen')
  await using starting = await startSoen({ home, until: 'Starting MLflow' })
  expect(soen(['down', '--home', home])).toMatchObject({ stdout: 'Stopped.\n', status: 0 })
  expect(await starting.ended).toBe(130)
  expect(starting.stderr()).not.toContain('The server answers')
  await waitUntil(() => processesThatName(home).length === 0, { what: 'the end of MLflow' })
})

test('shows the logs of every program', () => {
  expect(soen(['logs', 'mlflow', '--home', platform.home, '-n', '500']).stdout).toContain(
    'Uvicorn running on unix socket',
  )
  expect(soen(['logs', 'platform', '--home', platform.home]).stdout).toContain('"type":"exited"')
})

test('stops from another terminal, leaves no process, and starts again without showing a password', async () => {
  const groups = [pidOf('MLflow'), pidOf('the front door')]
  const stopped = soen(['down', '--home', platform.home])
  expect(stopped.stdout).toBe('Stopped.\n')
  expect(await platform.ended).toBe(0)
  expect(groups.flatMap(membersOf)).toEqual([])
  expect(soen(['status', '--home', platform.home]).status).toBe(1)

  // Stopped by Ctrl-C while its example is running, whose lines are all shown.
  const example = exampleOf("console.log('working'); setInterval(() => {}, 1000)")
  await using again = await startSoen({ home: platform.home, args: example, until: '  working' })
  const answer = await fetch(`${again.url}/version`, basic('admin', platform.adminPassword))
  expect(answer.status).toBe(200)
  expect(await again.interrupt()).toBe(0)
  expect(again.stdout()).toBe(`Server   ${again.url}
Sign in  admin, with the password of the first start (lost? restart with --reset-admin-password)
Logged   nothing: the example was stopped.
`)
})

test('shows the new password also when the example fails, and takes everything with it when it is killed', async () => {
  const args = ['--reset-admin-password', ...exampleOf("console.error('no data'); process.exitCode = 3")]
  await using killed = await startSoen({ home: platform.home, args })
  expect(killed.stdout()).toBe(`Server   ${killed.url}
Sign in  admin ${killed.adminPassword} (shown this once)
Logged   nothing: The example ended with exit code 3.
`)
  expect(killed.stderr()).toMatch(
    /^ {2}no data\n✗ The example ended with exit code 3\. \(SOEN_EXAMPLE_FAILED\)$/m,
  )
  expect(killed.adminPassword).not.toBe('')
  expect(killed.adminPassword).not.toBe(platform.adminPassword)
  const groups = killed.status().programs.map(({ pid }) => pid ?? 0)
  expect(groups.flatMap(membersOf)).toHaveLength(4)
  process.kill(killed.pid, 'SIGKILL')
  await waitUntil(() => groups.flatMap(membersOf).length === 0, { what: 'the end of all programs' })
})

test('leaves no account of an example behind, also when it is stopped before it is up', async () => {
  using folder = temporaryFolder('stopped')
  const home = join(folder.path, '.soen')
  const started = await startSoen({
    home,
    args: ['--example', '/no/such/program.mjs'],
    until: 'Starting MLflow',
  })
  expect(await started.interrupt()).toBe(130)
  const { stdout } = soen(['user', 'list', '--home', home])
  expect(stdout).not.toContain('example')
  expect(existsSync(join(home, 'example-member'))).toBe(false)
})
