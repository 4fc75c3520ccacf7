import { readdirSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { syncJournals } from '../delivery/sync-journals.ts'
import { startFakeMlflow } from '../testing/fake-mlflow.ts'
import { testSettings } from '../testing/settings.ts'
import { Client } from './client.ts'

test('a file that was sent before the program ended is not sent again, and gives its room back at once', async () => {
  await using server = await startFakeMlflow()
  await using folder = await mkdtempDisposable(join(tmpdir(), 'sent-'))
  server.misbehave = ({ path }) => (path.endsWith('third.ckpt') ? 503 : undefined)
  const settings = testSettings(server.url, join(folder.path, 'spool'))
  const client = new Client(settings).on('warn', () => {})
  const run = client.startRun()
  for (const name of ['first', 'second', 'third']) {
    const path = join(folder.path, name)
    writeFileSync(path, name)
    run.artifact(path, { as: `${name}.ckpt` })
  }
  run.log({ loss: 1 })
  await run.flush()
  const uploads = (): string[] => readdirSync(join(run.journalFolder ?? '', 'uploads'))
  expect(uploads()).toEqual(['000001.sent', '000002.sent', '000003'])
  await client.close({ timeoutMs: 0 })

  server.misbehave = () => undefined
  expect(await syncJournals({ settings })).toMatchObject([{ outcome: 'delivered', receipt: { dropped: 0 } }])
  const puts = server.requests.flatMap(({ method, path }) =>
    method === 'PUT' ? [path.split('/').at(-1)] : [],
  )
  expect(puts.filter((name) => name !== 'third.ckpt')).toEqual(['first.ckpt', 'second.ckpt'])
  expect([...server.artifacts.values()].map(String)).toEqual(['first', 'second', 'third'])
  expect(readdirSync(settings.spoolDir)).toEqual([])
})
