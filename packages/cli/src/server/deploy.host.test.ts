import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { waitUntil } from '@soen/testbed'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startDeployingSoenBehindGate, type DeployingSoenBehindGate } from '../testing/deploying-soen.ts'
import { failureOf, type Failed } from '../testing/failure-of.ts'
import { logRunOn, timeFirstRun } from '../testing/first-run.ts'
import { obstacles } from '../testing/obstacles.ts'
import { startTraining } from '../testing/training.ts'

const suite = process.env['SOEN_SUITE'] === 'trixie' ? 'trixie' : 'bookworm'
const postgresVersion = { bookworm: 15, trixie: 17 }[suite]

// One machine lives through all of this, in order, as a team's does.
let team: DeployingSoenBehindGate
let runId = ''
let password = ''
let token = ''
beforeAll(async () => {
  // `npm run soak` has the other release.
  team = await startDeployingSoenBehindGate(suite)
})
afterAll(async () => {
  await team[Symbol.asyncDispose]()
})

const onHost = async (command: string): Promise<string> => (await team.host.run(command)).stdout.trim()

/** A verb that must succeed, with its JSON. */
async function ok(...args: readonly string[]): Promise<Record<string, unknown>> {
  const result = await team.soen([...args, '--json'])
  expect(result, `it said: ${result.stderr}`).toMatchObject({ status: 0 })
  return Object(JSON.parse(result.stdout))
}

async function fails(...args: readonly string[]): Promise<Failed> {
  return failureOf(await team.soen([...args, '--json']))
}

const units = ['soen-mlflow', 'soen-auth-proxy', 'caddy']
const invocations = (): Promise<string> =>
  onHost(`systemctl show ${units.join(' ')} --property=InvocationID --value`)

test('says what a deploy to a bare machine would make, and leaves nothing there', async () => {
  const before = await onHost('ls / /opt /etc /var/lib /tmp; getent passwd | wc -l')
  const plan = await team.soen(['plan'])
  expect(plan).toMatchObject({ status: 3 })
  expect(plan.stdout).toContain('unit soen-mlflow.service\n')
  expect(plan.stdout).toMatch(/\d+ would change\.\n$/)
  expect(await onHost('ls / /opt /etc /var/lib /tmp; getent passwd | wc -l')).toBe(before)
})

test.each(Object.entries(obstacles))('says what stands between: %s', async (code, putUp) => {
  const args = await putUp(team)
  expect(await fails('deploy', ...args)).toMatchObject({ code })
  team.writeSettings()
})

test('says that the machine has too little memory, and plans one worker for one of 1 GB', async () => {
  const claim = (kilobytes: number): Promise<string> =>
    onHost(
      `sed 's/^MemTotal:.*/MemTotal: ${kilobytes} kB/' /proc/meminfo > /run/meminfo && mount --bind /run/meminfo /proc/meminfo`,
    )
  await claim(500_000)
  expect(await fails('deploy')).toMatchObject({
    code: 'SOEN_MEMORY_TOO_SMALL',
    message: expect.stringContaining('512 MB'),
  })
  await onHost('umount /proc/meminfo')
  await claim(980_000)
  const { stdout, status } = await team.soen(['eject'])
  await onHost('umount /proc/meminfo; rm /run/meminfo')
  expect([status, stdout]).toEqual([0, expect.stringMatching(/ExecStart=.* --workers 1$/m)])
})

test('leaves a machine alone whose port 80 is taken', async () => {
  // Under the name of the program that is there most often.
  const nginx = 'cp "$(readlink -f /usr/bin/python3)" /usr/local/sbin/nginx'
  await onHost(`${nginx}; systemd-run --quiet --unit=nginx /usr/local/sbin/nginx -m http.server 80`)
  await waitUntil(() => onHost('ss -ltnH sport = :80').then((lines) => lines !== ''), { what: 'nginx' })
  expect(await fails('deploy')).toMatchObject({
    code: 'SOEN_PORT_TAKEN',
    message: 'Port 80 of this machine is taken by nginx.',
    hint: expect.stringContaining('systemctl disable --now nginx'),
  })
  expect(await onHost('ls /etc/soen; systemctl stop nginx; rm /usr/local/sbin/nginx')).toBe('')
})

