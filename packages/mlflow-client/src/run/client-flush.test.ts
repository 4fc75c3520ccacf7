import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startFakeMlflow } from '../testing/fake-mlflow.ts'
import { testSettings } from '../testing/settings.ts'
import { Client } from './client.ts'
import type { Run } from './run.ts'

/** Flush again and again until a timer fires; false when it never gets a turn. */
async function lettingTimersRun(run: Run): Promise<boolean> {
  const fired = new AbortController()
  setTimeout(() => fired.abort(), 1)
  // Without a turn for timers the test could never end: no timeout could fire either.
  for (let flushes = 0; flushes < 20_000 && !fired.signal.aborted; flushes += 1) await run.flush()
  return fired.signal.aborted
}

test('a loop of flushes with nothing to send lets timers run: while the run lives, ended, closed, or disabled', async () => {
  await using server = await startFakeMlflow()
  await using folder = await mkdtempDisposable(join(tmpdir(), 'flush-'))
  const client = new Client(testSettings(server.url, folder.path)).on('warn', () => {})
  const run = client.startRun()
  expect(await lettingTimersRun(run)).toBe(true)
  await run.end()
  expect(await lettingTimersRun(run)).toBe(true)
  await client.close()
  expect(await lettingTimersRun(run)).toBe(true)
  expect(await lettingTimersRun(new Client({ active: false, reason: 'test' }).startRun())).toBe(true)
})
