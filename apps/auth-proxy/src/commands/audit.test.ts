import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runToEnd } from '../testing/run-to-end.ts'
import type { Outcome } from '../testing/run-to-end.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import type { TemporaryFolder } from '../testing/temporary-folder.ts'
import { openStore } from '../store/open-store.ts'

let folder: TemporaryFolder
let state: string
beforeEach(async () => {
  folder = await temporaryFolder()
  state = join(folder.path, 'auth.sqlite')
  await run(['user', 'set', 'ada', '--role', 'admin'], 'long enough\n')
  await run(['token', 'create', 'ada', '--name', 'laptop'])
  await run(['api', 'PATCH', '/_soen/api/users/ada'], '{"isDisabled":true}')
})
afterEach(() => folder[Symbol.asyncDispose]())

const run = (args: readonly string[], input?: string): Promise<Outcome> =>
  runToEnd([...args, '--state', state], input)

describe('audit list', () => {
  it('shows what commands did, the newest first, and never what they made', async () => {
    const { code, stdout } = await run(['audit', 'list'])
    expect(code).toBe(0)
    const what = stdout
      .split('\n')
      .map((line) => /UTC {2}\S+ (?<what>.*) \(command\)/.exec(line)?.groups?.['what'])
    expect(what).toEqual([
      'changed user ada',
      expect.stringMatching(/^made token \w{12} of ada$/),
      'added user ada',
      undefined,
    ])
    expect(stdout).not.toContain('soen_')
  })

  it('narrows it down, as lines or as JSON', async () => {
    const { stdout } = await run(['audit', 'list', '--action', 'PATCH', '--json'])
    expect(JSON.parse(stdout)).toMatchObject([{ action: 'PATCH /_soen/api/users/{name}', via: 'command' }])
    expect((await run(['audit', 'list', '--denied'])).stdout).toContain('Nothing on record fits this.')
    expect((await run(['audit', 'list', '--limit', '1'])).stdout.split('\n')).toHaveLength(2)
    expect(await run(['audit', 'list', '--since', 'soon'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('SOEN_AUDIT_FILTER_INVALID'),
    })
  })

  it('goes on with what happens until it is told to stop', async () => {
    const main = fileURLToPath(new URL('../main.ts', import.meta.url))
    const child = spawn(
      process.execPath,
      [main, 'audit', 'list', '--follow', '--limit', '1', '--state', state],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    )
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    expect((await lines.next()).value).toContain('changed user ada')
    await run(['api', 'POST', '/_soen/api/users/ada/unlock'])
    expect((await lines.next()).value).toContain('unlocked user ada')
    child.kill('SIGINT')
    expect(await once(child, 'exit')).toEqual([0, null])
  })
})

describe('audit verify', () => {
  it('says that all is whole, or which record is not, with its exit code', async () => {
    const whole = await run(['audit', 'verify'])
    expect({ ...whole, stdout: whole.stdout.split('\n') }).toEqual({
      code: 0,
      stderr: '',
      stdout: [
        `Intact: 3 records in 1 chains of the table, 0 records in 0 files of ${state}.audit.`,
        expect.stringMatching(/^  Note: Nothing is signed here: /),
        '',
      ],
    })
    await using store = await openStore(state)
    await store.db.deleteFrom('audit').where('seq', '=', 2).execute()
    const { code, stdout } = await run(['audit', 'verify'])
    expect(code).toBe(1)
    expect(stdout).toContain('BROKEN')
    expect(stdout).toContain('table, record 3 of commands: Record 2 is missing before record 3.')
    expect(JSON.parse((await run(['audit', 'verify', '--json'])).stdout)).toMatchObject({
      isIntact: false,
      flaws: [{ kind: 'missing', writer: 'commands', seq: 3 }],
    })
  })
})