// A deploy waits five minutes for it: only `npm run soak` has them.
const held = process.env['SOEN_APT_LOCKED'] === undefined ? [] : ['the package manager']

test.each(held)('says that another program holds %s', { timeout: 600_000 }, async () => {
  const hold =
    "import fcntl, time; f = open('/var/lib/dpkg/lock-frontend', 'w'); fcntl.lockf(f, fcntl.LOCK_EX); time.sleep(900)"
  await onHost(`systemd-run --quiet --unit=soen-test-lock python3 -c "${hold}"`)
  expect(await fails('deploy')).toMatchObject({ code: 'SOEN_APT_LOCKED' })
  await onHost('systemctl stop soen-test-lock')
})

test('says that the machine reaches no registry, and how it is done without one', async () => {
  const result = await team.soen(['deploy', '--json'], { SOEN_OFFLINE_BUNDLE: undefined })
  expect(failureOf(result)).toMatchObject({
    code: 'SOEN_HOST_OFFLINE',
    hint: expect.stringContaining('--offline-bundle'),
  })
}, 600_000)

test('makes the bare machine a server, behind a jump host and with a sudo that asks', async () => {
  const result = await ok('deploy')
  expect(result).toMatchObject({ target: 'lab', ignoredKeys: [], changes: expect.any(Array) })
  expect(await onHost(`systemctl is-active ${units.join(' ')}`)).toBe('active\nactive\nactive')
}, 600_000)

test('prints the whole plan as shell and unit files, which a shell accepts', async () => {
  const { stdout, status } = await team.soen(['eject'])
  expect(status).toBe(0)
  expect(stdout).toContain("cat > /etc/systemd/system/soen-mlflow.service <<'SOEN_END'\n[Unit]\n")
  writeFileSync(join(team.folder, 'server.sh'), stdout)
  await team.host.copyIn(join(team.folder, 'server.sh'), '/root/server.sh')
  expect(await onHost('sh -n /root/server.sh && rm /root/server.sh && echo accepted')).toBe('accepted')
})

test('changes nothing and restarts nothing the second time', async () => {
  const before = await invocations()
  const startedAt = performance.now()
  const result = await ok('deploy')
  process.stderr.write(`the second deploy took ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`)
  expect(result).toMatchObject({ changed: 0, changes: [] })
  expect(await invocations()).toBe(before)
  expect((await team.soen(['plan'])).status).toBe(0)
})

test('names what somebody changed by hand, and mends it', async () => {
  await onHost(
    'chmod 777 /etc/soen/Caddyfile; systemctl disable soen-mlflow; echo x >> /opt/soen/host/main.mjs',
  )
  const plan = await team.soen(['plan', '--json'])
  expect(plan.status).toBe(3)
  const named = Object(JSON.parse(plan.stdout)).changes.map(({ resource }: { resource: string }) => resource)
  expect(named).toEqual([
    'file /opt/soen/host/main.mjs',
    'unit soen-mlflow.service',
    'file /etc/soen/Caddyfile',
  ])
  expect(await ok('deploy')).toMatchObject({ changed: 3 })
  expect(await ok('deploy')).toMatchObject({ changed: 0 })
})

/** The provisioner at work, or the last one that was. */
const provisioner = (): Promise<string> =>
  onHost(`sed 's/.*"pid":\\([0-9]*\\).*/\\1/' /var/lib/soen/deploy-holder.json`)

test('lets one of two deploys wait, and the other leave with the name of who holds the machine', async () => {
  const before = await provisioner()
  await onHost('systemctl stop soen-mlflow')
  const first = team.soen(['deploy', '--json'])
  await waitUntil(async () => (await provisioner()) !== before, { what: 'the first deploy to be at work' })
  const holder = await provisioner()
  // Held still, it is at work for as long as it takes the others to meet it.
  await onHost(`kill -STOP ${holder}`)
  expect(await fails('deploy')).toMatchObject({
    code: 'SOEN_DEPLOY_LOCKED',
    message: expect.stringContaining('@'),
  })
  const waiting = team.start(['deploy', '--wait', '120'])
  const ended = once(waiting, 'exit')
  let said = ''
  waiting.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
  await waitUntil(() => said.includes('Waiting for'), { what: 'the second deploy to wait' })
  await onHost(`kill -CONT ${holder}`)
  expect((await first).status).toBe(0)
  expect(await ended).toEqual([0, null])
})

