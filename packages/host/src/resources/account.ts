import { runOrThrow } from '../machine/machine.ts'
import { nothing, type Difference, type ResourceKind } from './resource-kind.ts'

/** A system account without a login. */
interface AccountResource {
  readonly kind: 'account'
  readonly name: string
  readonly home: string
  /** Groups it belongs to besides its own. */
  readonly groups: readonly string[]
}

const noShell = '/usr/sbin/nologin'

/** System accounts, created without a password or shell; the home folder is a resource of its own. */
export const accountKind: ResourceKind<AccountResource> = {
  kind: 'account',
  name: ({ name }) => `account ${name}`,
  shell: ({ name, home, groups }) => [
    `id ${name} >/dev/null 2>&1 || useradd --system --user-group --home-dir ${home} --shell ${noShell} ${name}`,
    ...groups.map((group) => `usermod --append --groups ${group} ${name}`),
  ],
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
    // Groups are added, never removed: an administrator may have added some on purpose.
    if (groups.length > 0)
      await runOrThrow(machine, 'usermod', '--append', '--groups', groups.join(','), name)
  },
  async remains({ name }, machine) {
    if ((await machine.run('getent', ['passwd', name])).code !== 0) return nothing
    return { goes: [], stays: [{ what: `account ${name}`, removedBy: `sudo userdel ${name}` }] }
  },
  /** The account owns data, which would pass to the next account with its number. */
  async remove() {},
}
