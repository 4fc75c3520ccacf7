import { mkdirSync, mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { HostError } from '../errors.ts'
import { thisMachine, type Machine } from '../machine/machine.ts'
import { readAudit } from './audit.ts'
import { changing, type Outcome } from './changing.ts'
import type { OnHostEvent } from './events.ts'
import type { Surroundings } from './verb.ts'

const ada = { verb: 'restart', by: 'ada@laptop', version: '1.2.3' }
const bob = { verb: 'deploy', by: 'bob@desk', version: '1.2.4' }

function surroundings(): Surroundings & { readonly said: readonly OnHostEvent[] } {
  const root = mkdtempDisposableSync(join(tmpdir(), 'soen-changing-'))
  onTestFinished(() => root[Symbol.dispose]())
  const said: OnHostEvent[] = []
  const machine = thisMachine({ root: root.path })
  return { machine, said, say: (event) => void said.push(event), signal: new AbortController().signal }
}

const auditOf = async (machine: Machine): Promise<unknown[]> =>
  (await readAudit(machine)).map(({ at: _at, ...entry }) => entry)

test.each<[string, Outcome<string>, object]>([
  ['done', { value: 'it', changes: 2 }, { result: 'done', changes: 2 }],
  ['broken off', { value: 'it', changes: 1, isBrokenOff: true }, { result: 'broken off', changes: 1 }],
])('leaves a line of a change that was %s', async (_how, outcome, line) => {
  const around = surroundings()
  expect(await changing(ada, around, async () => outcome)).toBe('it')
  expect(await auditOf(around.machine)).toEqual([{ ...ada, ...line }])
})

test.each<[unknown, string]>([
  [new HostError('It does not answer.', { code: 'SOEN_NOT_HEALTHY', hint: 'Look.' }), 'SOEN_NOT_HEALTHY'],
  [new Error('ENOSPC: no space left on device'), 'SOEN_DISK_FULL'],
  [new Error('nobody expected this'), 'SOEN_UNEXPECTED'],
  ['not even an error', 'SOEN_UNEXPECTED'],
])('leaves a line of a change that failed by %s', async (thrown, code) => {
  const around = surroundings()
  const failing = changing(ada, around, () => Promise.reject(thrown))
  expect(await failing.catch((error: unknown) => error)).toBe(thrown)
  expect(await auditOf(around.machine)).toEqual([{ ...ada, result: 'failed', code }])
})

test('tells how the change failed where the audit can not be written either', async () => {
  const around = surroundings()
  mkdirSync(join(around.machine.root, 'var/lib/soen/audit.ndjson'), { recursive: true })
  const first = new Error('the first failure')
  await expect(changing(ada, around, () => Promise.reject(first))).rejects.toBe(first)
})

test('holds the machine for one change at a time, and names who holds it', async () => {
  const around = surroundings()
  await changing(ada, around, async () => {
    await expect(changing(bob, around, async () => ({ value: 1 }))).rejects.toMatchObject({
      code: 'SOEN_DEPLOY_LOCKED',
      message: expect.stringContaining('ada@laptop (restart, since 20'),
    })
    return { value: 2 }
  })
  expect(await auditOf(around.machine)).toEqual([{ ...ada, result: 'done' }])
})

test('waits for the change that is under way, and says for whose', async () => {
  const around = surroundings()
  const { promise: second, resolve } = Promise.withResolvers<string>()
  const first = await changing(ada, around, async () => {
    resolve(changing({ ...bob, waitS: 60 }, around, async () => ({ value: 'second' })))
    await expect.poll(() => around.said).toMatchObject([{ type: 'waiting', holder: /^ada@laptop/ }])
    return { value: 'first' }
  })
  expect([first, await second]).toEqual(['first', 'second'])
  expect(await auditOf(around.machine)).toEqual([
    { ...ada, result: 'done' },
    { ...bob, result: 'done' },
  ])
})

const since = '2030-01-02T03:04:05.000Z'

/** Writes the holder's file as it is during a change. */
function putHolder({ root }: Machine, holder: object): void {
  mkdirSync(join(root, 'var/lib/soen'), { recursive: true })
  writeFileSync(join(root, 'var/lib/soen/deploy-holder.json'), JSON.stringify({ ...holder, since, pid: 1 }))
}

test('leaves the line of a change that was killed', async () => {
  const around = surroundings()
  putHolder(around.machine, bob)
  await changing(ada, around, async () => ({ value: 1 }))
  await changing(ada, around, async () => ({ value: 1 }))
  expect(await readAudit(around.machine)).toMatchObject([
    { ...bob, at: since, result: 'broken off' },
    { ...ada, result: 'done' },
    { ...ada, result: 'done' },
  ])
})

test('takes what a version before left at the end of each change for no killed one', async () => {
  const around = surroundings()
  putHolder(around.machine, { by: bob.by, verb: bob.verb })
  await changing(ada, around, async () => ({ value: 1 }))
  expect(await auditOf(around.machine)).toEqual([{ ...ada, result: 'done' }])
})
