import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { waitUntil } from '@soen/testbed'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startDeployedSoen } from '../testing/deployed-soen.ts'
import type { DeployingSoenBehindGate } from '../testing/deploying-soen.ts'
import { logRunOn } from '../testing/first-run.ts'

const suite = process.env['SOEN_SUITE'] === 'trixie' ? 'trixie' : 'bookworm'
const postgresVersion = { bookworm: 15, trixie: 17 }[suite]

// A deployed server, for tests of later deploys.
let team: DeployingSoenBehindGate
let password = ''
// `npm run soak` uses the other release.
beforeAll(async () => {
  team = await startDeployedSoen(suite)
  const made = await team.ok('user', 'add', 'ada', '--role', 'admin', '--target', 'lab')
  password = String(made['password'])
})
afterAll(async () => {
  await team[Symbol.asyncDispose]()
})

test('names what somebody changed by hand, and mends it', async () => {
  await team.onHost(
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
  expect(await team.ok('deploy')).toMatchObject({ changed: 3 })
  expect(await team.ok('deploy')).toMatchObject({ changed: 0 })
})

/** The process id of the provisioner, running or last seen. */
const provisioner = (): Promise<string> =>
  team.onHost(`sed 's/.*"pid":\\([0-9]*\\).*/\\1/' /var/lib/soen/deploy-holder.json`)

test('lets one of two deploys wait, and the other leave with the name of who holds the machine', async () => {
  const before = await provisioner()
  await team.onHost('systemctl stop soen-mlflow')
  const first = team.soen(['deploy', '--json'])
  await waitUntil(async () => (await provisioner()) !== before, { what: 'the first deploy to be at work' })
  const holder = await provisioner()
  // Stopped, so that it holds the lock until the others have met it.
  await team.onHost(`kill -STOP ${holder}`)
  expect(await team.fails('deploy')).toMatchObject({
    code: 'SOEN_DEPLOY_LOCKED',
    message: expect.stringContaining('@'),
  })
  const waiting = team.start(['deploy', '--wait', '120'])
  const ended = once(waiting, 'exit')
  let said = ''
  waiting.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
  await waitUntil(() => said.includes('Waiting for'), { what: 'the second deploy to wait' })
  await team.onHost(`kill -CONT ${holder}`)
  expect((await first).status).toBe(0)
  expect(await ended).toEqual([0, null])
})

test.each(['terminal', 'machine'] as const)(
  'converges after the deploy was killed on the %s',
  async (side) => {
    await team.onHost('systemctl stop soen-auth-proxy; rm -f /etc/soen/Caddyfile /opt/soen/bin/uv')
    const before = await provisioner()
    const running = team.start(['deploy'])
    const ended = once(running, 'exit')
    await waitUntil(async () => (await provisioner()) !== before, { what: 'the provisioner to be at work' })
    if (side === 'terminal') running.kill('SIGKILL')
    else await team.onHost(`kill -9 ${await provisioner()}`)
    await ended
    await team.ok('deploy', '--wait', '60')
    expect(await team.ok('deploy')).toMatchObject({ changed: 0 })
  },
)

test('lets in at a restricted door who is listed, until the time is over', async () => {
  team.writeSettings({ firewall: { ssh: 'listed' } })
  expect(await team.fails('deploy')).toMatchObject({ code: 'SOEN_ALLOW_LIST_EMPTY' })
  expect(await team.fails('allow-ip', 'me')).toMatchObject({ code: 'SOEN_OWN_ADDRESS_UNKNOWN' })
  await team.ok('allow-ip', 'me', '--door', 'ssh', '--label', 'gate')
  await team.ok('deploy')
  await team.ok('allow-ip', '192.0.2.0/24', '--door', 'ssh', '--label', 'office', '--for', '30d')
  expect(await team.onHost('nft list table inet soen')).toContain('ip saddr 192.0.2.0/24 tcp dport 22 accept')
  // The office gets another address.
  await team.ok('allow-ip', '198.51.100.7', '--door', 'ssh', '--label', 'office', '--for', '1h')
  const rules = await team.onHost('nft list table inet soen')
  expect(rules).toContain('198.51.100.7')
  expect(rules).not.toContain('192.0.2.0')
  await team.onHost(
    `sed -i 's/"until": "[^"]*"/"until": "2020-01-01T00:00:00.000Z"/' /etc/soen/allow-list.json`,
  )
  await team.onHost('systemctl start soen-allow-list.service')
  expect(await team.onHost('nft list table inet soen')).not.toContain('198.51.100.7')
  expect(await team.fails('allow-ip', 'remove', 'gate')).toMatchObject({ code: 'SOEN_ALLOW_LIST_EMPTY' })
  expect(await team.ok('allow-ip', 'list')).toMatchObject({ entries: [{ door: 'ssh', label: 'gate' }] })
  expect(await team.fails('allow-ip', '192.0.2.300')).toMatchObject({ code: 'SOEN_NETWORK_INVALID' })
  expect(await team.ok('deploy')).toMatchObject({ changed: 0 })
})

test('keeps secrets out of the bundle for whoever helps, and out of everything that others can read', async () => {
  team.writeSettings()
  const { token } = await team.ok('token', 'create', 'ada', '--name', 'laptop', '--target', 'lab')
  // The secret of a database elsewhere has a test of its own, beside the plan.
  const planted = {
    SOEN_DNS_TOKEN: 'planted-dns-t0ken',
    SOEN_S3_ACCESS_KEY_ID: 'planted-s3-id',
    SOEN_S3_SECRET_ACCESS_KEY: 'planted-s3-k3y',
  }
  const secrets = [...Object.values(planted), team.sudoPassword, password, String(token)]
  // A text that must be found shows that the search works.
  writeFileSync(join(team.folder, 'secrets'), [...secrets, 'in-plain-sight'].join('\n'))
  await team.host.copyIn(join(team.folder, 'secrets'), '/root/secrets')
  await team.onHost(
    'echo in-plain-sight > /tmp/plain; systemd-run --quiet --unit=soen-test-plain --setenv=PLAIN=in-plain-sight sleep 600',
  )
  const find = 'grep --text --fixed-strings --file'
  // During the deploy, too: every process with its environment, again and again.
  const look = `while sleep 0.5; do cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | ${find} /root/secrets --only-matching >> /root/seen; done`
  await team.onHost(`systemd-run --quiet --unit=soen-test-look sh -c '${look}'`)
  const deployed = await team.soen(['deploy'], planted)
  // With what it said, for whoever reads why it failed.
  expect(deployed).toEqual({ status: 0, stdout: deployed.stdout, stderr: expect.any(String) as string })
  await team.onHost('systemctl stop soen-test-look soen-test-plain')
  expect(await team.onHost('sort -u /root/seen')).toBe('in-plain-sight')

  await team.onHost(
    `echo '{"url":"postgresql://mlflow:planted-in-a-log@db/mlflow"}' >> /var/lib/soen/audit.ndjson`,
  )
  const { path } = Object(await team.ok('support-bundle'))
  const bundle = readFileSync(String(path), 'utf8')
  expect(bundle).toContain('===== caddyfile.txt')
  expect(bundle).toContain('postgresql://mlflow:[removed]@db/mlflow')
  const readable = await team.onHost(
    "journalctl --all --output=export; systemctl show 'soen-*' caddy; cat /var/lib/soen/audit.ndjson /etc/systemd/system/*.service",
  )
  for (const secret of secrets) {
    expect(`${bundle}${readable}${deployed.stdout}${deployed.stderr}`).not.toContain(secret)
  }
  const files = '/etc /run /tmp /var /opt/soen --exclude-dir=site-packages'
  expect(await team.onHost(`runuser -u nobody -- ${find} - -rls ${files} < /root/secrets`)).toBe('/tmp/plain')
  // The next deploy need not have them.
  expect(await team.ok('deploy')).toMatchObject({ changed: 0 })
})

test('says what is wrong with an unkind machine, and goes on when it is mended', async () => {
  await team.onHost('rm /opt/soen/bin/uv; rm -r /opt/soen/store')
  await team.onHost('mkdir /opt/soen/store && mount -t tmpfs -o size=8m tmpfs /opt/soen/store')
  expect(await team.fails('deploy')).toMatchObject({ code: 'SOEN_DISK_FULL' })
  await team.onHost('mount -o remount,ro /opt/soen/store')
  expect(await team.fails('deploy')).toMatchObject({ code: 'SOEN_READ_ONLY_ROOT' })
  await team.onHost('umount /opt/soen/store')
  expect(await team.ok('deploy')).toMatchObject({ changed: 1 })
})

test('is taken off the machine without its data', async () => {
  const runId = await logRunOn(team.host, password)
  expect(await team.fails('destroy')).toMatchObject({ code: 'SOEN_NO_TERMINAL' })
  const would = await team.ok('destroy', '--dry-run')
  expect(await team.onHost('systemctl is-active soen-mlflow')).toBe('active')
  const did = await team.ok('destroy', '--yes')
  expect(did['removed']).toEqual(would['removed'])
  expect(did['removeData']).toContain(`sudo pg_dropcluster --stop ${postgresVersion} soen`)
  expect(await team.onHost('ls /etc/systemd/system /opt')).not.toContain('soen')
  expect(await team.fails('status')).toMatchObject({ code: 'SOEN_NOT_DEPLOYED' })
  // The data is still a working database, which can be started again.
  await team.onHost(`pg_ctlcluster ${postgresVersion} soen start`)
  expect(runId).toMatch(/^[0-9a-f]{32}$/)
  const query = 'psql --port 5488 --tuples-only --no-align --command "select run_uuid from runs" mlflow'
  expect(await team.onHost(`cd / && runuser -u postgres -- ${query}`)).toContain(runId)
})
