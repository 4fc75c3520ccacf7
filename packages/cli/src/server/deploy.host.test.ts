import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { waitUntil } from '@soen/testbed'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startDeployingSoenBehindGate, type DeployingSoenBehindGate } from '../testing/deploying-soen.ts'
import { failureOf } from '../testing/failure-of.ts'
import { timeFirstRun } from '../testing/first-run.ts'
import { obstacles } from '../testing/obstacles.ts'

const suite = process.env['SOEN_SUITE'] === 'trixie' ? 'trixie' : 'bookworm'

// A bare machine, which becomes a server in the course of these tests.
let team: DeployingSoenBehindGate
// `npm run soak` uses the other release.
beforeAll(async () => {
  team = await startDeployingSoenBehindGate(suite)
})
afterAll(async () => {
  await team[Symbol.asyncDispose]()
})

const units = ['soen-mlflow', 'soen-auth-proxy', 'caddy']
const invocations = (): Promise<string> =>
  team.onHost(`systemctl show ${units.join(' ')} --property=InvocationID --value`)

test('says what a deploy to a bare machine would make, and leaves nothing there', async () => {
  const before = await team.onHost('ls / /opt /etc /var/lib /tmp; getent passwd | wc -l')
  const plan = await team.soen(['plan'])
  expect(plan).toMatchObject({ status: 3 })
  expect(plan.stdout).toContain('unit soen-mlflow.service\n')
  expect(plan.stdout).toMatch(/\d+ would change\.\n$/)
  expect(await team.onHost('ls / /opt /etc /var/lib /tmp; getent passwd | wc -l')).toBe(before)
})

test.each(Object.entries(obstacles))('says what stands between: %s', async (code, putUp) => {
  const args = await putUp(team)
  expect(await team.fails('deploy', ...args)).toMatchObject({ code })
  team.writeSettings()
})

test('says that the machine has too little memory, and plans one worker for one of 1 GB', async () => {
  const claim = (kilobytes: number): Promise<string> =>
    team.onHost(
      `sed 's/^MemTotal:.*/MemTotal: ${kilobytes} kB/' /proc/meminfo > /run/meminfo && mount --bind /run/meminfo /proc/meminfo`,
    )
  await claim(500_000)
  expect(await team.fails('deploy')).toMatchObject({
    code: 'SOEN_MEMORY_TOO_SMALL',
    message: expect.stringContaining('512 MB'),
  })
  await team.onHost('umount /proc/meminfo')
  await claim(980_000)
  const { stdout, status } = await team.soen(['eject'])
  await team.onHost('umount /proc/meminfo; rm /run/meminfo')
  expect([status, stdout]).toEqual([0, expect.stringMatching(/ExecStart=.* --workers 1$/m)])
})

test('leaves a machine alone whose port 80 is taken', async () => {
  // Under the name of the most common program.
  const nginx = 'cp "$(readlink -f /usr/bin/python3)" /usr/local/sbin/nginx'
  await team.onHost(`${nginx}; systemd-run --quiet --unit=nginx /usr/local/sbin/nginx -m http.server 80`)
  await waitUntil(() => team.onHost('ss -ltnH sport = :80').then((lines) => lines !== ''), { what: 'nginx' })
  expect(await team.fails('deploy')).toMatchObject({
    code: 'SOEN_PORT_TAKEN',
    message: 'Port 80 of this machine is taken by nginx.',
    hint: expect.stringContaining('systemctl disable --now nginx'),
  })
  expect(await team.onHost('ls /etc/soen; systemctl stop nginx; rm /usr/local/sbin/nginx')).toBe('')
})

// A deploy waits five minutes for it: only `npm run soak` takes that time.
const held = process.env['SOEN_APT_LOCKED'] === undefined ? [] : ['the package manager']

test.each(held)('says that another program holds %s', { timeout: 600_000 }, async () => {
  const hold =
    "import fcntl, time; f = open('/var/lib/dpkg/lock-frontend', 'w'); fcntl.lockf(f, fcntl.LOCK_EX); time.sleep(900)"
  await team.onHost(`systemd-run --quiet --unit=soen-test-lock python3 -c "${hold}"`)
  expect(await team.fails('deploy')).toMatchObject({ code: 'SOEN_APT_LOCKED' })
  await team.onHost('systemctl stop soen-test-lock')
})

test('says that the machine reaches no registry, and how it is done without one', async () => {
  const result = await team.soen(['deploy', '--json'], { SOEN_OFFLINE_BUNDLE: undefined })
  expect(failureOf(result)).toMatchObject({
    code: 'SOEN_HOST_OFFLINE',
    hint: expect.stringContaining('--offline-bundle'),
  })
}, 600_000)

test('makes the bare machine a server, behind a jump host and with a sudo that asks', async () => {
  const result = await team.ok('deploy')
  expect(result).toMatchObject({ target: 'lab', ignoredKeys: [], changes: expect.any(Array) })
  expect(await team.onHost(`systemctl is-active ${units.join(' ')}`)).toBe('active\nactive\nactive')
}, 600_000)

test('prints the whole plan as shell and unit files, which a shell accepts', async () => {
  const { stdout, status } = await team.soen(['eject'])
  expect(status).toBe(0)
  expect(stdout).toContain("cat > /etc/systemd/system/soen-mlflow.service <<'SOEN_END'\n[Unit]\n")
  writeFileSync(join(team.folder, 'server.sh'), stdout)
  await team.host.copyIn(join(team.folder, 'server.sh'), '/root/server.sh')
  expect(await team.onHost('sh -n /root/server.sh && rm /root/server.sh && echo accepted')).toBe('accepted')
})

test('changes nothing and restarts nothing the second time', async () => {
  const before = await invocations()
  const startedAt = performance.now()
  const result = await team.ok('deploy')
  process.stderr.write(`the second deploy took ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`)
  expect(result).toMatchObject({ changed: 0, changes: [] })
  expect(await invocations()).toBe(before)
  expect((await team.soen(['plan'])).status).toBe(0)
})

// From a bare machine to the first run with an authority's certificate: only in `npm run soak`.
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