test.each(['terminal', 'machine'] as const)(
  'converges after the deploy was killed on the %s',
  async (side) => {
    await onHost('systemctl stop soen-auth-proxy; rm -f /etc/soen/Caddyfile /opt/soen/bin/uv')
    const before = await provisioner()
    const running = team.start(['deploy'])
    const ended = once(running, 'exit')
    await waitUntil(async () => (await provisioner()) !== before, { what: 'the provisioner to be at work' })
    if (side === 'terminal') running.kill('SIGKILL')
    else await onHost(`kill -9 ${await provisioner()}`)
    await ended
    await ok('deploy', '--wait', '60')
    expect(await ok('deploy')).toMatchObject({ changed: 0 })
  },
)

test('shows on one screen how the server is', async () => {
  expect(await ok('status')).toMatchObject({
    server: 'https://soen.test',
    health: 'healthy',
    certificate: { isNewestServed: true },
    lastDeploy: { result: 'done', by: expect.stringContaining('@') },
  })
  const { stdout } = await team.soen(['status'])
  expect(stdout.trimEnd().split('\n').length).toBeLessThan(20)
  expect(stdout).toMatch(/^Certificate +\d+ hours left/m)
})

test('serves a renewed certificate at once', async () => {
  const serial = async (): Promise<unknown> => Object((await ok('cert', 'show'))['served']).serial
  const before = await serial()
  expect(await ok('cert', 'renew')).toMatchObject({ isNewestServed: true })
  expect(await serial()).not.toBe(before)
})

test('restarts MLflow and the front door, and waits until they answer', async () => {
  const before = await invocations()
  expect(await ok('restart')).toMatchObject({ health: 'healthy' })
  expect(await invocations()).not.toBe(before)
})

test('shows the logs of one program, and of any unit', async () => {
  const { stdout, status } = await team.soen(['logs', 'caddy', '-n', '3', '--json'])
  expect(status).toBe(0)
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => Object(JSON.parse(line)))
  expect(lines).toHaveLength(3)
  expect(lines[0]).toMatchObject({ unit: 'caddy.service' })
  expect((await team.soen(['logs', '--unit', 'ssh.service', '-n', '5000'])).stdout).toContain(
    'Server listening',
  )
  expect(await fails('logs', '--unit', 'no-such.service')).toMatchObject({ code: 'SOEN_NO_LOGS' })
})

test('follows the logs until Ctrl-C', async () => {
  const talking = 'while sleep 0.5; do date +words-%N; done'
  await onHost(`systemd-run --unit=soen-test-words sh -c "${talking}"`)
  const following = team.start(['logs', '-f', '-n', '1', '--unit', 'soen-test-words.service'])
  let shown = ''
  following.stdout?.setEncoding('utf8').on('data', (text: string) => (shown += text))
  // More lines than the one that was asked for can only have come while it followed.
  await waitUntil(() => shown.split('words-').length > 4, { what: 'the new lines' })
  expect(following.exitCode).toBe(null)
  const ended = once(following, 'exit')
  following.kill('SIGINT')
  await ended
  await onHost('systemctl stop soen-test-words')
})

test('runs a command on the machine, with its exit code', async () => {
  expect(await team.soen(['ssh', '--', 'sh', '-c', 'echo "it is $USER"; exit 7'])).toMatchObject({
    status: 7,
    stdout: 'it is deploy\n',
  })
})

test('manages people over SSH while TLS is broken', async () => {
  await onHost('systemctl stop caddy soen-auth-proxy')
  const made = await ok('user', 'add', 'ada', '--role', 'admin', '--target', 'lab')
  password = String(made['password'])
  expect(password).toHaveLength(24)
  expect((await team.soen(['user', 'list', '--target', 'lab'])).stdout).toContain('ada')
  const created = await ok('token', 'create', 'ada', '--name', 'laptop', '--target', 'lab')
  token = String(created['token'])
  expect(token).toMatch(/^soen_/)
  expect((await team.soen(['audit', '--target', 'lab'])).stdout).toContain('made token')
  expect(await ok('audit', 'verify', '--target', 'lab')).toMatchObject({ isIntact: true })
  await ok('deploy')
  runId = await logRunOn(team.host, password)
  expect(await ok('status')).toMatchObject({ loggingNow: [{ user: 'ada' }] })
})

