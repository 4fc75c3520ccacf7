import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ensureWheels, startSystemdHost, temporaryFolder, type Suite, type SystemdHost } from '@soen/testbed'
import { packPrograms } from '../payload/pack-programs.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))

/** How a verb ended. */
export interface VerbResult {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A team's folder with its soen.yaml, and the machine that it names. */
export interface DeployingSoen extends AsyncDisposable {
  readonly folder: string
  readonly host: SystemdHost
  /** The password that sudo asks for. */
  readonly sudoPassword: string
  /** A verb in the team's folder, to its end. */
  soen(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<VerbResult>
  /** A verb that the test ends itself. */
  start(args: readonly string[]): ChildProcess
  /** Changes what the one target says. */
  writeSettings(more?: Readonly<Record<string, unknown>>): void
}

/** One whose machine only a jump host leads to. */
export interface DeployingSoenBehindGate extends DeployingSoen {
  /** The jump host: the only other machine in the host's network. */
  readonly gate: SystemdHost
}

/** Boots a bare machine behind a jump host, with an account on each as a lab's administrator gives them out. */
export async function startDeployingSoenBehindGate(suite: Suite): Promise<DeployingSoenBehindGate> {
  const gate = await startSystemdHost()
  await gate.run(letIn('alice'))
  const team = await startDeployingSoen(suite, gate)
  return {
    ...team,
    gate,
    async [Symbol.asyncDispose]() {
      await team[Symbol.asyncDispose]()
      await gate[Symbol.asyncDispose]()
    },
  }
}

/** Boots a bare machine, with an account as a lab's administrator gives them out. */
export async function startDeployingSoen(suite: Suite, gate?: SystemdHost): Promise<DeployingSoen> {
  const folder = temporaryFolder('deploy')
  const host = await startSystemdHost({ suite, ...(gate !== undefined && { behind: gate }) })
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
  const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess =>
    spawn(process.execPath, [main, ...args], {
      cwd: folder.path,
      env: { ...environment, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  const jump = gate === undefined ? [] : [`alice@${gate.address}`]
  const writeSettings = (more: Readonly<Record<string, unknown>> = {}): void => {
    const target = {
      where: 'ssh',
      host: {
        address: host.address,
        user: 'deploy',
        jump,
      },
      domain: 'soen.test',
      tls: { mode: 'internal' },
      securityUpdates: false,
      ...more,
    }
    // YAML takes JSON as it is.
    writeFileSync(join(folder.path, 'soen.yaml'), JSON.stringify({ targets: { lab: target } }))
  }
  writeSettings()
  return {
    folder: folder.path,
    host,
    sudoPassword,
    start,
    writeSettings,
    async soen(args, env) {
      const child = start(args, env)
      let stdout = ''
      let stderr = ''
      child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
      child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
      const status = await new Promise<number | null>((resolve) => child.once('close', resolve))
      return {
        status,
        stdout,
        stderr,
      }
    },
    async [Symbol.asyncDispose]() {
      await host[Symbol.asyncDispose]()
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
  // Six times quicker than the key exchange that resists quantum computers, which wires in this machine need not do.
  const all = `Host *\n  IdentitiesOnly yes\n  StrictHostKeyChecking yes\n  UserKnownHostsFile ${knownHosts}\n  KexAlgorithms curve25519-sha256\n`
  return `${keys.join('')}${all}`
}

async function pack(wheels: string, bundle: string): Promise<void> {
  await promisify(execFile)('tar', ['--transform', 's,^\\.,wheels,', '-cf', bundle, '-C', wheels, '.'])
}
