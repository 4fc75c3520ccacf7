/**
 * Runs the front door with its state and audit on one small disk, fills that, and prints as JSON how requests were
 * answered while it was full and afterwards. `node audit-disk-child.ts FOLDER`
 */
import { closeSync, mkdirSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { waitUntil } from '@soen/testbed'
import { verifyAudit } from '../audit/verify.ts'
import { findRecords } from '../audit/search.ts'
import { openStore } from '../store/open-store.ts'
import { startFakeUpstream } from './fake-upstream.ts'
import { addPerson, startProxy } from './running-proxy.ts'

const folder = process.argv[2] ?? ''
const state = join(folder, 'state', 'auth.sqlite')
const run = '0123456789abcdef0123456789abcdef'
mkdirSync(join(folder, 'state'))
const { token } = await addPerson(state, 'ada', 'admin')
await using upstream = await startFakeUpstream()
const proxy = await startProxy({ state, socket: upstream.socketPath })

async function send(path: string): Promise<number> {
  const { status } = await fetch(`${proxy.url}/api/2.0/mlflow/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ run_id: run }),
  })
  return status
}

/** Takes every byte, so that there is no room for a single record. */
function fill(path: string): void {
  const file = openSync(path, 'w')
  for (const size of [65_536, 4096, 512, 1]) {
    const block = Buffer.alloc(size)
    try {
      for (;;) writeSync(file, block)
    } catch {
      // Smaller pieces may still fit.
    }
  }
  closeSync(file)
}

async function answers(): Promise<Record<string, number>> {
  return {
    delete: await send('runs/delete'),
    restore: await send('runs/restore'),
    log: await send('runs/log-batch'),
  }
}

const before = await answers()
const ballast = join(folder, 'ballast')
fill(ballast)
// SQLite and the file may still have room in their last pages.
await waitUntil(async () => (await send('runs/delete')) === 503, { what: 'a full disk', timeoutMs: 60_000 })
const full = await answers()
const changed = await send('runs/update')
const hits = upstream.hits.filter((hit) => hit.endsWith('runs/delete')).length
await send('runs/delete')
const hitsAfter = upstream.hits.filter((hit) => hit.endsWith('runs/delete')).length
const size = statSync(ballast).size
rmSync(ballast)
await waitUntil(async () => (await send('runs/delete')) === 200, { what: 'room again', timeoutMs: 60_000 })
const free = await answers()
await proxy.stop()

await using store = await openStore(state)
const verdict = await verifyAudit(store.db, { folder: `${state}.audit` })
const updates = await findRecords(store.db, { action: 'runs/update' }, { limit: 10 })
const log = proxy.log()
process.stdout.write(
  `${JSON.stringify({
    before,
    full,
    changed,
    free,
    sentOn: hitsAfter - hits,
    filled: size > 0,
    isIntact: verdict.isIntact,
    flaws: verdict.flaws,
    updatesKept: updates.length,
    told: /The audit (?:file|table) takes no record/.test(log) && /takes records again/.test(log),
  })}\n`,
)
