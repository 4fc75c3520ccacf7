import { mkdtempDisposableSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { thisMachine } from '../../machine/machine.ts'
import { readAllowList, writeAllowList } from '../allow-list.ts'
import { readAudit } from '../audit.ts'
import { changing } from '../changing.ts'
import type { OnHostEvent } from '../events.ts'
import type { Surroundings } from '../verb.ts'
import { allow } from './allow.ts'
import { expire } from './expire.ts'

const us = { by: 'ada@laptop', version: '1.2.3' }
const office = { door: 'ssh', network: '198.51.100.0/24', label: 'office' } as const
const guest = { door: 'ssh', network: '192.0.2.7', until: '2020-01-01T00:00:00.000Z' } as const

function surroundings(say: Surroundings['say'] = () => {}): Surroundings {
  const root = mkdtempDisposableSync(join(tmpdir(), 'soen-allow-'))
  onTestFinished(() => root[Symbol.dispose]())
  return {
    machine: thisMachine({ root: root.path }),
    say,
    signal: new AbortController().signal,
  }
}

test('shows the list while somebody else changes the machine, and changes it only after', async () => {
  const around = surroundings()
  const { machine } = around
  await allow.run({ ...us, add: [office] }, around)
  await changing({ ...us, verb: 'deploy' }, around, async () => {
    expect((await allow.run(us, around)).entries).toEqual([office])
    const changes = allow.run({ ...us, remove: 'office' }, around)
    await expect(changes).rejects.toMatchObject({ code: 'SOEN_DEPLOY_LOCKED' })
    return { value: undefined }
  })
  expect(await readAllowList(machine)).toEqual([office])
  await allow.run({ ...us, remove: 'office' }, around)
  expect(await readAllowList(machine)).toEqual([])
  expect((await readAudit(machine)).map(({ verb }) => verb)).toEqual(['allow-ip', 'deploy', 'allow-ip'])
})

test('records who tried in vain', async () => {
  const around = surroundings()
  const removing = allow.run({ ...us, remove: 'nobody' }, around)
  await expect(removing).rejects.toMatchObject({ code: 'SOEN_NOT_ON_ALLOW_LIST' })
  expect(await readAudit(around.machine)).toMatchObject([
    { ...us, verb: 'allow-ip', result: 'failed', code: 'SOEN_NOT_ON_ALLOW_LIST' },
  ])
})

test('ends entries in the timer’s name, one change at a time, and leaves no line where none is over', async () => {
  const said: OnHostEvent[] = []
  const around = surroundings((event) => void said.push(event))
  const { machine } = around
  await writeAllowList(machine, [office, guest], undefined)
  const { promise: expiring, resolve } = Promise.withResolvers<unknown>()
  await changing({ ...us, verb: 'deploy' }, around, async () => {
    resolve(expire.run({}, around))
    await expect.poll(() => said).toMatchObject([{ type: 'waiting' }])
    expect(await readAllowList(machine)).toEqual([office, guest])
    return { value: undefined }
  })
  expect(await expiring).toEqual({ ended: 1 })
  expect(await readAllowList(machine)).toEqual([office])
  expect(await expire.run({}, around)).toEqual({ ended: 0 })
  expect((await readAudit(machine)).map(({ verb, by }) => [verb, by])).toEqual([
    ['deploy', 'ada@laptop'],
    ['expire', 'soen-allow-list.timer'],
  ])
})