// `npm run soak` has more of them.
const outages = (process.env['SOEN_OUTAGES'] ?? 'power cut').split(',')

test.each(outages)('loses nothing of a training that logs through a %s', async (outage) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'training-'))
  const training = startTraining({
    beside: team.gate,
    server: team.host,
    password,
    folder: folder.path,
    authority: await onHost('cat /var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt'),
  })
  await training.delivering()
  await sleep(2000)
  const startedAt = performance.now()
  if (outage === 'reboot') await team.host.reboot()
  else {
    await team.host.powerCut()
    await team.host.powerOn()
  }
  const isHealthy = async (): Promise<boolean> => (await team.soen(['status'])).status === 0
  // It is printed how long that takes; a busy machine is no failure.
  await waitUntil(isHealthy, { what: 'a healthy server', timeoutMs: 240_000 })
  const healthyAfterS = Math.round((performance.now() - startedAt) / 1000)
  const { logged, found, repeated, seconds, receipt } = await training.end()
  process.stderr.write(
    `${outage}: healthy after ${healthyAfterS} s; ${found} of ${logged} metrics of ${Math.round(seconds)} s are there, ${repeated} twice\n`,
  )
  expect({ found, repeated }).toEqual({ found: logged, repeated: 0 })
  expect(receipt).toMatchObject({ spooled: 0, dropped: 0, delivered: receipt.accepted })
})

test('lets in at a restricted door who is listed, until the time is over', async () => {
  team.writeSettings({ firewall: { ssh: 'listed' } })
  expect(await fails('deploy')).toMatchObject({ code: 'SOEN_ALLOW_LIST_EMPTY' })
  expect(await fails('allow-ip', 'me')).toMatchObject({ code: 'SOEN_OWN_ADDRESS_UNKNOWN' })
  await ok('allow-ip', 'me', '--door', 'ssh', '--label', 'gate')
  await ok('deploy')
  await ok('allow-ip', '192.0.2.0/24', '--door', 'ssh', '--label', 'office', '--for', '30d')
  expect(await onHost('nft list table inet soen')).toContain('ip saddr 192.0.2.0/24 tcp dport 22 accept')
  // The office moves.
  await ok('allow-ip', '198.51.100.7', '--door', 'ssh', '--label', 'office', '--for', '1h')
  const rules = await onHost('nft list table inet soen')
  expect(rules).toContain('198.51.100.7')
  expect(rules).not.toContain('192.0.2.0')
  await onHost(`sed -i 's/"until": "[^"]*"/"until": "2020-01-01T00:00:00.000Z"/' /etc/soen/allow-list.json`)
  await onHost('systemctl start soen-allow-list.service')
  expect(await onHost('nft list table inet soen')).not.toContain('198.51.100.7')
  expect(await fails('allow-ip', 'remove', 'gate')).toMatchObject({ code: 'SOEN_ALLOW_LIST_EMPTY' })
  expect(await ok('allow-ip', 'list')).toMatchObject({ entries: [{ door: 'ssh', label: 'gate' }] })
  expect(await fails('allow-ip', '192.0.2.300')).toMatchObject({ code: 'SOEN_NETWORK_INVALID' })
  expect(await ok('deploy')).toMatchObject({ changed: 0 })
})

