import { runOrThrow } from '../machine/machine.ts'
import type { AccountResource, Difference, ResourceKind } from './resource.ts'

const noShell = '/usr/sbin/nologin'

/** System accounts: made without a password and without a shell; their home is a folder of its own in the plan. */
export const accountKind: ResourceKind<AccountResource> = {
  async differences({ name, home, groups }, machine) {
    const entry = (await machine.run('getent', ['passwd', name])).stdout.trim()
    if (entry === '') return [{ aspect: 'account', is: null, wanted: 'there' }]
    const [, , , , , isHome = '', isShell = ''] = entry.split(':')
    const isIn = (await runOrThrow(machine, 'id', '--name', '--groups', name)).trim().split(' ')
    const missing = groups.filter((group) => !isIn.includes(group))
    const differences: Difference[] = []
    if (isHome !== home) differences.push({ aspect: 'home', is: isHome, wanted: home })
    if (isShell !== noShell) differences.push({ aspect: 'shell', is: isShell, wanted: noShell })
    if (missing.length > 0)
      differences.push({ aspect: 'groups', is: isIn.join(' '), wanted: groups.join(' ') })
    return differences
  },
  async apply({ name, home, groups }, machine) {
    const isThere = (await machine.run('getent', ['passwd', name])).code === 0
    const options = ['--home-dir', home, '--shell', noShell]
    if (!isThere) await runOrThrow(machine, 'useradd', '--system', '--user-group', ...options, name)
    else await runOrThrow(machine, 'usermod', '--home', home, '--shell', noShell, name)
    // Added to, never taken from: an administrator may have reasons of their own.
    if (groups.length > 0)
      await runOrThrow(machine, 'usermod', '--append', '--groups', groups.join(','), name)
  },
}
