import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DeployingSoenBehindGate } from './deploying-soen.ts'

/**
 * Ways to keep a team from reaching its machine, by the code of the resulting error; each sets up the obstacle and
 * resolves to a verb's arguments.
 */
export const obstacles: Readonly<
  Record<string, (team: DeployingSoenBehindGate) => Promise<readonly string[]>>
> = {
  async SOEN_SSH_JUMP_DENIED(team) {
    return settingsWith(team, { jump: [`mallory@${team.gate.address}`] })
  },
  async SOEN_SSH_NO_DNS(team) {
    return settingsWith(team, { address: 'no-such-host.invalid', jump: [] })
  },
  async SOEN_NO_SUDO(team) {
    const letIn = 'useradd --create-home carol && cp -r ~/.ssh ~carol/ && chown -R carol: ~carol/.ssh'
    await team.host.run(`${letIn}; echo 'carol:${team.sudoPassword}' | chpasswd`)
    return settingsWith(team, { user: 'carol' })
  },
  async SOEN_SSH_HOST_KEY_CHANGED({ folder, gate, host }) {
    const knownHosts = join(folder, 'other_hosts')
    // Hosts of one release share their key: this one belongs to none.
    const other = readFileSync(`${gate.identityFile}.pub`, 'utf8')
    writeFileSync(knownHosts, `${gate.address} ${gate.hostKey}\n${host.address} ${other}`)
    const config = readFileSync(join(folder, 'ssh_config'), 'utf8')
    const otherConfig = join(folder, 'other_config')
    writeFileSync(otherConfig, config.replace(/UserKnownHostsFile .*/, `UserKnownHostsFile ${knownHosts}`))
    return ['--ssh-config', otherConfig]
  },
}

function settingsWith(
  team: DeployingSoenBehindGate,
  changed: Readonly<Record<string, unknown>>,
): readonly string[] {
  const jump = [`alice@${team.gate.address}`]
  team.writeSettings({ host: { address: team.host.address, user: 'deploy', jump, ...changed } })
  return []
}
