import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { thisMachine, type Machine } from '../machine/machine.ts'
import { readRecord, recordDeployed, recordMade, type Deployed } from '../machine/record.ts'
import { payloadPaths } from '../payload.ts'
import type { ServerTarget } from '../server-target.ts'
import { storeKind, type StoreResource } from './store.ts'

const hashOf = (digit: number): string => String(digit).repeat(64)
const [one, two, three] = [hashOf(1), hashOf(2), hashOf(3)]
const target: ServerTarget = {
  where: 'ssh',
  host: { address: 'lab', jump: [] },
  domain: 'mlflow.example.org',
  tls: { mode: 'internal' },
  firewall: { ssh: 'anyone', web: 'anyone', openPorts: [] },
  securityUpdates: true,
  database: 'postgres',
  artifacts: { uri: 'disk' },
}
const deployOf = (...files: string[]): StoreResource => ({
  kind: 'store',
  path: '/opt/store',
  files,
  environment: `/opt/mlflow/${files.at(-1)?.slice(0, 12)}`,
})
/** Its last file is the lock that names its environment. */
const deployedOf = ({ files }: StoreResource, domain: string): Deployed => ({
  version: '0.0.0',
  target: { ...target, domain },
  files: files.map((sha256, index) => ({
    path: index === files.length - 1 ? payloadPaths.requirements : `bin/${index}`,
    sha256,
  })),
})

let machine: Machine
beforeEach(() => {
  machine = thisMachine({ root: mkdtempSync(join(tmpdir(), 'soen-root-')) })
  for (const folder of ['opt/store', 'opt/mlflow']) mkdirSync(join(machine.root, folder), { recursive: true })
})
afterEach(() => rmSync(machine.root, { recursive: true }))

/** Creates carried files and an environment as a deploy leaves them, from before this program started or since. */
function carry({ files, environment }: StoreResource, { isWaiting = false } = {}): void {
  for (const path of [...files.map((file) => `/opt/store/${file}`), environment]) {
    const place = join(machine.root, path)
    if (path === environment) mkdirSync(place, { recursive: true })
    else writeFileSync(place, '')
    if (!isWaiting) utimesSync(place, 1, 1)
  }
}
const aspects = async (store: StoreResource): Promise<string[]> =>
  (await storeKind.differences(store, machine)).map(({ aspect }) => aspect)
const stored = (): string[] => readdirSync(join(machine.root, 'opt/store'))
const environments = (): string[] => readdirSync(join(machine.root, 'opt/mlflow'))

async function deploy(store: StoreResource, domain = target.domain): Promise<void> {
  carry(store)
  await recordMade(machine, [])
  await storeKind.apply(store, machine)
  await recordDeployed(machine, deployedOf(store, domain))
  expect(await aspects(store)).toEqual([])
}

test('keeps what this deploy and the one before carried, and no more', async () => {
  for (const files of [[one], [one, two], [one, three]]) await deploy(deployOf(...files))
  expect(stored()).toEqual([one, two, three])
  await deploy(deployOf(three))
  expect(stored()).toEqual([one, three])
  expect(environments()).toEqual([three.slice(0, 12)])
})

test('keeps the way back however often the same is deployed', async () => {
  await deploy(deployOf(one))
  await deploy(deployOf(two))
  await deploy(deployOf(two))
  expect(stored()).toEqual([one, two])
  expect(environments()).toEqual([one.slice(0, 12), two.slice(0, 12)])
})

test('keeps the way back to what ran before, whatever settings have changed since', async () => {
  await deploy(deployOf(one))
  await deploy(deployOf(two))
  await deploy(deployOf(two), 'other.example.org')
  await deploy(deployOf(two), 'another.example.org')
  expect(stored()).toEqual([one, two])
  expect((await readRecord(machine))?.former).toEqual([
    deployedOf(deployOf(two), 'other.example.org'),
    deployedOf(deployOf(one), target.domain),
  ])
})

test('names what a deploy that failed left, and takes it away with the next', async () => {
  await deploy(deployOf(one))
  carry(deployOf(two))
  expect(await aspects(deployOf(one))).toEqual(['what former deploys left'])
  await storeKind.apply(deployOf(one), machine)
  expect([stored(), environments()]).toEqual([[one], [one.slice(0, 12)]])
})

test('leaves alone what was carried for a deploy that waits, and what is not its own', async () => {
  await deploy(deployOf(one))
  carry(deployOf(two), { isWaiting: true })
  writeFileSync(join(machine.root, 'opt/mlflow/requirements.txt'), '')
  writeFileSync(join(machine.root, 'opt/store/notes'), '')
  await storeKind.apply(deployOf(one), machine)
  expect(await aspects(deployOf(one))).toEqual([])
  expect(stored()).toEqual([one, two, 'notes'])
  expect(environments()).toContain('requirements.txt')
})
