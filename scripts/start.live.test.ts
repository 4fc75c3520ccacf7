import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { processesThatName, temporaryFolder, waitUntil } from '@soen/testbed'
import { expect, test } from 'vitest'

const { scripts }: { scripts: { start: string } } = JSON.parse(readFileSync('package.json', 'utf8'))

/** Runs what `npm start` runs, in a home of its own and on a free port, in one process group as in a terminal. */
async function npmStart(home: string) {
  const child = spawn('sh', ['-c', `exec ${scripts.start} --home "$1" --port 0`, 'npm-start', home], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = once(child, 'exit')
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null
  const interrupt = async (): Promise<unknown> => {
    if (!hasEnded()) process.kill(-(child.pid ?? 0), 'SIGINT')
    const [code] = await ended
    return code
  }
  const isOver = (): boolean => hasEnded() || /^Logged/m.test(stdout) || stderr.includes('✗')
  await waitUntil(isOver, { timeoutMs: 120_000, what: 'npm start' }).catch(async (error: unknown) => {
    await interrupt()
    throw error
  })
  return {
    stdout,
    stderr: () => stderr,
    interrupt,
    // Even when an expectation fails: nothing outlives its test.
    [Symbol.asyncDispose]: async () => void (await interrupt()),
  }
}

test('shows where the server is, how to sign in and what was logged, and Ctrl-C ends it all', async () => {
  using folder = temporaryFolder('start')
  const home = join(folder.path, '.soen')
  await using first = await npmStart(home)
  const lines = first.stdout.trim().split('\n')
  expect(lines).toHaveLength(3)
  expect(lines[0]).toMatch(/^Server {3}http:\/\/127\.0\.0\.1:\d+$/)
  expect(lines[1]).toMatch(/^Sign in {2}admin \w{24} \(shown this once\)$/)
  expect(lines[2]).toMatch(
    /^Logged {3}.+, val_loss \d\.\d\de[-+]\d+, \d+ items delivered: http:\/\/127\.0\.0\.1:\d+\/#\/experiments\/\d+\/runs\/[0-9a-f]{32}$/,
  )
  expect(first.stderr()).toMatch(/The server answers at http.*Ctrl-C.*p50 .*p99/s)

  const [, page = ''] = / (http\S+)$/.exec(lines[2] ?? '') ?? []
  const [, password = ''] = /admin (\w+)/.exec(lines[1] ?? '') ?? []
  const headers = { authorization: `Basic ${Buffer.from(`admin:${password}`).toString('base64')}` }
  const runId = page.split('/').at(-1)
  const answer = await fetch(`${new URL(page).origin}/api/2.0/mlflow/runs/get?run_id=${runId}`, { headers })
  const { run }: { run: LoggedRun } = JSON.parse(await answer.text())
  expect(run.info.status).toBe('FINISHED')
  expect(run.data.metrics.map(({ key }) => key)).toContain('val_loss_total')
  expect(run.data.tags.map(({ key }) => key)).toEqual(
    expect.arrayContaining([
      'mlflow.note.content',
      'soen.project',
      'soen.member',
      'soen.repeat',
      'soen.seed',
    ]),
  )
  const files = await fetch(
    `${new URL(page).origin}/api/2.0/mlflow/artifacts/list?run_id=${runId}&path=checkpoints`,
    { headers },
  )
  const listed: { files: { path: string }[] } = JSON.parse(await files.text())
  expect(new Set(listed.files.map(({ path }) => path.split('.').at(-1)))).toEqual(new Set(['ckpt', 'soen']))

  expect(await first.interrupt()).toBe(0)
  expect(processesThatName(home)).toEqual([])
})

interface LoggedRun {
  readonly info: { readonly status: string }
  readonly data: { readonly metrics: { readonly key: string }[]; readonly tags: { readonly key: string }[] }
}
