import { execFile } from 'node:child_process'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { runAuthProxy } from '../auth-proxy/auth-proxy-program.ts'
import {
  newPerson,
  startRunningAuthProxy,
  type Person,
  type RunningAuthProxy,
} from '../testing/running-auth-proxy.ts'

const run = promisify(execFile)
let door: RunningAuthProxy
let ada: Person
let runId = ''
const passwords: Record<string, string> = {}
beforeAll(async () => {
  door = await startRunningAuthProxy({ mlflowSocket: inject('mlflow').socketPath })
  ada = newPerson()
  const password = `${door.password}\n`
  await ada.soen(['login', door.url, '--user', 'ada', '--password-stdin'], password)
  for (const [name, role] of [
    ['cleo', 'maintainer'],
    ['vic', 'viewer'],
  ] as const) {
    const { stdout } = await ada.soen(
      ['user', 'add', name, '--role', role, '--json', '--password-stdin'],
      password,
    )
    passwords[name] = JSON.parse(stdout).password
  }
})
afterAll(async () => {
  ada[Symbol.dispose]()
  await door[Symbol.asyncDispose]()
})

const program = (...args: string[]) => runAuthProxy([...args, '--state', door.state])

async function deleteRun(user: string): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${user}:${passwords[user]}`).toString('base64')}`
  const { status } = await fetch(`${door.url}/api/2.0/mlflow/runs/delete`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ run_id: runId }),
  })
  return status
}

test('says in one line who deleted a run, and in another who was not let', async () => {
  const env = {
    PATH: process.env['PATH'],
    MLFLOW_TRACKING_URI: door.url,
    MLFLOW_TRACKING_USERNAME: 'bob',
    MLFLOW_TRACKING_PASSWORD: door.password,
  }
  const script = fileURLToPath(new URL('../testing/log_run.py', import.meta.url))
  const { stdout } = await run(inject('mlflow').python, [script], { env })
  runId = JSON.parse(stdout.trim().split('\n').at(-1) ?? '').run_id
  expect([await deleteRun('vic'), await deleteRun('cleo')]).toEqual([403, 200])

  const { stdout: lines } = await ada.soen(['audit', '--run', runId, '--action', 'delete'])
  const [who, refused, ...others] = lines.split('\n')
  expect(others).toEqual([''])
  expect(who).toMatch(
    new RegExp(`^\\S+ \\S+ UTC  cleo deleted run ${runId} \\(password, from 127.0.0.1\\) → 200  \\[`),
  )
  expect(refused).toContain(
    `vic was refused to delete run ${runId}: This needs the role maintainer; you are viewer (password`,
  )
})

test('says who logged it, once the front door wrote down what it summed up', async () => {
  await door.stop()
  const { stdout } = await program('audit', 'list', '--run', runId, '--json')
  const records: { actor: string; count?: number; action: string }[] = JSON.parse(stdout)
  expect(records.map(({ actor }) => actor)).toContain('bob')
  const summedUp = records.filter(({ count }) => count !== undefined)
  expect(summedUp).toMatchObject([{ actor: 'bob', via: 'password', count: expect.any(Number) }])
})

/** Changes the only file, verifies, and restores it. */
async function verdictOn(work: (lines: string[]) => string[]): Promise<string> {
  const folder = `${door.state}.audit`
  const file = join(folder, readdirSync(folder)[0] ?? '')
  const before = readFileSync(file, 'utf8')
  writeFileSync(file, work(before.split('\n')).join('\n'))
  const { code, stdout } = await program('audit', 'verify')
  writeFileSync(file, before)
  expect(code).toBe(1)
  return stdout.split('\n')[1] ?? ''
}

describe('the record on disk', () => {
  test('is whole', async () => {
    const { code, stdout } = await program('audit', 'verify')
    expect(stdout).toMatch(/^Intact: /)
    expect(code).toBe(0)
  })

  test('shows the place of one flipped bit, one removed line and one swapped pair', async () => {
    expect(
      await verdictOn((lines) => {
        const bytes = Buffer.from(lines[4] ?? '')
        bytes[100] = (bytes[100] ?? 0) ^ 1
        return lines.with(4, bytes.toString())
      }),
    ).toMatch(/line 5: (?:Record 5 was altered|This is no record)/)
    expect(await verdictOn((lines) => lines.toSpliced(4, 1))).toMatch(
      /line 5: Record 5 is missing before record 6/,
    )
    expect(await verdictOn((lines) => lines.toSpliced(4, 2, lines[5] ?? '', lines[4] ?? ''))).toMatch(
      /line 5: Record 5 is missing before record 6/,
    )
    expect(await verdictOn((lines) => [...lines.slice(0, -2), ''])).toMatch(/The table has \w+ up to record/)
    expect((await program('audit', 'verify')).code).toBe(0)
  })
})
