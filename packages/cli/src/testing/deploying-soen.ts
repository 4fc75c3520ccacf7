import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ensureWheels, startSystemdHost, temporaryFolder, type Suite, type SystemdHost } from '@soen/testbed'
import { packPrograms } from '../payload/pack-programs.ts'
import { verbsIn, type Verbs } from './verbs-in.ts'

/** The target's settings, besides its host. */
export const settings = { domain: 'soen.test', tls: { mode: 'internal' }, securityUpdates: false }

/** A team's folder with its soen.yaml, the verbs run in it, and the machine that it names. */
export interface DeployingSoen extends Verbs, AsyncDisposable {
  readonly folder: string
  readonly host: SystemdHost
  /** The password that sudo asks for. */
  readonly sudoPassword: string
  /** Runs a command as root on the machine; resolves to its output, even if it fails. */
  onHost(command: string): Promise<string>
  /** Changes the settings of the only target. */
  writeSettings(more?: Readonly<Record<string, unknown>>): void
}

/** The same with a machine that is reachable only through a jump host. */
export interface DeployingSoenBehindGate extends DeployingSoen {
  /** The jump host: the only other machine in the host's network. */
  readonly gate: SystemdHost
}

/** Boots a machine behind a jump host, with an account on each, such as a lab's administrator hands out. */
export async function startDeployingSoenBehindGate(
  suite: Suite,
  snapshot?: string,
): Promise<DeployingSoenBehindGate> {
  const gate = await startSystemdHost()
  await gate.run(letIn('alice'))
  const team = await startDeployingSoen(suite, { gate, ...(snapshot !== undefined && { snapshot }) })
  return {
    ...team,
    gate,
    async [Symbol.asyncDispose]() {
      await team[Symbol.asyncDispose]()
      await gate[Symbol.asyncDispose]()
    },
  }
}

/** A team's machine, bare unless a snapshot is given. */
export interface MachineOptions {
  readonly gate?: SystemdHost
  readonly snapshot?: string
}

/** Boots a machine with an account such as a lab's administrator hands out. */
export async function startDeployingSoen(
  suite: Suite,
  { gate, ...options }: MachineOptions = {},
): Promise<DeployingSoen> {
  const host = await startSystemdHost({ suite, ...options, ...(gate !== undefined && { behind: gate }) })
  const team = await deployTo(host, suite, gate)
  return {
    ...team,
    async [Symbol.asyncDispose]() {
      await host[Symbol.asyncDispose]()
      await team[Symbol.asyncDispose]()
    },
  }
}

/** A team's folder for a machine that is running. */
export async function deployTo(host: SystemdHost, suite: Suite, gate?: SystemdHost): Promise<DeployingSoen> {
  const folder = temporaryFolder('deploy')
  const sudoPassword = 'c0rrect-horse'
  await host.run(
    `${letIn('deploy')}; usermod -aG sudo deploy; echo 'deploy:${sudoPassword}' | chpasswd --crypt-method SHA256`,
  )
  const sshConfig = join(folder.path, 'ssh_config')
  writeFileSync(sshConfig, sshConfigFor(folder.path, gate === undefined ? [host] : [gate, host]))
  const bundle = join(folder.path, 'bundle.tar')
  await pack(await ensureWheels(suite), bundle)

  const programs = join(folder.path, 'programs')
  await packPrograms(programs)
  const environment = {
    ...process.env,
    SOEN_PROGRAMS: programs,
    SOEN_SSH_CONFIG: sshConfig,
    SOEN_SUDO_PASSWORD: sudoPassword,
    SOEN_OFFLINE_BUNDLE: bundle,
  }
  const jump = gate === undefined ? [] : [`alice@${gate.address}`]
  const writeSettings = (more: Readonly<Record<string, unknown>> = {}): void => {
    const machine = { address: host.address, user: 'deploy', jump }
    const target = { where: 'ssh', host: machine, ...settings, ...more }
    // JSON is valid YAML.
    writeFileSync(join(folder.path, 'soen.yaml'), JSON.stringify({ targets: { lab: target } }))
  }
  writeSettings()
  return {
    ...verbsIn(folder.path, environment),
    folder: folder.path,
    host,
    sudoPassword,
    writeSettings,
    onHost: async (command) => (await host.run(command)).stdout.trim(),
    async [Symbol.asyncDispose]() {
      folder[Symbol.dispose]()
    },
  }
}

function letIn(name: string): string {
  return `useradd --create-home --shell /bin/bash ${name}; install -d -o ${name} -m 700 ~${name}/.ssh; install -o ${name} -m 600 ~/.ssh/authorized_keys ~${name}/.ssh/`
}

function sshConfigFor(folder: string, hosts: readonly SystemdHost[]): string {
  const knownHosts = join(folder, 'known_hosts')
  writeFileSync(knownHosts, hosts.map(({ address, hostKey }) => `${address} ${hostKey}\n`).join(''))
  const keys = hosts.map(({ address, identityFile }) => `Host ${address}\n  IdentityFile ${identityFile}\n`)
  // Six times faster than the post-quantum key exchange, which a connection within this machine need not use.
  const all = `Host *\n  IdentitiesOnly yes\n  StrictHostKeyChecking yes\n  UserKnownHostsFile ${knownHosts}\n  KexAlgorithms curve25519-sha256\n`
  return `${keys.join('')}${all}`
}

async function pack(wheels: string, bundle: string): Promise<void> {
  await promisify(execFile)('tar', ['--transform', 's,^\\.,wheels,', '-cf', bundle, '-C', wheels, '.'])
}