test('keeps secrets out of the bundle for whoever helps, and out of everything that others can read', async () => {
  team.writeSettings()
  // That of a database elsewhere has a test of its own, beside the plan.
  const planted = {
    SOEN_DNS_TOKEN: 'planted-dns-t0ken',
    SOEN_S3_ACCESS_KEY_ID: 'planted-s3-id',
    SOEN_S3_SECRET_ACCESS_KEY: 'planted-s3-k3y',
  }
  const secrets = [...Object.values(planted), team.sudoPassword, password, token]
  // What is looked for and must be found shows that the looking works.
  writeFileSync(join(team.folder, 'secrets'), [...secrets, 'in-plain-sight'].join('\n'))
  await team.host.copyIn(join(team.folder, 'secrets'), '/root/secrets')
  await onHost(
    'echo in-plain-sight > /tmp/plain; systemd-run --quiet --unit=soen-test-plain --setenv=PLAIN=in-plain-sight sleep 600',
  )
  const find = 'grep --text --fixed-strings --file'
  // While the deploy is at work, too: every process with its environment, again and again.
  const look = `while sleep 0.5; do cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | ${find} /root/secrets --only-matching >> /root/seen; done`
  await onHost(`systemd-run --quiet --unit=soen-test-look sh -c '${look}'`)
  const deployed = await team.soen(['deploy'], planted)
  expect(deployed).toMatchObject({ status: 0 })
  await onHost('systemctl stop soen-test-look soen-test-plain')
  expect(await onHost('sort -u /root/seen')).toBe('in-plain-sight')

  await onHost(
    `echo '{"url":"postgresql://mlflow:planted-in-a-log@db/mlflow"}' >> /var/lib/soen/audit.ndjson`,
  )
  const { path } = Object(await ok('support-bundle'))
  const bundle = readFileSync(String(path), 'utf8')
  expect(bundle).toContain('===== caddyfile.txt')
  expect(bundle).toContain('postgresql://mlflow:[removed]@db/mlflow')
  const readable = await onHost(
    "journalctl --all --output=export; systemctl show 'soen-*' caddy; cat /var/lib/soen/audit.ndjson /etc/systemd/system/*.service",
  )
  for (const secret of secrets) {
    expect(`${bundle}${readable}${deployed.stdout}${deployed.stderr}`).not.toContain(secret)
  }
  const files = '/etc /run /tmp /var /opt/soen --exclude-dir=site-packages'
  expect(await onHost(`runuser -u nobody -- ${find} - -rls ${files} < /root/secrets`)).toBe('/tmp/plain')
  // Who deploys next need not know them.
  expect(await ok('deploy')).toMatchObject({ changed: 0 })
})

test('says what is wrong with an unkind machine, and goes on when it is mended', async () => {
  await onHost('rm /opt/soen/bin/uv; rm -r /opt/soen/store')
  await onHost('mkdir /opt/soen/store && mount -t tmpfs -o size=8m tmpfs /opt/soen/store')
  expect(await fails('deploy')).toMatchObject({ code: 'SOEN_DISK_FULL' })
  await onHost('mount -o remount,ro /opt/soen/store')
  expect(await fails('deploy')).toMatchObject({ code: 'SOEN_READ_ONLY_ROOT' })
  await onHost('umount /opt/soen/store')
  expect(await ok('deploy')).toMatchObject({ changed: 1 })
})

test('is taken off the machine without its data', async () => {
  expect(await fails('destroy')).toMatchObject({ code: 'SOEN_NO_TERMINAL' })
  const would = await ok('destroy', '--dry-run')
  expect(await onHost('systemctl is-active soen-mlflow')).toBe('active')
  const did = await ok('destroy', '--yes')
  expect(did['removed']).toEqual(would['removed'])
  expect(did['removeData']).toContain(`sudo pg_dropcluster --stop ${postgresVersion} soen`)
  expect(await onHost('ls /etc/systemd/system /opt')).not.toContain('soen')
  expect(await fails('status')).toMatchObject({ code: 'SOEN_NOT_DEPLOYED' })
  // The data is still a database: whoever wants it starts it again.
  await onHost(`pg_ctlcluster ${postgresVersion} soen start`)
  expect(runId).toMatch(/^[0-9a-f]{32}$/)
  const query = 'psql --port 5488 --tuples-only --no-align --command "select run_uuid from runs" mlflow'
  expect(await onHost(`cd / && runuser -u postgres -- ${query}`)).toContain(runId)
})

// From a bare machine to the first run with a certificate of an authority: `npm run soak` has them.
const firstRuns = (process.env['SOEN_FIRST_RUN'] ?? '').split(',').filter((name) => name !== '')

test.each(firstRuns)(
  'makes a bare %s a server that a run is logged to',
  { timeout: 900_000 },
  async (name) => {
    const seconds = await timeFirstRun(name === 'trixie' ? 'trixie' : 'bookworm')
    process.stderr.write(`${name}: the first run was logged ${seconds} s after soen deploy began\n`)
    expect(seconds).toBeGreaterThan(0)
  },
)
