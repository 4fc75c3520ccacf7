import { randomInt } from 'node:crypto'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { sockets, type PlanEvent, type ServerTarget } from '@soen/host'
import { request } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureWeed } from './s3.ts'
import { startServerMachine, type ServerMachine } from './server-machine.ts'
import { waitUntil } from './wait-until.ts'

/** Whether a port accepts connections; the firewall drops them without an answer. */
function connects({
  timeoutMs,
  ...address
}: {
  host: string
  port: number
  timeoutMs: number
}): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...address, timeout: timeoutMs })
    const end = (isIn: boolean): void => {
      socket.destroy()
      resolve(isIn)
    }
    socket
      .once('connect', () => end(true))
      .once('timeout', () => end(false))
      .once('error', () => end(false))
  })
}

const kills = Number(process.env['SOEN_PROVISIONER_KILLS'] ?? 4)

const target: ServerTarget = {
  where: 'ssh',
  host: { address: 'host', jump: [] },
  domain: 'mlflow.soen.test',
  tls: { mode: 'internal' },
  dns: { update: 'http://127.0.0.1:8053/update?name={domain}&key={token}', every: '1h' },
  firewall: { ssh: 'anyone', web: 'anyone', openPorts: [] },
  securityUpdates: true,
  database: 'postgres',
  artifacts: { uri: 'disk' },
}
const options = { target, facts: { memoryBytes: 1.95e9 }, secrets: { dnsToken: 'dns hush' } }

let machine: ServerMachine
beforeAll(async () => {
  machine = await startServerMachine({ suite: 'trixie', hasCarriedPackages: true })
  const dnsService = 'python3 -u -m http.server 8053 --bind 127.0.0.1'
  await onHost(
    `mkdir -p /tmp/dns/update; systemd-run --quiet --unit=dns-service --working-directory=/tmp/dns ${dnsService}`,
  )
})
afterAll(() => machine[Symbol.asyncDispose]())

const apply = (): Promise<readonly PlanEvent[]> => machine.apply(options)
const changesOf = (events: readonly PlanEvent[]): string[] =>
  events.flatMap(({ type, resource, differences }) =>
    type === 'unchanged' ? [] : differences.map(({ aspect }) => `${resource}: ${aspect}`),
  )
const onHost = async (command: string): Promise<string> => {
  const { code, stdout, stderr } = await machine.host.run(command)
  if (code !== 0) throw new Error(`${command}: ${stderr}`)
  return stdout
}

const invocationOf = (unit: string): Promise<string> =>
  onHost(`systemctl show --property=InvocationID --value ${unit}`)

/** Things that an administrator has on the machine besides the server. */
const foreign = [
  'echo mine > /etc/soen/notes.txt; echo mine > /etc/caddy-notes; useradd --create-home alice',
  'nft add table inet theirs; nft add chain inet theirs input; nft add rule inet theirs input tcp dport 81 accept',
  'pg_createcluster 17 theirs --start >/dev/null',
]
const foreignState =
  'cat /etc/soen/notes.txt /etc/caddy-notes; getent passwd alice; nft list table inet theirs; pg_lsclusters -h | grep theirs; cat /etc/caddy/Caddyfile | sha256sum'

// A whole deploy and more: on a machine that is busy with other tests it takes minutes.
const timeout = 900_000

test('comes to the same end however often its first deploy is killed', { timeout }, async () => {
  await machine.carry(options)
  for (let kill = 0; kill < kills; kill += 1) {
    const running = machine.host.run(`echo $$ > /opt/test/pid && ${machine.applyCommand}`)
    await sleep(1000 + randomInt(5000))
    await machine.host.run('kill -9 $(cat /opt/test/pid)')
    await running
  }
  await apply()
  expect(changesOf(await apply())).toEqual([])
  expect(await onHost('systemctl is-system-running')).toBe('running\n')
})

