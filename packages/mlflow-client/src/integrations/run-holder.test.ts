import { expect, test } from 'vitest'
import { Client } from '../run/client.ts'
import { DisabledRun } from '../run/disabled-run.ts'
import { heldRun, LateRun } from './run-holder.ts'

const client = new Client({ active: false, reason: 'test' })

test('does what has waited in its order, and the rest at once', () => {
  const late = new LateRun()
  const done: string[] = []
  late.withRun((run) => done.push(`1 ${run.name}`))
  late.withRun((run) => done.push(`2 ${run.name}`))
  expect([done, late.run]).toEqual([[], undefined])
  late.open(new DisabledRun('r'), client)
  late.withRun((run, its) => done.push(`3 ${run.name} ${its.mode}`))
  expect(done).toEqual(['1 r', '2 r', '3 r disabled'])
})

test('does nothing when there will be no run', () => {
  const late = new LateRun()
  const done: string[] = []
  late.withRun(() => done.push('before'))
  late.giveUp()
  late.withRun(() => done.push('after'))
  expect(done).toEqual([])
})

test('a run that is held is there at once', () => {
  const run = new DisabledRun('r')
  const given: unknown[] = []
  heldRun({ run, client }).withRun((...both) => given.push(...both))
  expect(given).toEqual([run, client])
})
