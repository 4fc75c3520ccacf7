import { randomInt } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { unitText, type PlanEvent, type Resource, type UnitResource } from '@soen/host'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { temporaryFolder, type TemporaryFolder } from './folder.ts'
import { packProgram } from './pack-program.ts'
import { startSystemdHost, type SystemdHost } from './systemd-host/systemd-host.ts'

const us = { owner: 'root', group: 'root' }
const unit: UnitResource = {
  kind: 'unit',
  name: 'soen-demo.service',
  content: `[Unit]
Description=A demonstration

[Service]
Type=exec
User=soen-demo
ExecStart=/usr/bin/sleep infinity
Restart=on-failure

[Install]
WantedBy=multi-user.target
`,
  inputs: 'conf-1',
}
const around: Resource[] = [
  { kind: 'packages', names: ['nftables', 'python3'] },
  { kind: 'account', name: 'soen-demo', home: '/var/lib/soen-demo', groups: ['adm'] },
  { kind: 'folder', path: '/var/lib/soen-demo', mode: 0o750, owner: 'soen-demo', group: 'soen-demo' },
  {
    kind: 'file',
    path: '/etc/soen-demo.conf',
    content: 'port = 1\n',
    mode: 0o640,
    ...us,
    group: 'soen-demo',
  },
]
const plan: Resource[] = [...around, unit]

const kills = Number(process.env['SOEN_PROVISIONER_KILLS'] ?? 3)

let host: SystemdHost
let folder: TemporaryFolder
beforeAll(async () => {
  folder = temporaryFolder('plan')
  host = await startSystemdHost()
  // Everything that the machine needs is copied to it.
  await host.run('mkdir /opt/test')
  await host.copyIn(process.execPath, '/opt/test/node')
  await packProgram(program, join(folder.path, 'apply.mjs'))
  await host.copyIn(join(folder.path, 'apply.mjs'), '/opt/test/apply.mjs')
})
afterAll(async () => {
  await host[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

/** The compile cache saves compiling it again. */
const applyCommand = 'NODE_COMPILE_CACHE=compiled exec ./node apply.mjs'
const program = fileURLToPath(new URL('on-host/apply-plan.ts', import.meta.url))

async function carry(resources: readonly Resource[]): Promise<void> {
  const file = join(folder.path, 'plan.json')
  writeFileSync(file, JSON.stringify(resources))
  await host.copyIn(file, '/opt/test/plan.json')
}

async function apply(resources: readonly Resource[] = plan): Promise<PlanEvent[]> {
  await carry(resources)
  const { code, stdout, stderr } = await host.run(`cd /opt/test && ${applyCommand}`)
  if (code !== 0) throw new Error(stderr)
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

const changesOf = (events: readonly PlanEvent[]): string[] =>
  events.flatMap(({ type, resource, differences }) =>
    type === 'unchanged' ? [] : differences.map(({ aspect }) => `${resource}: ${aspect}`),
  )
const invocation = async (): Promise<string> =>
  (await host.run('systemctl show soen-demo.service --property=InvocationID --value')).stdout

test('makes a bare host as planned, then changes nothing and restarts nothing', async () => {
  expect((await apply()).map(({ type }) => type)).toEqual(plan.map(() => 'changed'))
  expect((await host.run('id -un $(stat -c %u /var/lib/soen-demo)')).stdout).toBe('soen-demo\n')
  expect((await host.run('systemctl is-active soen-demo')).stdout).toBe('active\n')
  const started = await invocation()
  expect(changesOf(await apply())).toEqual([])
  expect(await invocation()).toBe(started)
})

test.each([
  ['apt-get remove -y nftables', 'packages nftables python3: package nftables'],
  ['usermod --shell /bin/bash soen-demo', 'account soen-demo: shell'],
  ['gpasswd -d soen-demo adm', 'account soen-demo: groups'],
  ['chmod 777 /var/lib/soen-demo', 'folder /var/lib/soen-demo: mode'],
  ['chown root /var/lib/soen-demo', 'folder /var/lib/soen-demo: owner'],
  ['rmdir /var/lib/soen-demo', 'folder /var/lib/soen-demo: folder'],
  ['echo port = 2 >> /etc/soen-demo.conf', 'file /etc/soen-demo.conf: content'],
  ['chgrp root /etc/soen-demo.conf', 'file /etc/soen-demo.conf: owner'],
  ['systemctl stop soen-demo', 'unit soen-demo.service: state'],
  ['systemctl disable soen-demo', 'unit soen-demo.service: start at boot'],
  ['sed -i s/infinity/1000/ /etc/systemd/system/soen-demo.service', 'unit soen-demo.service: content'],
])('names and mends what «%s» did', async (drift, name) => {
  await host.run(drift)
  expect(changesOf(await apply())).toEqual([name])
  expect(changesOf(await apply())).toEqual([])
})

test('mends the home of an account, which nobody may be using meanwhile', async () => {
  await host.run('systemctl stop soen-demo && usermod --home /tmp soen-demo')
  expect(changesOf(await apply())).toEqual(['account soen-demo: home', 'unit soen-demo.service: state'])
  expect(changesOf(await apply())).toEqual([])
})

test('restarts a unit whose inputs changed, and only then', async () => {
  const before = await invocation()
  const changed = [...around, { ...unit, inputs: 'conf-2' }]
  expect(changesOf(await apply(changed))).toEqual([
    'unit soen-demo.service: content',
    'unit soen-demo.service: inputs',
  ])
  expect(await invocation()).not.toBe(before)
  await apply()
})

test('sees a unit that still runs with what it was started with before', async () => {
  // The file was changed, but its writer was killed before the restart.
  writeFileSync(join(folder.path, 'unit'), unitText({ ...unit, inputs: 'conf-3' }))
  await host.copyIn(join(folder.path, 'unit'), '/etc/systemd/system/soen-demo.service')
  const events = await apply([...around, { ...unit, inputs: 'conf-3' }])
  expect(changesOf(events)).toEqual(['unit soen-demo.service: loaded text', 'unit soen-demo.service: inputs'])
  await apply()
})

test('comes to the same end however often it is killed', async () => {
  await carry(plan)
  for (let kill = 0; kill < kills; kill += 1) {
    await host.run(
      'systemctl disable --now soen-demo; rm -rf /etc/systemd/system/soen-demo.service /etc/soen-demo.conf /var/lib/soen-demo; userdel soen-demo; apt-get remove -y nftables',
    )
    const waitMs = randomInt(1500)
    const running = host.run(`cd /opt/test && echo $$ > pid && ${applyCommand}`)
    await sleep(waitMs)
    await host.run('kill -9 $(cat /opt/test/pid)')
    await running
    await apply()
    expect(changesOf(await apply()), `killed after ${waitMs} ms`).toEqual([])
  }
})

test('is as planned after a reboot', async () => {
  await host.reboot()
  expect(changesOf(await apply())).toEqual([])
})