/** Manual changes, and how the next deploy names each; in the plan's order. */
const drifts: readonly (readonly [string, string])[] = [
  ['chmod 700 /etc/soen', 'folder /etc/soen: mode'],
  ['rm /etc/systemd/journald.conf.d/soen.conf', 'file /etc/systemd/journald.conf.d/soen.conf: content'],
  ['apt-get remove -y unattended-upgrades', 'packages unattended-upgrades: package unattended-upgrades'],
  ['cp /bin/true /tmp/uv && mv /tmp/uv /opt/soen/bin/uv', 'file /opt/soen/bin/uv: content'],
  [
    'f=$(ls /etc/postgresql/*/soen/conf.d/soen.conf); echo "work_mem = \'1MB\'" >> $f',
    'postgres-cluster soen: soen.conf content',
  ],
  [
    'runuser -u postgres -- psql -p 5488 -c \'alter role "soen-mlflow" superuser\'',
    'postgres-database mlflow: role soen-mlflow',
  ],
  [
    "runuser -u postgres -- psql -p 5488 -c 'grant connect on database soen_proxy to public'",
    'postgres-database soen_proxy: access',
  ],
  ['usermod --shell /bin/bash soen-mlflow', 'account soen-mlflow: shell'],
  ['chown root /var/lib/soen/mlflow/artifacts', 'folder /var/lib/soen/mlflow/artifacts: owner'],
  [
    'rm -r /opt/soen/mlflow/*/lib/python3*/site-packages/click-*',
    'python-environment /opt/soen/mlflow/ENVIRONMENT: packages',
  ],
  [
    'sed -i s/^MemoryMax=.*/MemoryMax=1/ /etc/systemd/system/soen-mlflow.service',
    'unit soen-mlflow.service: content',
  ],
  ['systemctl disable soen-auth-proxy', 'unit soen-auth-proxy.service: start at boot'],
  ['nft add rule inet soen input tcp dport 9999 accept', 'firewall soen: rules'],
  ['chgrp nogroup /opt/soen/pages/maintenance.html', 'file /opt/soen/pages/maintenance.html: owner'],
  ['echo "# by hand" >> /etc/soen/Caddyfile', 'file /etc/soen/Caddyfile: content'],
  ['systemctl stop caddy', 'unit caddy.service: state'],
  ['systemctl stop soen-dns.timer', 'trigger soen-dns.timer: state'],
  // As a failed deploy of another version leaves them.
  [
    'cd /opt/soen && mkdir mlflow/000000000000 && touch -d 2020-01-01 mlflow/000000000000 store/$(printf %064d 0)',
    'store /opt/soen/store: what former deploys left',
  ],
]

test('names and mends what was changed by hand, and leaves alone what is not its own', async () => {
  for (const command of foreign) await onHost(command)
  const theirs = await onHost(foreignState)
  expect(theirs).toMatch(/^17 +theirs +5432 /m)
  for (const [command] of drifts) await onHost(command)

  const named = changesOf(await apply()).map((change) =>
    change.replace(/mlflow\/\w{12}:/, 'mlflow/ENVIRONMENT:'),
  )
  expect(named).toEqual(drifts.map(([, name]) => name))
  expect(changesOf(await apply())).toEqual([])
  expect(await onHost(foreignState)).toBe(theirs)
})

test('restarts what reads a setting that changed, and nothing else', async () => {
  const units = ['soen-mlflow', 'soen-auth-proxy', 'caddy']
  const before = await Promise.all(units.map(invocationOf))
  const changed = { ...target, domain: 'other.soen.test' }
  const events = await machine.apply({ ...options, target: changed })
  expect(changesOf(events)).toEqual([
    'unit soen-auth-proxy.service: content',
    'unit soen-auth-proxy.service: inputs',
    // It was waited for.
    'answer of /run/soen-auth-proxy/http.sock: GET /ready',
    'file /etc/soen/Caddyfile: content',
    'unit caddy.service: content',
    'unit caddy.service: inputs',
    'trigger soen-dns.timer: content',
    'trigger soen-dns.timer: service content',
  ])
  const after = await Promise.all(units.map(invocationOf))
  expect(after.map((id, index) => id === before[index])).toEqual([true, false, false])
})

