import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { listJournals } from '../delivery/list-journals.ts'

function programNamed(name: string): string {
  return join(import.meta.dirname, '../testing', name)
}

/** Run a training in a network that answers nothing, and wait for its exit code. */
async function train(trackingUri: string, spoolDir: string, ending: string): Promise<number | null> {
  const training = [programNamed('forgetful-child.ts'), trackingUri, spoolDir, ending]
  const child = spawn(
    'unshare',
    ['--net', '--mount', process.execPath, programNamed('black-hole-child.ts'), ...training],
    { stdio: 'ignore' },
  )
  await once(child, 'exit')
  return child.exitCode
}

// The system would retry for minutes, while the test's time limit is far shorter.
test.each([
  ['a name server that never answers', 'http://mlflow.example:5500'],
  ['a machine that answers no SYN', 'http://192.0.2.7:5500'],
  ['a machine that answers no SYN of TLS', 'https://192.0.2.7'],
])(
  '%s holds up no training, neither one that is over nor one that exits',
  async (_, trackingUri) => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'exit-'))
    for (const ending of ['', 'exit later', 'exit'])
      expect(await train(trackingUri, folder.path, ending)).toBe(0)
    const waiting = listJournals(folder.path)
    expect(waiting.map(({ waiting: points }) => points)).toEqual([2, 2, 2])
  },
  60_000,
)
