import {
  existsSync,
  mkdirSync,
  mkdtempDisposableSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { thisMachine, type Machine } from '../../machine/machine.ts'
import type { Resource } from '../../resources/resource.ts'
import { rootFile, rootFolder } from '../../system.ts'
import { rememberPlan } from '../applied-plan.ts'
import { readAudit } from '../audit.ts'
import { destroy, type DestroyReport } from './destroy.ts'

const us = { by: 'ada@laptop', version: '1.2.3' }
const plan: readonly Resource[] = [
  { ...rootFolder('/opt/soen'), holds: 'ours' },
  { ...rootFolder('/etc/soen'), holds: 'ours' },
  { ...rootFolder('/var/lib/soen'), holds: 'data' },
  rootFolder('/etc/shared.d'),
  rootFile('/etc/shared.d/soen.conf', ''),
  rootFolder('/etc/own.d'),
  rootFile('/etc/own.d/soen.conf', ''),
  { kind: 'swap', path: '/swapfile-soen', sizeBytes: 1024 },
  { kind: 'trigger', name: 'soen-dns.timer', content: '', service: '' },
]
const removed = [
  'unit soen-dns.timer',
  'unit soen-dns.service',
  'swap /swapfile-soen',
  'file /etc/own.d/soen.conf',
  'folder /etc/own.d',
  'file /etc/shared.d/soen.conf',
  'folder /etc/soen',
  'folder /opt/soen',
]

let machine: Machine
beforeEach(async () => {
  const root = mkdtempDisposableSync(join(tmpdir(), 'soen-destroy-'))
  onTestFinished(() => root[Symbol.dispose]())
  machine = thisMachine({ root: root.path, env: { PATH: `${root.path}/bin:${process.env['PATH']}` } })
  put('/bin/systemctl', `#!/bin/sh\necho "$@" >> ${root.path}/said\n[ ! -e ${root.path}/stuck ]\n`, 0o755)
  put('/bin/swapoff', '#!/bin/sh\n', 0o755)
  put('/bin/systemd-escape', "#!/bin/sh\nprintf '%s' 'swapfile\\x2dsoen.swap'\n", 0o755)
  for (const path of ['/opt/soen/store/a', '/etc/soen/allow-list.json', '/var/lib/soen/mlflow/run']) put(path)
  for (const path of ['/etc/shared.d/theirs.conf', '/etc/shared.d/soen.conf', '/etc/own.d/soen.conf'])
    put(path)
  for (const name of ['soen-dns.timer', 'soen-dns.service', 'swapfile\\x2dsoen.swap'])
    put(`/etc/systemd/system/${name}`)
  put('/swapfile-soen')
  await rememberPlan(machine, plan)
})

function put(path: string, content = '', mode = 0o644): void {
  const place = join(machine.root, path)
  mkdirSync(dirname(place), { recursive: true })
  writeFileSync(place, content, { mode })
}

const run = (isDryRun = false): Promise<DestroyReport> =>
  destroy.run({ ...us, isDryRun }, { machine, say: () => {}, signal: new AbortController().signal })
const left = (): readonly string[] =>
  readdirSync(machine.root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(machine.root.length))
    .filter((path) => !path.startsWith('/bin/') && !/^\/(said|run|stuck)|deploy-lock/.test(path))
    .toSorted()

test('takes away in reverse order what was made, and names it beforehand', async () => {
  const report = await run(true)
  for (const path of ['said', 'var/lib/soen/deploy-lock.db']) {
    expect(existsSync(join(machine.root, path))).toBe(false)
  }
  expect(report).toEqual({
    removed,
    kept: ['/var/lib/soen'],
    removeData: ['sudo rm -rf /var/lib/soen'],
  })
  expect(await run()).toEqual(report)
  expect(left()).toEqual([
    '/etc/shared.d/theirs.conf',
    '/var/lib/soen/audit.ndjson',
    '/var/lib/soen/mlflow/run',
  ])
  expect(existsSync(join(machine.root, 'etc/own.d'))).toBe(false)
  expect(readFileSync(join(machine.root, 'said'), 'utf8').split('\n').slice(0, 2)).toEqual([
    'disable --quiet --now soen-dns.timer soen-dns.service',
    'daemon-reload',
  ])
  expect(await readAudit(machine)).toMatchObject([{ ...us, verb: 'destroy', result: 'done', changes: 8 }])
})

test('goes on where it stopped', async () => {
  put('/stuck')
  await expect(run()).rejects.toMatchObject({
    code: 'SOEN_RESOURCE_FAILED',
    message: 'trigger soen-dns.timer could not be taken away.',
    hint: expect.stringContaining('soen destroy'),
  })
  for (const path of ['stuck', 'etc/own.d/soen.conf']) rmSync(join(machine.root, path))
  expect((await run()).removed).toEqual(removed.filter((what) => what !== 'file /etc/own.d/soen.conf'))
  expect(left()).toHaveLength(3)
  expect((await readAudit(machine)).map(({ result, code }) => [result, code])).toEqual([
    ['failed', 'SOEN_RESOURCE_FAILED'],
    ['done', undefined],
  ])
  await expect(run()).rejects.toMatchObject({ code: 'SOEN_NOT_DEPLOYED' })
})
