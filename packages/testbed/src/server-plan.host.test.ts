import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import type { LookupFunction } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'node:tls'
import { promisify } from 'node:util'
import type { PlanEvent, ServerTarget } from '@soen/host'
import { ensureMlflow } from '@soen/mlflow-server'
import { Agent, request } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { requestConstantly } from './constant-requests.ts'
import { temporaryFolder, type TemporaryFolder } from './folder.ts'
import { startPebble, type RunningPebble } from './pebble.ts'
import { startServerMachine, type ServerMachine } from './server-machine.ts'
import { waitUntil } from './wait-until.ts'

const run = promisify(execFile)
const domain = 'mlflow.soen.test'
const password = 'one long password'
const lifetimeS = 120
// More in `npm run soak`.
const renewals = Number(process.env['SOEN_RENEWALS'] ?? 1)
const outages = [process.env['SOEN_ACME_OUTAGE_S']].filter(Boolean).map(Number)
const trainingS = Number(process.env['SOEN_TRAINING_S'] ?? 5)

let machine: ServerMachine
let pebble: RunningPebble
let folder: TemporaryFolder
let web: Agent
let target: ServerTarget
let firstSerial: string

beforeAll(async () => {
  folder = temporaryFolder('server-plan')
  machine = await startServerMachine({ suite: 'bookworm' })
  const { address } = machine.host
  pebble = await startPebble({
    listenOn: address.replace(/\d+$/, '1'),
    namesAt: address,
    validForS: lifetimeS,
  })
  web = new Agent({ connect: wayIn() })
  writeFileSync(join(folder.path, 'directory-root.pem'), pebble.directoryRoot)
  await machine.host.copyIn(join(folder.path, 'directory-root.pem'), '/etc/ssl/certs/team-authority.pem')
  writeFileSync(join(folder.path, 'issuer-root.pem'), pebble.issuerRoot)
  target = {
    where: 'ssh',
    host: { address, jump: [] },
    domain,
    tls: {
      mode: 'acme',
      directory: pebble.directoryUrl,
      rootFile: '/etc/ssl/certs/team-authority.pem',
    },
    firewall: { ssh: 'anyone', web: 'anyone', openPorts: [] },
    securityUpdates: true,
    database: 'postgres',
    artifacts: { uri: 'disk' },
  }
})
afterAll(async () => {
  await web.close()
  await pebble[Symbol.asyncDispose]()
  await machine[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

/** Resolves every name to this host. */
function wayIn(): { lookup: LookupFunction; ca: string } {
  const { address } = machine.host
  return { lookup: (_name, _options, done) => done(null, [{ address, family: 4 }]), ca: pebble.issuerRoot }
}

// A machine sold with 2 GB: one worker.
const facts = { memoryBytes: 1.95e9 }
const secrets = { s3: { accessKeyId: 'of a bucket', secretAccessKey: 'hush' } }
const apply = (): Promise<readonly PlanEvent[]> => machine.apply({ target, facts, secrets })
const changesOf = (events: readonly PlanEvent[]): string[] =>
  events.flatMap(({ type, resource, differences }) =>
    type === 'unchanged' ? [] : differences.map(({ aspect }) => `${resource}: ${aspect}`),
  )
const onHost = async (command: string): Promise<string> => {
  const { code, stdout, stderr } = await machine.host.run(command)
  if (code !== 0) throw new Error(`${command}: ${stderr}`)
  return stdout
}
const invocations = (): Promise<string> =>
  onHost(
    'systemctl show --property=Id,InvocationID soen-mlflow soen-auth-proxy caddy "postgresql@*" systemd-journald soen-firewall',
  )

async function statusOf(path: string, headers: Record<string, string> = {}): Promise<number> {
  const { statusCode, body } = await request(`https://${domain}${path}`, { dispatcher: web, headers })
  await body.dump()
  return statusCode
}

/** Serial number of the certificate that is served. */
async function servedSerial(): Promise<string> {
  const options = { host: machine.host.address, port: 443, servername: domain, ca: pebble.issuerRoot }
  const socket = connect(options)
  try {
    await once(socket, 'secureConnect')
    return socket.getPeerCertificate().serialNumber
  } finally {
    socket.destroy()
  }
}

/** Logs a run with MLflow's own client, for which the name resolves to the host's address. */
async function logRun(): Promise<string> {
  const { python } = await ensureMlflow()
  const program = `
import socket, sys
real = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **named: real('${machine.host.address}' if host == '${domain}' else host, *rest, **named)
import mlflow
mlflow.set_experiment('dendrites')
with mlflow.start_run() as run:
    mlflow.log_metric('loss', 0.5)
    mlflow.log_text('kept', 'note.txt')
print(mlflow.MlflowClient().get_run(run.info.run_id).data.metrics['loss'], mlflow.artifacts.load_text(run.info.artifact_uri + '/note.txt'))`
  const { stdout } = await run(python, ['-c', program], {
    env: {
      MLFLOW_TRACKING_URI: `https://${domain}`,
      MLFLOW_TRACKING_USERNAME: 'ada',
      MLFLOW_TRACKING_PASSWORD: password,
      GIT_PYTHON_REFRESH: 'quiet',
      REQUESTS_CA_BUNDLE: join(folder.path, 'issuer-root.pem'),
    },
  })
  return stdout.trim().split('\n').at(-1) ?? ''
}

test('plans a bare host without touching it', async () => {
  const events = await machine.apply({ target, facts, isDryRun: true })
  expect(events.filter(({ type }) => type === 'changed')).toEqual([])
  expect(events.filter(({ type }) => type === 'would-change').length).toBeGreaterThan(30)
  expect(await onHost('ls /etc/soen /var/lib/soen /opt/soen/bin 2>&1; true')).toMatch(
    /No such file.*\n.*No such/,
  )
})

// On a machine that is busy with other tests a whole deploy takes minutes.
const timeout = 900_000

test('makes a bare host a server that a run is logged to over HTTPS', { timeout }, async () => {
  await apply()
  expect(await onHost('systemctl is-system-running')).toBe('running\n')
  const state = 'postgresql:///soen_proxy?host=/var/run/postgresql&port=5488'
  const user = `runuser -u soen-auth-proxy -- /opt/soen/bin/node /opt/soen/auth-proxy/main.mjs user set ada --role admin --state '${state}'`
  await onHost(`printf '%s\\n' '${password}' | ${user}`)
  await waitUntil(async () => (await statusOf('/_soen/sign-in')) === 200, { what: 'HTTPS' })
  firstSerial = await servedSerial()
  expect(await logRun()).toBe('0.5 kept')
})

test('changes nothing and restarts nothing the second time', async () => {
  const before = await invocations()
  expect(changesOf(await apply())).toEqual([])
  expect(await invocations()).toBe(before)
})

test('lets nobody read what is not theirs, and listens on nothing but SSH and the web', async () => {
  const asProxy = 'runuser -u soen-auth-proxy -- psql -p 5488'
  expect((await machine.host.run(`${asProxy} mlflow -c 'select 1'`)).stderr).toContain('permission denied')
  const asNobody = await machine.host.run(
    'runuser -u nobody -- ls /run/soen-mlflow /run/soen-auth-proxy /var/lib/soen/mlflow /var/lib/soen/auth-proxy',
  )
  expect(asNobody.stdout).toBe('')
  const ports = await onHost("ss -ltnH | awk '{print $4}' | sed 's/.*://' | sort -un")
  expect(ports.trim().split('\n')).toEqual(['22', '80', '443'])
  expect(await onHost('cat /proc/[0-9]*/cmdline')).not.toContain(password)
})

test('answers a browser with a page and a program with JSON while MLflow restarts', async () => {
  const restart = onHost('systemctl restart soen-mlflow')
  const page = await waitUntil(
    async () => {
      const headers = { accept: 'text/html', authorization: `Basic ${btoa(`ada:${password}`)}` }
      const answer = await request(`https://${domain}/`, { dispatcher: web, headers })
      const body = await answer.body.text()
      return answer.statusCode === 503 ? { ...answer, body } : undefined
    },
    { what: 'the page' },
  )
  expect(page.body).toContain('The server is starting')
  expect(page.headers['retry-after']).toBe('5')
  const api = await request(`https://${domain}/api/2.0/mlflow/experiments/get?experiment_id=0`, {
    dispatcher: web,
    headers: { authorization: `Basic ${btoa(`ada:${password}`)}` },
  })
  expect([api.statusCode, await api.body.json()]).toEqual([
    503,
    expect.objectContaining({ error_code: 'TEMPORARILY_UNAVAILABLE' }),
  ])
  await restart
  await waitUntil(async () => (await statusOf('/ready')) === 200, { what: 'MLflow' })
})

test('lets no request fail while the front door restarts', async () => {
  const answers: number[] = []
  const restart = onHost('systemctl restart soen-auth-proxy').then(() => 'done')
  while ((await Promise.race([restart, Promise.resolve('not yet')])) !== 'done' || answers.length < 20) {
    answers.push(await statusOf('/_soen/sign-in'))
  }
  expect(new Set(answers)).toEqual(new Set([200]))
})

test('stays under 1.2 GB in all on a machine of 2 GB while twenty programs log', async () => {
  const headers = { authorization: `Basic ${btoa(`ada:${password}`)}`, 'content-type': 'application/json' }
  const post = async (path: string, body: object): Promise<unknown> => {
    const url = `https://${domain}/api/2.0/mlflow/${path}`
    const answer = await request(url, {
      dispatcher: web,
      headers,
      method: 'POST',
      body: JSON.stringify(body),
    })
    const text = await answer.body.text()
    expect([answer.statusCode, text]).toEqual([200, expect.anything()])
    return JSON.parse(text)
  }
  const endsAt = performance.now() + trainingS * 1000
  const trainers = Array.from({ length: 20 }, async (_, trainer) => {
    const { run: made } = Object(await post('runs/create', { experiment_id: '0', run_name: `${trainer}` }))
    const run_id: string = made.info.run_id
    for (let step = 0; performance.now() < endsAt; step += 1) {
      const metrics = [{ key: 'loss', value: 1 / (step + 1), timestamp: Date.now(), step }]
      await post('runs/log-batch', { run_id, metrics, params: [], tags: [] })
    }
  })
  await Promise.all(trainers)
  const kilobytes = Number(
    await onHost("cat /proc/[0-9]*/smaps_rollup 2>/dev/null | awk '/^Pss:/ { sum += $2 } END { print sum }'"),
  )
  process.stderr.write(`memory of every process on the host: ${Math.round(kilobytes / 1024)} MiB\n`)
  expect(kilobytes * 1024).toBeLessThan(1.2e9)
})

test('is healthy by itself after a reboot, and still as planned', async () => {
  await machine.host.reboot()
  await waitUntil(async () => (await logRun()) === '0.5 kept', { what: 'a run', timeoutMs: 240_000 })
  expect(changesOf(await apply())).toEqual([])
})

test('renews its certificate by itself under load, and no request fails', async () => {
  const load = requestConstantly({
    url: `https://${domain}/api/2.0/mlflow/experiments/get?experiment_id=0`,
    headers: { authorization: `Basic ${btoa(`ada:${password}`)}` },
    connect: wayIn(),
  })
  // There may have been one renewal before: the first certificate is minutes old by now.
  const serials = new Set([firstSerial, await servedSerial()])
  const before = serials.size
  const hasRenewed = async (): Promise<boolean> => serials.add(await servedSerial()).size > renewals
  const timeoutMs = renewals * 150_000
  try {
    await waitUntil(hasRenewed, { timeoutMs, everyMs: 500, what: `${renewals} other certificates` })
    await sleep(1000)
  } finally {
    const { fresh, kept, failures } = await load.stop({ atLeast: 11 })
    const what = `${fresh} new connections and ${kept} requests over a kept one`
    process.stderr.write(`${what} during ${serials.size - before} renewals: ${failures.length} failed\n`)
    expect(failures).toEqual([])
    expect(Math.min(fresh, kept)).toBeGreaterThan(10)
  }
})

test.each(outages)('recovers by itself when the authority was away for %i s', async (outageS) => {
  await pebble.goAway()
  await sleep(outageS * 1000)
  expect(await servedSerial().catch((error: unknown) => Object(error).code)).toBe('CERT_HAS_EXPIRED')
  await pebble.comeBack()
  const backAt = performance.now()
  await waitUntil(servedSerial, { timeoutMs: 600_000, everyMs: 500, what: 'a certificate' })
  process.stderr.write(`a new certificate ${Math.round((performance.now() - backAt) / 1000)} s after\n`)
})
