import { expect, test } from 'vitest'
import { ensureSnapshot } from './snapshot.ts'
import { startSystemdHost } from './systemd-host.ts'

test.each(['bookworm', 'trixie'] as const)(
  'is a bare %s that runs, reboots and survives a power cut',
  async (suite) => {
    await using host = await startSystemdHost({ suite })
    expect((await host.run('. /etc/os-release; echo $VERSION_CODENAME')).stdout).toBe(`${suite}\n`)
    expect((await host.run('systemctl list-units --failed --no-legend')).stdout).toBe('')
    await host.run('echo kept > /var/lib/mark; sync')

    await host.reboot()
    expect((await host.run('cat /var/lib/mark')).stdout).toBe('kept\n')

    await host.powerCut()
    expect((await host.run('true')).code).toBe(255)
    await host.powerOn()
    expect((await host.run('cat /var/lib/mark')).stdout).toBe('kept\n')
  },
)

test('gives the exit code of a command', async () => {
  await using host = await startSystemdHost()
  expect(await host.run('echo out; echo err >&2; exit 3')).toEqual({
    code: 3,
    stdout: 'out\n',
    stderr: 'err\n',
  })
})

test('boots from a snapshot of a host, and leaves it as it was', async () => {
  const snapshot = await ensureSnapshot({
    suite: 'bookworm',
    name: 'test',
    of: 'a mark in place of motd',
    async prepare(host) {
      await host.run('rm /etc/motd; mkdir /srv/ours; echo first > /srv/ours/mark')
    },
  })
  const look = 'cat /srv/ours/mark; ls /etc/motd 2>/dev/null; systemctl is-system-running'
  {
    await using host = await startSystemdHost({ snapshot })
    expect((await host.run(look)).stdout).toBe('first\nrunning\n')
    await host.run('rm -r /srv/ours; echo back > /etc/motd')
    await host.reboot()
    expect((await host.run(look)).stdout).toBe('/etc/motd\nrunning\n')
  }
  await using another = await startSystemdHost({ snapshot })
  expect((await another.run(look)).stdout).toBe('first\nrunning\n')
})
