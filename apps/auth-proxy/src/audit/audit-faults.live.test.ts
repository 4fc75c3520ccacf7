import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { runOnSmallDisk, startPostgres, temporaryFolder, waitUntil } from '@soen/testbed'
import type { RunningPostgres } from '@soen/testbed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findRecords } from './search.ts'
import { listHeads } from './stored-records.ts'
import { openStore } from '../store/open-store.ts'
import { startFakeUpstream } from '../testing/fake-upstream.ts'
import type { FakeUpstream } from '../testing/fake-upstream.ts'
import { addPerson, asOperator, startProxy } from '../testing/running-proxy.ts'
import type { RunningProxy } from '../testing/running-proxy.ts'
import type { AuditRecord } from './record.ts'
import { verifyAudit } from './verify.ts'
import type { Verdict } from './verify.ts'

let mlflow: FakeUpstream
beforeAll(async () => {
  mlflow = await startFakeUpstream()
})
afterAll(() => mlflow[Symbol.asyncDispose]())

const run = (number: number): string => String(number).padStart(32, '0')

async function deleteRun(proxy: RunningProxy, token: string, number: number): Promise<number> {
  const { status } = await fetch(`${proxy.url}/api/2.0/mlflow/runs/delete`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ run_id: run(number) }),
  })
  return status
}

async function lookAt(
  state: string,
  folder?: string,
): Promise<{ readonly verdict: Verdict; readonly deletes: readonly AuditRecord[] }> {
  await using store = await openStore(state)
  const verdict = await verifyAudit(store.db, { folder })
  return { verdict, deletes: await findRecords(store.db, { action: 'runs/delete' }, { limit: 1000 }) }
}

function runsOf(records: readonly AuditRecord[]): Set<string> {
  return new Set(records.flatMap(({ subjects }) => subjects.map(({ value }) => value)))
}

it('a kill at any moment loses no delete that was done, and leaves a record that is whole', async () => {
  using folder = temporaryFolder('audit-kill')
  const state = join(folder.path, 'auth.sqlite')
  const { token } = await addPerson(state, 'ada', 'admin')
  const done = new Set<string>()
  for (let life = 0; life < 3; life += 1) {
    const proxy = await startProxy({ state, socket: mlflow.socketPath })
    let number = life * 1000
    // Each continues until its front door is gone.
    const work = async (): Promise<void> => {
      for (;;) {
        const mine = (number += 1)
        if ((await deleteRun(proxy, token, mine)) === 200) done.add(run(mine))
      }
    }
    const before = done.size
    const workers = Promise.allSettled([work(), work(), work(), work()])
    await waitUntil(() => done.size > before + 4)
    await sleep(life * 137)
    await proxy[Symbol.asyncDispose]()
    await workers
  }
  await (await startProxy({ state, socket: mlflow.socketPath })).stop()
  const { verdict, deletes } = await lookAt(state, `${state}.audit`)
  expect(verdict.flaws).toEqual([])
  expect(done.size).toBeGreaterThan(10)
  expect([...done.difference(runsOf(deletes))]).toEqual([])
})

it('a full disk: what cannot be undone is not done, all else goes on and is kept once there is room', () => {
  using folder = temporaryFolder('audit-disk')
  const child = fileURLToPath(new URL('../testing/audit-disk-child.ts', import.meta.url))
  const { stdout, stderr } = runOnSmallDisk({
    folder: folder.path,
    sizeMb: 6,
    command: [process.execPath, child, folder.path],
    env: { NODE_NO_WARNINGS: '1' },
  })
  expect({ ended: stdout === '' ? stderr : 'well' }).toEqual({ ended: 'well' })
  const well = { delete: 200, restore: 200, log: 200 }
  expect(JSON.parse(stdout)).toEqual({
    before: well,
    full: {
      delete: 503,
      restore: 503,
      log: 200,
    },
    changed: 200,
    free: well,
    sentOn: 0,
    filled: true,
    isIntact: true,
    flaws: [],
    updatesKept: 1,
    told: true,
  })
})

describe('on one PostgreSQL', () => {
  let postgres: RunningPostgres
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres[Symbol.asyncDispose]())

  it('two front doors keep a chain each, and one that is killed takes nothing along', async () => {
    const state = await postgres.createDatabase('audit')
    const { token } = await addPerson(state, 'ada', 'admin')
    const one = await startProxy({ state, socket: mlflow.socketPath })
    const other = await startProxy({ state, socket: mlflow.socketPath })
    const numbers = Array.from({ length: 40 }, (_, index) => index)
    const statuses = await Promise.all(
      numbers.map((number) => deleteRun(number % 2 === 0 ? one : other, token, number)),
    )
    expect(new Set(statuses)).toEqual(new Set([200]))
    // While ten commands run, which share a chain.
    await Promise.all(
      numbers
        .slice(0, 10)
        .map((number) => asOperator(state, 'POST', 'tokens', { name: `t${number}`, owner: 'ada' })),
    )
    await other[Symbol.asyncDispose]()
    await one.stop()

    const { verdict, deletes } = await lookAt(state)
    expect(verdict).toMatchObject({ isIntact: true, flaws: [], table: { chains: 3 } })
    expect(runsOf(deletes).size).toBe(40)
    await using store = await openStore(state)
    const commands = (await listHeads(store.db)).find(({ writer }) => writer === 'commands')
    expect(commands?.seq).toBe(12)
  })

  it('a front door with files goes on while the database is away, and brings it up to date', async () => {
    using folder = temporaryFolder('audit-away')
    await using own = await startPostgres()
    const state = await own.createDatabase('away')
    const { token } = await addPerson(state, 'ada', 'admin')
    const audit = join(folder.path, 'audit')
    await using proxy = await startProxy({
      state,
      socket: mlflow.socketPath,
      args: ['--audit-folder', audit],
    })
    expect(await deleteRun(proxy, token, 1)).toBe(200)
    await using store = await openStore(state)
    await store.db.schema.alterTable('audit').renameTo('audit_away').execute()
    expect(await deleteRun(proxy, token, 2)).toBe(200)
    await store.db.schema.alterTable('audit_away').renameTo('audit').execute()
    const found = async (): Promise<boolean> =>
      runsOf(await findRecords(store.db, { action: 'runs/delete' }, { limit: 10 })).has(run(2))
    await waitUntil(found, { what: 'the record in the table', timeoutMs: 30_000 })
    await proxy.stop()
    expect((await lookAt(state, audit)).verdict.flaws).toEqual([])
  })
})
