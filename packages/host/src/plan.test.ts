import { describe, expect, test } from 'vitest'
import type { SshTarget } from '@soen/settings'
import { distributions } from './distributions.ts'
import type { Facts } from './machine/facts.ts'
import { payloadPaths, type Payload } from './payload.ts'
import { serverPlan } from './plan.ts'
import { nameOf, type Resource } from './resources/resource.ts'
import type { UnitResource } from './resources/unit.ts'

const target: SshTarget = {
  where: 'ssh',
  host: { address: 'lab', jump: [] },
  domain: 'mlflow.example.org',
  tls: { mode: 'acme' },
  firewall: { ssh: 'anyone', web: 'anyone', openPorts: [] },
  securityUpdates: true,
  database: 'postgres',
  artifacts: { uri: 'disk' },
}
const facts: Facts = {
  os: { id: 'debian', version: '12', name: 'Debian GNU/Linux 12 (bookworm)' },
  python: '3.11.2',
  memoryBytes: 4.1e9,
  processors: 4,
  isContainer: false,
  sshPorts: [22],
  listeners: [{ port: 22, program: 'sshd' }],
  hasForeignCaddy: false,
  allowed: [],
}
const payload: Payload = {
  files: Object.values(payloadPaths).map((path, index) => ({ path, sha256: String(index).repeat(64) })),
}

function find<K extends Resource['kind']>(
  plan: readonly Resource[],
  kind: K,
  name: string,
): Extract<Resource, { kind: K }> {
  const found = plan.find((resource) => resource.kind === kind && nameOf(resource).endsWith(name))
  if (found?.kind !== kind) throw new Error(`the plan has no ${kind} ${name}`)
  return found as Extract<Resource, { kind: K }>
}
const unitOf = (plan: readonly Resource[], name: string): UnitResource => find(plan, 'unit', name)
const caddyfileOf = (changed: Partial<SshTarget>): string =>
  find(serverPlan({ ...target, ...changed }, facts, payload), 'file', 'Caddyfile').content

test('names every resource once, and is the same each time it is made', () => {
  const plan = serverPlan(target, facts, payload)
  expect(new Set(plan.map(nameOf)).size).toBe(plan.length)
  expect(serverPlan(target, facts, payload)).toEqual(plan)
})

test('makes what a resource stands on before it', () => {
  const names = serverPlan(target, facts, payload).map(nameOf)
  const inOrder = [
    'packages postgresql',
    'postgres-cluster soen',
    'postgres-database mlflow',
    'unit soen-mlflow.service',
    'answer of /run/soen-mlflow/mlflow.sock',
    'unit soen-auth-proxy.service',
    'firewall soen',
    'unit caddy.service',
  ]
  expect(names.filter((name) => inOrder.includes(name))).toEqual(inOrder)
})

