import { mkdirSync, mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { thisMachine, type Machine } from '../machine/machine.ts'
import { recordPath } from '../machine/record.ts'
import { nameOf, type Resource } from '../resources/resource.ts'
import { rootFile, rootFolder } from '../system.ts'
import { appliedPlan, rememberPlan } from './applied-plan.ts'

function machineWith(files: Readonly<Record<string, string>> = {}): Machine {
  const root = mkdtempDisposableSync(join(tmpdir(), 'soen-applied-'))
  onTestFinished(() => root[Symbol.dispose]())
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root.path, path)), { recursive: true })
    writeFileSync(join(root.path, path), text)
  }
  return thisMachine({ root: root.path })
}

const folder: Resource = { ...rootFolder('/etc/soen'), holds: 'ours' }
const inner: Resource = rootFile('/etc/soen/Caddyfile', 'port = 1\n')
const secret: Resource = { ...rootFile('/etc/pgpass', 'hush'), isSecret: true }
const updates: Resource = rootFile('/etc/apt/apt.conf.d/52soen-security-updates', '')
const namesOf = (plan: readonly Resource[]): readonly string[] => plan.map(nameOf)

test('keeps what earlier settings asked for, once, and nothing secret', async () => {
  const machine = machineWith()
  await rememberPlan(machine, [folder, inner, updates])
  await rememberPlan(machine, [folder, secret])
  await rememberPlan(machine, [folder, secret])
  expect(namesOf(await appliedPlan(machine))).toEqual([
    'folder /etc/soen',
    'file /etc/pgpass',
    'file /etc/apt/apt.conf.d/52soen-security-updates',
  ])
  expect(readFileSync(join(machine.root, recordPath), 'utf8')).not.toContain('hush')
})

test('is kept by a version that does not know all kinds of it', async () => {
  const machine = machineWith()
  await rememberPlan(machine, [folder])
  const path = join(machine.root, recordPath)
  const record = Object(JSON.parse(readFileSync(path, 'utf8')))
  const later = { name: 'snapshot daily', resource: { kind: 'snapshot', name: 'daily' } }
  writeFileSync(path, JSON.stringify({ ...record, made: [...record.made, later] }))
  await rememberPlan(machine, [folder, updates])
  expect(Object(JSON.parse(readFileSync(path, 'utf8'))).made).toContainEqual(later)
})

test('takes a machine of a version before the record for one on which anything of ours may be', async () => {
  const machine = machineWith({ '/etc/soen/target.json': '{}' })
  const everything = [
    'swap /swapfile-soen',
    'kernel-parameters 60-soen',
    'file /etc/apt/apt.conf.d/52soen-security-updates',
    'postgres-cluster soen',
    'unit soen-mlflow.service',
    'firewall soen',
    'retired-trigger soen-dns.timer',
    'trigger soen-allow-list.timer',
  ]
  expect(namesOf(await appliedPlan(machine))).toEqual(expect.arrayContaining(everything))
  await rememberPlan(machine, [folder])
  expect(namesOf(await appliedPlan(machine))).toEqual(expect.arrayContaining(everything))
})

test('says that there is no server where nothing of ours is', async () => {
  await expect(appliedPlan(machineWith())).rejects.toMatchObject({ code: 'SOEN_NOT_DEPLOYED' })
})
