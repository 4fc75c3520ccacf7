import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DestroyReport, OnHostAnswer, OnHostRequest, ServerTarget, VerbName } from '@soen/host'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { temporaryFolder, type TemporaryFolder } from './folder.ts'
import { packProgram } from './pack-program.ts'
import { startServerMachine, type ServerMachine } from './server-machine.ts'
import { waitUntil } from './wait-until.ts'

const target: ServerTarget = {
  where: 'ssh',
  host: { address: 'host', jump: [] },
  domain: 'mlflow.soen.test',
  tls: { mode: 'internal' },
  dns: { update: 'http://127.0.0.1:8053/update?name={domain}', every: '1h' },
  firewall: { ssh: 'anyone', web: 'anyone', openPorts: [] },
  securityUpdates: true,
  database: 'postgres',
  artifacts: { uri: 'disk' },
}
const us = { by: 'ada@laptop', version: '1.2.3' }

let machine: ServerMachine
let folder: TemporaryFolder
beforeAll(async () => {
  folder = temporaryFolder('destroy')
  machine = await startServerMachine({ suite: 'bookworm' })
  const program = join(folder.path, 'main.mjs')
  await packProgram(fileURLToPath(import.meta.resolve('@soen/host/main')), program)
  await machine.host.copyIn(program, '/opt/test/main.mjs')
  await onHost('cp --archive --link /opt/soen/store /opt/test/store')
})
afterAll(async () => {
  await machine[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

const onHost = async (command: string): Promise<string> => {
  const { code, stdout, stderr } = await machine.host.run(command)
  if (code !== 0) throw new Error(`${command}: ${stderr}`)
  return stdout
}

// Its stdin stays open while it works: the end of stdin would mean that the caller is gone.
const program = 'mkfifo -m 600 asked 2>/dev/null; exec 3<>asked; cat request >&3; exec ./node main.mjs <&3'

/** Sends a request to the program on the machine, like the CLI. */
async function ask<Name extends VerbName>(request: OnHostRequest<Name>): Promise<OnHostAnswer<Name>> {
  await put(request)
  const { stdout, stderr } = await machine.host.run(`cd /opt/test; ${program}`)
  const last = Object(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''))
  if (last.type !== 'result') throw Object.assign(new Error(`${stdout}${stderr}`), { code: last.code })
  return last.value
}

async function put(request: object): Promise<void> {
  writeFileSync(join(folder.path, 'request'), `${JSON.stringify(request)}\n`)
  await machine.host.copyIn(join(folder.path, 'request'), '/opt/test/request')
}

/** Deploys like the CLI: what is needed is copied to the store beforehand. */
async function deploy(to: ServerTarget = target): Promise<OnHostAnswer<'apply'>> {
  await onHost(
    'mkdir -p /opt/soen/store && cp --archive --link --no-clobber /opt/test/store/. /opt/soen/store',
  )
  return ask({ verb: 'apply', target: to, payload: machine.payload, isDryRun: false, waitS: 0, ...us })
}
const destroy = (isDryRun = false): Promise<DestroyReport> => ask({ verb: 'destroy', isDryRun, ...us })

/** Everything on the machine with our name, except data. */
const ours = (): Promise<string> =>
  onHost(`find / -xdev -name '*soen*' -not -path '/proc/*' -not -path '/sys/*' -not -path '/tmp/*' \\
    -not -path '/run/soen-provisioner.lock' -not -path '/var/lib/soen' -not -path '/var/lib/caddy/*' -not -path '/var/log/*' \\
    -not -path '/etc/postgresql/*' -not -path '/var/lib/postgresql/*' -not -path '/var/cache/postgresql/*'
    systemctl list-unit-files --no-legend 'soen*'
    systemctl list-units --plain --no-legend 'soen*' 'caddy*' 'postgresql@*'
    nft list tables; swapon --show; systemctl is-active systemd-journald; systemctl is-system-running`)
/** What is not ours, and the state of a machine without anything of ours. */
const leftAlone = 'table inet theirs\nactive\nrunning\n'

// A whole deploy and more: on a machine that is busy with other tests it takes minutes.
const timeout = 900_000

test('takes away everything but data, and names beforehand exactly what', { timeout }, async () => {
  const accounts = await onHost('getent passwd')
  await deploy()
  await onHost('echo mine > /etc/systemd/journald.conf.d/theirs.conf; nft add table inet theirs')
  const would = await destroy(true)
  expect(await onHost('systemctl is-active soen-mlflow caddy soen-dns.timer')).toBe(
    'active\nactive\nactive\n',
  )
  expect(await destroy()).toEqual(would)
  expect(would.removed).toEqual([
    'unit soen-allow-list.timer',
    'unit soen-allow-list.service',
    'unit soen-dns.timer',
    'unit soen-dns.service',
    'unit caddy.service',
    'firewall soen',
    'unit soen-audit-sign.timer',
    'unit soen-audit-sign.service',
    'unit soen-auth-proxy.service',
    'unit soen-mlflow.service',
    'file /etc/postgresql-common/createcluster.d/soen.conf',
    'folder /etc/postgresql-common/createcluster.d',
    'file /etc/apt/apt.conf.d/52soen-security-updates',
    'file /etc/systemd/journald.conf.d/soen.conf',
    'folder /etc/soen',
    'folder /opt/soen',
  ])
  expect(would.kept).toEqual(
    expect.arrayContaining([
      '/var/lib/soen',
      '/var/lib/caddy',
      'PostgreSQL cluster 15-soen, stopped',
      'account soen-mlflow',
      'account soen-auth-proxy',
      'account caddy',
      'package postgresql',
    ]),
  )
  expect(await onHost('cat /etc/systemd/journald.conf.d/theirs.conf')).toBe('mine\n')
  expect(await ours()).toBe(leftAlone)
  expect((await onHost('getent passwd')).startsWith(accounts)).toBe(true)
  expect(await onHost('pg_lsclusters --no-header; cat /etc/postgresql/15/soen/start.conf')).toMatch(
    /^15 +soen +5488 +down .*\nmanual\n$/,
  )
  expect(await destroy().catch((error: unknown) => Object(error).code)).toBe('SOEN_NOT_DEPLOYED')
})

test('makes a server of it again, with the data that was kept', { timeout }, async () => {
  await onHost('echo kept > /var/lib/soen/mlflow/artifacts/note.txt')
  await deploy()
  expect(
    await onHost('systemctl is-active soen-mlflow caddy; cat /var/lib/soen/mlflow/artifacts/note.txt'),
  ).toBe('active\nactive\nkept\n')
  expect((await deploy()).changed).toBe(0)
})

test('goes on where it was killed, and takes away what earlier settings asked for', { timeout }, async () => {
  const { dns, ...withoutName } = target
  expect(dns).toBeDefined()
  await deploy({ ...withoutName, securityUpdates: false })
  const { files } = machine.payload
  expect(Object(JSON.parse(await onHost('cat /opt/soen/record.json')))).toMatchObject({
    present: { version: us.version, target: { securityUpdates: false }, files },
    former: [{ version: us.version, target, files }],
  })
  expect((await destroy(true)).removed).toContain('file /etc/apt/apt.conf.d/52soen-security-updates')
  await put({ verb: 'destroy', isDryRun: false, ...us })
  const running = machine.host.run(`cd /opt/test; echo $$ > pid; ${program}`)
  const isBegun = async (): Promise<boolean> =>
    (await machine.host.run('test -e /etc/systemd/system/caddy.service')).code === 1
  await waitUntil(isBegun, { what: 'Caddy to be gone' })
  await machine.host.run('kill -9 $(cat /opt/test/pid)')
  await running
  await destroy()
  expect(await ours()).toBe(leftAlone)
  const lines = (await onHost('tail --lines=2 /var/lib/soen/audit.ndjson')).trim().split('\n')
  expect(lines.map((line) => Object(JSON.parse(line)))).toMatchObject([
    { ...us, verb: 'destroy', result: 'broken off' },
    { ...us, verb: 'destroy', result: 'done' },
  ])
})

test('takes away what a version before the record made', { timeout }, async () => {
  await deploy()
  // As that version left it.
  writeFileSync(join(folder.path, 'target.json'), JSON.stringify({ ...target, securityUpdates: false }))
  await machine.host.copyIn(join(folder.path, 'target.json'), '/etc/soen/target.json')
  await onHost('rm /opt/soen/record.json')
  expect(Object(await ask({ verb: 'status' })).isDeployed).toBe(true)
  expect((await destroy(true)).removed).toContain('file /etc/apt/apt.conf.d/52soen-security-updates')
  await destroy()
  expect(await ours()).toBe(leftAlone)
})