describe('the machine', () => {
  test.each(distributions)('is fit with $id $version', ({ id, version, hasCaddy }) => {
    const plan = serverPlan(target, { ...facts, os: { id, version, name: id } }, payload)
    const names = plan.map(nameOf)
    expect(names.includes('packages caddy')).toBe(hasCaddy)
    const program = hasCaddy ? '/usr/bin/caddy' : '/opt/soen/bin/caddy'
    expect(unitOf(plan, 'caddy.service').content).toContain(`ExecStart=${program} run`)
  })

  test.each([
    [
      'Debian 11',
      { os: { id: 'debian', version: '11', name: 'Debian GNU/Linux 11 (bullseye)' } },
      'SOEN_OS_UNSUPPORTED',
      'Python is too old',
    ],
    [
      'Fedora',
      { os: { id: 'fedora', version: '44', name: 'Fedora 44' } },
      'SOEN_OS_UNSUPPORTED',
      'Fedora 44',
    ],
    ['an old Python', { python: '3.9.2' }, 'SOEN_HOST_PYTHON_TOO_OLD', '3.9.2'],
    ['no Python', { python: null }, 'SOEN_HOST_PYTHON_MISSING', 'none'],
    ['512 MB', { memoryBytes: 500e6 }, 'SOEN_MEMORY_TOO_SMALL', '500 MB'],
    [
      'a web server on it',
      { listeners: [{ port: 80, program: 'nginx' }] },
      'SOEN_PORT_TAKEN',
      'Port 80 of this machine is taken by nginx',
    ],
    [
      "somebody else's Caddy on it",
      { listeners: [{ port: 443, program: 'caddy' }], hasForeignCaddy: true },
      'SOEN_PORT_TAKEN',
      'Port 443 of this machine is taken by caddy',
    ],
  ])('is refused with %s', (_what, changed, code, message) => {
    expect(() => serverPlan(target, { ...facts, ...changed }, payload)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    )
  })

  test('is fit while our own Caddy holds its ports', () => {
    const listeners = [{ port: 443, program: 'caddy' }]
    expect(serverPlan(target, { ...facts, listeners }, payload).length).toBeGreaterThan(30)
  })

  test('is not told what only its host can decide when it is a container', () => {
    const kinds = serverPlan(target, { ...facts, memoryBytes: 1.9e9, isContainer: true }, payload).map(
      ({ kind }) => kind,
    )
    expect(kinds).not.toContain('swap')
    expect(kinds).not.toContain('kernel-parameters')
  })

  test('has workers for its memory and its processors, and swap below 4 GB', () => {
    const machines = [
      { memoryBytes: 0.96e9 },
      { memoryBytes: 1.95e9 },
      { memoryBytes: 4.1e9 },
      { memoryBytes: 8.6e9 },
      { memoryBytes: 8.6e9, processors: 2 },
    ]
    const sized = machines.map((machine) => {
      const plan = serverPlan(target, { ...facts, ...machine }, payload)
      const workers = /--workers (\d)/.exec(unitOf(plan, 'soen-mlflow.service').content)?.[1]
      return [workers, plan.some(({ kind }) => kind === 'swap')]
    })
    expect(sized).toEqual([
      ['1', true],
      ['1', true],
      ['2', true],
      ['4', false],
      ['2', false],
    ])
  })
})

describe('the services', () => {
  test('start anew when what they run changed, and only those that run it', () => {
    const files = payload.files.map((file) =>
      file.path === payloadPaths.authProxy ? { ...file, sha256: 'f'.repeat(64) } : file,
    )
    const [before, after] = [payload, { files }].map((carried) => {
      const plan = serverPlan(target, facts, carried)
      return ['soen-mlflow.service', 'soen-auth-proxy.service', 'caddy.service'].map(
        (name) => unitOf(plan, name).inputs,
      )
    })
    expect(after?.map((inputs, index) => inputs === before?.[index])).toEqual([true, false, true])
  })

  test('are told secrets by a file for root alone, never by a unit', () => {
    const secrets = {
      databasePassword: 'pass:word',
      s3: { accessKeyId: 'AKIA', secretAccessKey: 'hush' },
      dnsToken: 'dns-hush',
    }
    const database = 'postgresql+psycopg2://mlflow@db.example.org/mlflow'
    const dns = { update: 'https://dns.example.org/update?name={domain}&key={token}', every: '5m' }
    const plan = serverPlan({ ...target, database, dns }, facts, { ...payload, secrets })
    expect(find(plan, 'file', '/pgpass')).toMatchObject({
      mode: 0o600,
      content: '*:*:*:*:pass\\:word\n',
      readBy: ['soen-mlflow.service', 'soen-auth-proxy.service'],
    })
    expect(find(plan, 'folder', '/credentials').mode).toBe(0o700)
    const open = plan.filter((resource) => resource.kind !== 'file' || resource.mode !== 0o600)
    for (const secret of ['pass:word', 'hush']) expect(JSON.stringify(open)).not.toContain(secret)
    expect(plan.map(nameOf)).not.toContain('packages postgresql')
    expect(unitOf(plan, 'soen-auth-proxy.service').content).toContain(
      '--state postgresql://mlflow@db.example.org/mlflow',
    )
  })
})

