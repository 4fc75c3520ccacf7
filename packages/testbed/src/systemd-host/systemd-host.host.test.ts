import { expect, test } from 'vitest'
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
