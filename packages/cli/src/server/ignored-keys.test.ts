import { payloadPaths, serverPlan, type Facts, type Payload } from '@soen/host'
import {
  chooseTarget,
  exampleYaml,
  ignoredKeys,
  localDefaults,
  parseSettings,
  settingsReference,
  type SshTarget,
} from '@soen/settings'
import { expect, test } from 'vitest'
import { homeAt } from '../local/home.ts'
import { planPlatform } from '../local/platform-plan.ts'
import { masterArguments } from '../roads/ssh-arguments.ts'

/** The same value, recording the dotted path of everything that is read. */
function recorded<T extends object>(value: T, note: (path: string) => void, parent: string): T {
  return new Proxy(value, {
    get(object, key) {
      const read: unknown = Reflect.get(object, key)
      const path = `${parent}.${String(key)}`
      note(path)
      return typeof read === 'object' && read !== null && !Array.isArray(read)
        ? recorded(read, note, path)
        : read
    },
  })
}

function exampleTarget(): SshTarget {
  const { target } = chooseTarget(parseSettings(exampleYaml), 'lab-vps')
  if (target.where !== 'ssh') throw new Error('the example has no machine named lab-vps')
  return target
}

const facts: Facts = {
  os: { id: 'debian', version: '12', name: 'Debian GNU/Linux 12 (bookworm)' },
  python: '3.11.2',
  memoryBytes: 4.1e9,
  processors: 4,
  isContainer: false,
  sshPorts: [22],
  listeners: [],
  hasForeignCaddy: false,
  allowed: [{ door: 'ssh', network: '192.0.2.7' }],
}

const payload: Payload = {
  files: Object.values(payloadPaths).map((path) => ({ path, sha256: 'f'.repeat(64) })),
}

test('a deploy acts on every key of a machine, but on those that are said to be ignored', () => {
  const example = exampleTarget()
  const acme = { mode: 'acme', email: 'a@b.org', directory: 'https://ca.org', rootFile: '/r.pem' } as const
  const dns = { update: 'duckdns', every: '5m' }
  const read = new Set<string>()
  for (const more of [{}, { tls: acme, dns }]) {
    const target = recorded({ ...example, ...more }, (path) => read.add(path), 'targets.NAME')
    serverPlan(target, facts, payload)
    masterArguments(target.host, { configFile: '', controlPath: '' }, 'true')
  }
  const unread = settingsReference()
    .filter(({ where, type, key }) => where.includes('ssh') && type !== 'group' && !read.has(key))
    .map(({ key }) => key)
  const ignored = ignoredKeys.map(({ path }) => path)
  expect(unread.filter((key) => !ignored.some((path) => key.startsWith(`${path}.`)))).toEqual([])
  expect(ignored.filter((path) => read.has(path))).toEqual([])
})

test('soen up acts on every key of the platform on this computer', () => {
  const target = {
    ...localDefaults,
    database: 'postgresql+psycopg2://ada@db/mlflow',
    artifacts: { uri: 's3://team/runs', endpoint: 'http://s3:8333' },
  }
  const read = new Set<string>()
  const watched = recorded(target, (path) => read.add(path), 'targets.NAME')
  planPlatform(homeAt('/home/ada/.soen'), {}, {}, watched)
  const unread = settingsReference()
    .filter(({ where, type, key }) => where.includes('local') && type !== 'group' && !read.has(key))
    .map(({ key }) => key)
  expect(unread).toEqual(['targets.NAME.where'])
})
