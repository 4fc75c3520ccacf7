import { once } from 'node:events'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { waitUntil } from '@soen/testbed'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startDeployedSoen } from '../testing/deployed-soen.ts'
import type { DeployingSoenBehindGate } from '../testing/deploying-soen.ts'
import { logRunOn } from '../testing/first-run.ts'
import { startTraining } from '../testing/training.ts'

const suite = process.env['SOEN_SUITE'] === 'trixie' ? 'trixie' : 'bookworm'

let team: DeployingSoenBehindGate
let password = ''
// `npm run soak` uses the other release.
beforeAll(async () => {
  team = await startDeployedSoen(suite)
})
afterAll(async () => {
  await team[Symbol.asyncDispose]()
})

const units = ['soen-mlflow', 'soen-auth-proxy', 'caddy']
const invocations = (): Promise<string> =>
  team.onHost(`systemctl show ${units.join(' ')} --property=InvocationID --value`)

test('shows on one screen how the server is', async () => {
  expect(await team.ok('status')).toMatchObject({
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
  const serial = async (): Promise<unknown> => Object((await team.ok('cert', 'show'))['served']).serial
  const before = await serial()
  expect(await team.ok('cert', 'renew')).toMatchObject({ isNewestServed: true })
  expect(await serial()).not.toBe(before)
})

test('restarts MLflow and the front door, and waits until they answer', async () => {
  const before = await invocations()
  expect(await team.ok('restart')).toMatchObject({ health: 'healthy' })
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
  expect(await team.fails('logs', '--unit', 'no-such.service')).toMatchObject({ code: 'SOEN_NO_LOGS' })
})

test('follows the logs until Ctrl-C', async () => {
  const talking = 'while sleep 0.5; do date +words-%N; done'
  await team.onHost(`systemd-run --unit=soen-test-words sh -c "${talking}"`)
  const following = team.start(['logs', '-f', '-n', '1', '--unit', 'soen-test-words.service'])
  let shown = ''
  following.stdout?.setEncoding('utf8').on('data', (text: string) => (shown += text))
  // More lines than requested can only have come while it was following.
  await waitUntil(() => shown.split('words-').length > 4, { what: 'the new lines' })
  expect(following.exitCode).toBe(null)
  const ended = once(following, 'exit')
  following.kill('SIGINT')
  await ended
  await team.onHost('systemctl stop soen-test-words')
})

test('runs a command on the machine, with its exit code', async () => {
  expect(await team.soen(['ssh', '--', 'sh', '-c', 'echo "it is $USER"; exit 7'])).toMatchObject({
    status: 7,
    stdout: 'it is deploy\n',
  })
})

test('manages people over SSH while TLS is broken', async () => {
  await team.onHost('systemctl stop caddy soen-auth-proxy')
  const made = await team.ok('user', 'add', 'ada', '--role', 'admin', '--target', 'lab')
  password = String(made['password'])
  expect(password).toHaveLength(24)
  expect((await team.soen(['user', 'list', '--target', 'lab'])).stdout).toContain('ada')
  const created = await team.ok('token', 'create', 'ada', '--name', 'laptop', '--target', 'lab')
  expect(created['token']).toMatch(/^soen_/)
  expect((await team.soen(['audit', '--target', 'lab'])).stdout).toContain('made token')
  expect(await team.ok('audit', 'verify', '--target', 'lab')).toMatchObject({ isIntact: true })
  await team.ok('deploy')
  expect(await logRunOn(team.host, password)).toMatch(/^[0-9a-f]{32}$/)
  expect(await team.ok('status')).toMatchObject({ loggingNow: [{ user: 'ada' }] })
})

test('finds out who rewrote the audit in the table and in the files, by signatures of another user', async () => {
  const sign = 'systemctl start soen-audit-sign.service'
  const asDoor = 'runuser -u soen-auth-proxy --'
  const [audit, signatures] = ['/var/lib/soen/auth-proxy/audit', '/var/lib/soen/audit-signatures']
  await team.onHost(`${sign} && systemctl is-active --quiet soen-audit-sign.timer`)
  const before = await team.ok('audit', 'verify', '--target', 'lab')
  expect(before).toMatchObject({ isIntact: true, signed: { until: expect.any(String) } })

  // The user that it watches can neither read the key nor write the signed heads.
  const forbidden = [`cat ${signatures}/key.pem`, `touch ${signatures}/heads.jsonl`, `mv ${signatures} /tmp`]
  for (const attempt of forbidden) await team.onHost(`! ${asDoor} ${attempt}`)

  // Every trace of one whole chain, in all places that the front door's user can write to.
  const file = await team.onHost(`ls ${audit} | head -1`)
  const writer = file.trim().split('-')[1] ?? ''
  const drops = ['audit', 'audit_subjects', 'audit_heads'].map(
    (of) => `delete from ${of} where writer = '${writer}'`,
  )
  await team.onHost(`${asDoor} sh -c 'rm ${audit}/*-${writer}-*'`)
  await team.onHost(`${asDoor} psql -p 5488 -d soen_proxy -qc "${drops.join('; ')}"`)
  const { status, stdout } = await team.soen(['audit', 'verify', '--target', 'lab'])
  expect(status).toBe(1)
  expect(stdout).toMatch(new RegExp(`BROKEN[^]*${writer} was signed at .*, and is gone`))
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
    authority: await team.onHost('cat /var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt'),
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
  // The duration is printed; a slow machine is not a failure.
  await waitUntil(isHealthy, { what: 'a healthy server', timeoutMs: 240_000 })
  const healthyAfterS = Math.round((performance.now() - startedAt) / 1000)
  const { logged, found, repeated, seconds, receipt } = await training.end()
  process.stderr.write(
    `${outage}: healthy after ${healthyAfterS} s; ${found} of ${logged} metrics of ${Math.round(seconds)} s are there, ${repeated} twice\n`,
  )
  expect({ found, repeated }).toEqual({ found: logged, repeated: 0 })
  expect(receipt).toMatchObject({ spooled: 0, dropped: 0, delivered: receipt.accepted })
})