test('points the name at the machine by a timer, and keeps the token out of every log', async () => {
  await onHost('systemctl start soen-dns.service')
  expect(await onHost('journalctl --unit=dns-service --output=cat')).toContain(
    'GET /update?name=other.soen.test&key=dns%20hush',
  )
  expect(await onHost('journalctl --unit=soen-dns --output=cat --since=-10s')).toContain('up to date')
  const everywhere =
    'journalctl --unit=soen-dns; cat /proc/[0-9]*/cmdline; systemctl cat soen-dns; systemctl show soen-dns'
  expect(await onHost(everywhere)).not.toMatch(/dns( |%20)hush/)
})

/** Puts a new certificate and key where the settings name them. */
const putCertificate = (name: string): Promise<string> =>
  onHost(`cd /tmp && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 9 \\
    -subj /CN=${name} -addext subjectAltName=DNS:mlflow.soen.test -keyout ${name}.key -out ${name}.pem 2>/dev/null
    cat ${name}.pem > /etc/ssl/team.pem && cat ${name}.key > /etc/ssl/private/team.key`)
const servedSubject = (): Promise<string> =>
  onHost(
    'openssl s_client -connect 127.0.0.1:443 -servername mlflow.soen.test </dev/null 2>/dev/null | openssl x509 -noout -subject; true',
  )

test('serves a certificate of files, and the next one as soon as somebody puts it there', async () => {
  await putCertificate('one')
  const tls = {
    mode: 'files',
    certificateFile: '/etc/ssl/team.pem',
    keyFile: '/etc/ssl/private/team.key',
  } as const
  const files = { ...options, target: { ...target, tls } }
  await machine.apply(files)
  await waitUntil(async () => /CN ?= ?one/.test(await servedSubject()), { what: 'the first certificate' })
  await putCertificate('two')
  await waitUntil(async () => /CN ?= ?two/.test(await servedSubject()), { what: 'the second certificate' })
  expect(changesOf(await machine.apply(files))).toEqual([])
  const reader = 'runuser -u caddy -- cat /etc/ssl/private/team.key'
  expect((await machine.host.run(reader)).stderr).toContain('Permission denied')
})

