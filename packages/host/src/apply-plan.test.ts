import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { applyPlan, type PlanEvent } from './apply-plan.ts'
import { thisMachine, type Machine } from './machine/machine.ts'
import type { Resource } from './resources/resource.ts'

const us = {
  owner: userInfo().username,
  group: spawnSync('id', ['-gn'], { encoding: 'utf8' }).stdout.trim(),
}
const folder: Resource = { kind: 'folder', path: '/var/lib/demo', mode: 0o750, ...us }
const file: Resource = {
  kind: 'file',
  path: '/var/lib/demo/demo.conf',
  content: 'port = 1\n',
  mode: 0o640,
  ...us,
}
const plan = [folder, file]

let machine: Machine
beforeEach(() => {
  machine = thisMachine({ root: mkdtempSync(join(tmpdir(), 'soen-root-')) })
})
afterEach(() => rmSync(machine.root, { recursive: true }))

const at = (path: string): string => join(machine.root, path)

async function apply(resources: readonly Resource[] = plan, isDryRun = false): Promise<PlanEvent[]> {
  const events: PlanEvent[] = []
  for await (const event of applyPlan(resources, { machine, isDryRun })) events.push(event)
  return events
}

const typesOf = (events: readonly PlanEvent[]): string[] => events.map(({ type }) => type)

test('makes what is missing, and the second time finds nothing to do', async () => {
  expect(typesOf(await apply())).toEqual(['changed', 'changed'])
  expect(readFileSync(at(file.path), 'utf8')).toBe('port = 1\n')
  expect(statSync(at(file.path)).mode & 0o7777).toBe(0o640)
  const { mtimeMs } = statSync(at(file.path))
  expect(typesOf(await apply())).toEqual(['unchanged', 'unchanged'])
  expect(statSync(at(file.path)).mtimeMs).toBe(mtimeMs)
})

test('only says what it would do on a dry run', async () => {
  expect(await apply(plan, true)).toMatchObject([
    { type: 'would-change', resource: 'folder /var/lib/demo', differences: [{ aspect: 'folder', is: null }] },
    { type: 'would-change', resource: 'file /var/lib/demo/demo.conf' },
  ])
  expect(readdirSync(machine.root)).toEqual([])
})

test.each([
  ['content', () => writeFileSync(at(file.path), 'port = 2\n')],
  ['mode', () => chmodSync(at(file.path), 0o666)],
])('names and mends a changed %s', async (aspect, spoil) => {
  await apply()
  spoil()
  const events = await apply()
  expect(events[1]).toMatchObject({ type: 'changed', differences: [{ aspect }] })
  expect(typesOf(await apply())).toEqual(['unchanged', 'unchanged'])
})

test('replaces a link by the file, and leaves what it pointed to alone', async () => {
  await apply([folder])
  writeFileSync(at('elsewhere'), 'not ours')
  symlinkSync(at('elsewhere'), at(file.path))
  expect((await apply())[1]).toMatchObject({ differences: [{ aspect: 'content', is: 'not a plain file' }] })
  expect(readFileSync(at('elsewhere'), 'utf8')).toBe('not ours')
  expect(readFileSync(at(file.path), 'utf8')).toBe('port = 1\n')
})

test('overwrites what a killed run left beside a file', async () => {
  await apply([folder])
  writeFileSync(at('/var/lib/demo/.demo.conf.soen-new'), 'half')
  await apply()
  expect(readdirSync(at('/var/lib/demo'))).toEqual(['demo.conf'])
})

test('never shows the content of a file, which may be secret', async () => {
  const events = await apply([folder, { ...file, content: 'key = s3cret\n' }])
  expect(JSON.stringify(events)).not.toContain('s3cret')
})

test('says which resource can not be made, and why', async () => {
  writeFileSync(at('var'), 'a file in the way')
  await expect(apply()).rejects.toMatchObject({
    code: 'SOEN_RESOURCE_FAILED',
    message: 'folder /var/lib/demo could not be made as planned.',
    cause: expect.objectContaining({ message: expect.stringContaining('ENOTDIR') }),
  })
})
