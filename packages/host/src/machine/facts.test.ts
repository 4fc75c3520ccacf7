import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { distributionOf } from '../distributions.ts'
import { allowListPath, readFacts } from './facts.ts'
import type { CommandResult, Machine } from './machine.ts'

const caddyUnit = '/etc/systemd/system/caddy.service'
const memory = 'MemTotal:        2014440 kB\nMemFree:          190964 kB\n'

/** The output of a machine's tools, by command; all others are missing. */
interface Said {
  readonly files?: Readonly<Record<string, string>>
  readonly commands?: Readonly<Record<string, string>>
}

function machineThat({ files = {}, commands = {} }: Said): Machine {
  const root = mkdtempSync(join(tmpdir(), 'soen-facts-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const [path, text] of Object.entries({ '/proc/meminfo': memory, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const missing: CommandResult = { code: 127, stdout: '', stderr: '' }
  const all: Readonly<Record<string, string>> = { ss: '', ...commands }
  return {
    root,
    async run(command) {
      const stdout = all[command]
      return stdout === undefined ? missing : { code: 0, stdout, stderr: '' }
    },
    takeOver: async () => {},
  }
}

test.each([
  ['PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n', true],
  ['PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nVERSION_ID="13"\nID=debian\n', true],
  ['PRETTY_NAME="Ubuntu 22.04.5 LTS"\nVERSION_ID="22.04"\nID=ubuntu\nID_LIKE=debian\n', false],
  ['PRETTY_NAME="Ubuntu 24.04.3 LTS"\nVERSION_ID="24.04"\nID=ubuntu\nID_LIKE=debian\n', true],
  ['PRETTY_NAME="Ubuntu 26.04 LTS"\nVERSION_ID="26.04"\nID=ubuntu\nID_LIKE=debian\n', true],
  ['PRETTY_NAME="Debian GNU/Linux 11 (bullseye)"\nID=debian\nVERSION_ID="11"\n', undefined],
  ['PRETTY_NAME="Ubuntu 20.04.6 LTS"\nVERSION_ID="20.04"\nID=ubuntu\n', undefined],
  ['PRETTY_NAME="Linux Mint 22"\nVERSION_ID="22"\nID=linuxmint\nID_LIKE="ubuntu debian"\n', undefined],
])('tells the release by what %j says', async (text, hasCaddy) => {
  const facts = await readFacts(machineThat({ files: { '/etc/os-release': text } }))
  expect(facts.os.name).toBe(/PRETTY_NAME="(.*)"/.exec(text)?.[1])
  expect(distributionOf(facts)?.hasCaddy).toBe(hasCaddy)
})

test('knows who listens where, each once, and the ports of SSH', async () => {
  const facts = await readFacts(
    machineThat({
      commands: {
        ss: `LISTEN 0 511          0.0.0.0:80   0.0.0.0:* users:(("nginx",pid=7,fd=6),("nginx",pid=6,fd=6))
LISTEN 0 511             [::]:80      [::]:* users:(("nginx",pid=7,fd=7))
LISTEN 0 128       127.0.0.1%lo:631 0.0.0.0:*
LISTEN 0 128            0.0.0.0:2022 0.0.0.0:* users:(("sshd",pid=9,fd=3))
`,
        '/usr/sbin/sshd': 'port 22\nport 2222\naddressfamily any\n',
        python3: '3.11.2\n',
        nproc: '4\n',
      },
    }),
  )
  expect(facts).toMatchObject({
    listeners: [
      { port: 80, program: 'nginx' },
      { port: 631, program: 'unknown' },
      { port: 2022, program: 'sshd' },
    ],
    sshPorts: [22, 2222, 2022],
    python: '3.11.2',
    memoryBytes: 2014440 * 1024,
    processors: 4,
    isContainer: false,
  })
})

test.each([
  ['nothing', {}, false],
  ['our unit', { files: { [caddyUnit]: '[Unit]\nDescription=TLS of the SOEN server\n' } }, false],
  ['a unit of somebody else', { files: { [caddyUnit]: '[Unit]\nDescription=Our sites\n' } }, true],
  ['changed settings of the package', { commands: { dpkg: '??5?????? c /etc/caddy/Caddyfile\n' } }, true],
])('takes Caddy with %s for what it is', async (_what, said: Said, hasForeignCaddy) => {
  expect((await readFacts(machineThat(said))).hasForeignCaddy).toBe(hasForeignCaddy)
})

test('leaves out of the allow list whose time is over', async () => {
  const entries = [
    { door: 'ssh', network: '192.0.2.1', until: '2030-01-01T00:00:00Z' },
    { door: 'web', network: '192.0.2.2', until: '2030-01-03T00:00:00Z' },
    { door: 'web', network: '192.0.2.3' },
  ]
  const machine = machineThat({ files: { [allowListPath]: JSON.stringify(entries) } })
  const { allowed } = await readFacts(machine, new Date('2030-01-02T00:00:00Z'))
  expect(allowed.map(({ network }) => network)).toEqual(['192.0.2.2', '192.0.2.3'])
})

test('says so where the memory cannot be read', async () => {
  const machine = machineThat({ files: { '/proc/meminfo': '' } })
  await expect(readFacts(machine)).rejects.toMatchObject({ code: 'SOEN_FACTS_UNREADABLE' })
})