test('speaks plain HTTP to a load balancer, with the carried Caddy where the distribution has none', async () => {
  const os = { id: 'ubuntu', version: '22.04', name: 'Ubuntu 22.04' }
  await machine.apply({
    ...options,
    target: {
      ...target,
      tls: { mode: 'none' },
    },
    facts: {
      ...options.facts,
      os,
    },
  })
  const exe = await onHost('readlink /proc/$(systemctl show --property=MainPID --value caddy)/exe')
  expect(exe).toBe('/opt/soen/bin/caddy\n')
  const headers = { host: target.domain, 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.99' }
  const { statusCode, body } = await request(`http://${machine.host.address}/_soen/sign-in`, { headers })
  await body.dump()
  expect(statusCode).toBe(200)
})

test('drops who is not listed, and leaves the door for the certificate open', async () => {
  const listed = { ...target, firewall: { ...target.firewall, web: 'listed' } } as const
  const isLetIn = (port: number): Promise<boolean> =>
    connects({ host: machine.host.address, port, timeoutMs: 2000 })
  const applyFor = (network: string): Promise<unknown> =>
    machine.apply({
      ...options,
      target: listed,
      facts: {
        ...options.facts,
        allowed: [
          {
            door: 'web',
            network,
          },
        ],
      },
    })
  await applyFor('192.0.2.0/24')
  expect([await isLetIn(443), await isLetIn(80), await isLetIn(22)]).toEqual([false, true, true])
  await applyFor(machine.host.address.replace(/\d+$/, '0/24'))
  expect(await isLetIn(443)).toBe(true)
})

test('uses a database elsewhere, whose password is in no unit, environment or command line', async () => {
  const password = 'far: away'
  const [, port = ''] = (await onHost('pg_lsclusters -h | grep theirs')).split(/\s+/).slice(1)
  const sql = `create role team login password '${password}'; create database team owner team;`
  await onHost(`printf '%s\n' "${sql}" | runuser -u postgres -- psql -q -p ${port}`)
  const database = `postgresql+psycopg2://team@127.0.0.1:${port}/team`
  await machine.apply({
    target: { ...target, database },
    facts: options.facts,
    secrets: { databasePassword: password },
  })
  const tables = `runuser -u postgres -- psql -p ${port} -At team -c "select string_agg(distinct schemaname, ' ') from pg_tables where tableowner = 'team'"`
  expect(await onHost(tables)).toBe('public soen_auth\n')
  const everywhere =
    'cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ; cat /etc/systemd/system/soen-*; journalctl --boot --unit=soen-mlflow --unit=soen-auth-proxy'
  expect(await onHost(everywhere)).not.toContain('away')
})

/** Sends a request to MLflow as the front door does; returns the response. */
const askMlflow = (method: string, path: string, body = ''): Promise<string> =>
  onHost(`python3 - <<'END'
import http.client, socket
connection = http.client.HTTPConnection('localhost')
connection.sock = socket.socket(socket.AF_UNIX)
connection.sock.connect('${sockets.mlflow}')
connection.request('${method}', '${path}', ${JSON.stringify(body)})
answer = connection.getresponse()
print(answer.status, answer.read().decode())
END`)

test('keeps artifacts in a bucket, whose keys are in no unit, environment or command line', async () => {
  await machine.host.copyIn(await ensureWeed(), '/usr/local/bin/weed')
  const keys = { accessKeyId: 'team', secretAccessKey: 'bucket hush' }
  const environment = `AWS_ACCESS_KEY_ID=${keys.accessKeyId}\nAWS_SECRET_ACCESS_KEY=${keys.secretAccessKey}\n`
  await onHost(`install -d -m 700 /root/s3 && printf '${environment}' > /root/s3.env`)
  const weed = 'weed mini -dir=/root/s3 -ip=127.0.0.1 -ip.bind=127.0.0.1 -bucket=team -s3.port=8333'
  await onHost(
    `systemd-run --quiet --unit=their-s3 --property=EnvironmentFile=/root/s3.env ${weed} -webdav=false -admin.ui=false -master.telemetry=false`,
  )
  const status =
    'import urllib.request, urllib.error\ntry: urllib.request.urlopen("http://127.0.0.1:8333/team")\nexcept urllib.error.HTTPError as error: print(error.code)\nexcept OSError: pass'
  const isUp = async (): Promise<boolean> => (await onHost(`printf '${status}' | python3`)) === '403\n'
  await waitUntil(isUp, { what: 'the S3 server' })

  const artifacts = { uri: 's3://team/runs', endpoint: 'http://127.0.0.1:8333' }
  await machine.apply({
    target: { ...target, artifacts },
    facts: options.facts,
    secrets: { ...options.secrets, s3: keys },
  })
  const artifact = '/api/2.0/mlflow-artifacts/artifacts/0/kept/note.txt'
  expect(await askMlflow('PUT', artifact, 'in the bucket')).toMatch(/^200 /)
  expect(await askMlflow('GET', artifact)).toBe('200 in the bucket\n')
  expect(await onHost('find /var/lib/soen/mlflow/artifacts -name note.txt')).toBe('')
  const everywhere =
    'cat /proc/[0-9]*/cmdline /proc/$(systemctl show --property=MainPID --value soen-mlflow)/environ; cat /etc/systemd/system/soen-*; journalctl --boot --unit=soen-mlflow --unit=soen-auth-proxy'
  expect(await onHost(everywhere)).not.toContain('bucket hush')
})

test('refuses a machine whose web port is taken, before it changes anything', async () => {
  await onHost(
    'systemctl stop caddy; systemd-run --quiet --unit=their-web python3 -m http.server 80; sleep 1',
  )
  await expect(apply()).rejects.toThrow(/SOEN_PORT_TAKEN Port 80 of this machine is taken by python3/)
  expect(await onHost('systemctl is-active caddy; true')).toBe('inactive\n')
  await onHost('systemctl stop their-web')
  const { dns, ...withoutName } = target
  expect(dns).toBeDefined()
  expect(changesOf(await machine.apply({ ...options, target: withoutName }))).toContain(
    'retired-trigger soen-dns.timer: unit',
  )
  expect(await onHost('ls /etc/systemd/system')).not.toMatch(/soen-(dns|certificate)/)
  expect(await onHost(`test -S ${sockets.authProxy} && systemctl is-active caddy`)).toBe('active\n')
})