describe('TLS', () => {
  test('comes from the authority of the settings', () => {
    const tls = {
      mode: 'acme',
      email: 'admin@example.org',
      directory: 'https://ca.example.org/dir',
      rootFile: '/etc/root.pem',
    } as const
    expect(caddyfileOf({ tls })).toContain(
      '\temail admin@example.org\n\tacme_ca https://ca.example.org/dir\n\tacme_ca_root /etc/root.pem\n',
    )
  })

  test('is proved by port 80 alone where 443 is restricted', () => {
    const allowed = [{ door: 'web', network: '192.0.2.0/24' }] as const
    const firewall = { ...target.firewall, web: 'listed' } as const
    const plan = serverPlan({ ...target, firewall }, { ...facts, allowed }, payload)
    expect(find(plan, 'file', 'Caddyfile').content).toContain('disable_tlsalpn_challenge')
    const { rules } = find(plan, 'firewall', 'soen')
    expect(rules).toContain('    tcp dport 80 accept\n')
    expect(rules).toContain('    ip saddr 192.0.2.0/24 tcp dport 443 accept\n')
    expect(rules).not.toContain('    tcp dport 443 accept\n')
  })

  test('takes files through systemd, so that their key stays root’s, and serves new ones', () => {
    const tls = { mode: 'files', certificateFile: '/etc/c.pem', keyFile: '/etc/k.pem' } as const
    const plan = serverPlan({ ...target, tls }, facts, payload)
    expect(unitOf(plan, 'caddy.service').content).toContain('LoadCredential=key:/etc/k.pem\n')
    expect(find(plan, 'file', 'Caddyfile').content).toContain(
      'tls /run/credentials/caddy.service/certificate /run/credentials/caddy.service/key',
    )
    expect(find(plan, 'trigger', 'soen-certificate.path').content).toContain('PathChanged=/etc/c.pem\n')
  })

  test('is somebody else’s behind a load balancer', () => {
    const caddyfile = caddyfileOf({ tls: { mode: 'none' } })
    expect(caddyfile).toContain('\n:80 {\n')
    expect(caddyfile).toContain('auto_https off')
  })
})

describe('the firewall', () => {
  const listed = { ...target.firewall, ssh: 'listed', openPorts: [8080] } as const

  test('lets in who is listed, by either family of addresses', () => {
    const allowed = [
      { door: 'ssh', network: '2001:db8::/48' },
      { door: 'ssh', network: '192.0.2.7' },
    ] as const
    const { rules } = find(
      serverPlan({ ...target, firewall: listed }, { ...facts, sshPorts: [2222], allowed }, payload),
      'firewall',
      'soen',
    )
    expect(rules).toContain(
      '    ip saddr 192.0.2.7 tcp dport 2222 accept\n    ip6 saddr 2001:db8::/48 tcp dport 2222 accept\n',
    )
    expect(rules).toContain('    tcp dport 8080 accept\n')
  })

  test('is refused where it would lock everybody out', () => {
    expect(() => serverPlan({ ...target, firewall: listed }, facts, payload)).toThrow(
      expect.objectContaining({ code: 'SOEN_ALLOW_LIST_EMPTY' }),
    )
  })
})

test('keeps a dynamic name pointed at the machine without its token in a command line', () => {
  const dns = { update: 'duckdns', every: '5m' }
  const plan = serverPlan({ ...target, domain: 'team.duckdns.org', dns }, facts, {
    ...payload,
    secrets: { dnsToken: 'quiet' },
  })
  const trigger = find(plan, 'trigger', 'soen-dns.timer')
  expect(trigger.content).toContain('OnUnitActiveSec=5min\n')
  expect(trigger.service).toMatch(/ExecStart=.*update\.py ".*\{token\}" team\n/)
  expect(trigger.service).toContain('LoadCredential=token:')
})
