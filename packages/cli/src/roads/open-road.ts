import { hostname } from 'node:os'
import {
  hostProgramPath,
  payloadPaths,
  programFolder,
  type OnHostEvent,
  type OnHostRequest,
} from '@soen/host'
import type { SshTarget } from '@soen/settings'
import { CliError } from '../errors.ts'
import { createAsker } from '../output/ask.ts'
import type { Terminal } from '../output/terminal.ts'
import { callHost, type HostProgram } from './call-host.ts'
import { probe, type Probe } from './probe.ts'
import { becomeRoot, type RootAccess } from './root-access.ts'
import { nameOfDestination } from './ssh-arguments.ts'
import { connect, type SshConnection } from './ssh-connection.ts'
import { systemUser } from '../system-user.ts'
import type { FoundSshTarget } from '../targets/find-target.ts'

/** How the machine is reached. */
export interface ReachOptions {
  /** `--ssh-config`, else `SOEN_SSH_CONFIG` */
  readonly sshConfig?: string
}

/** A machine that we are root on. */
export interface OpenHost extends AsyncDisposable {
  readonly found: FoundSshTarget
  readonly connection: SshConnection
  readonly probe: Probe
  readonly root: RootAccess
  /** Asks the program that the last deploy left on the machine. */
  ask<Value>(request: OnHostRequest, onEvent?: (event: OnHostEvent) => void): Promise<Value>
}

/** Who changes a machine: shown to others, kept in its audit. */
export function whoWeAre(): string {
  return `${systemUser()}@${hostname()}`
}

/** Signs in only: for what needs no root. */
export function signIn({ host }: SshTarget, { sshConfig }: ReachOptions): Promise<SshConnection> {
  return connect(host, { configFile: sshConfig })
}

/** Signs in, looks whether the machine can be worked with, and becomes root on it. */
export async function openHost(
  found: FoundSshTarget,
  options: ReachOptions,
  terminal: Terminal,
): Promise<OpenHost> {
  terminal.note(`Target ${found.name}: ${nameOfDestination(found.target.host)}`)
  const connection = await signIn(found.target, options)
  try {
    const is = await probe(connection)
    const root = await becomeRoot(connection, is, sudoPassword)
    return {
      ...{ found, connection, probe: is, root },
      async ask(request, onEvent) {
        await refuseBare(root)
        return callHost(root, installed, request, onEvent)
      },
      [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
    }
  } catch (error) {
    await connection[Symbol.asyncDispose]()
    throw error
  }
}

/** Typed by a person, or given to a program by the environment; never passed on by it. */
async function sudoPassword(question: string): Promise<string | undefined> {
  const given = process.env['SOEN_SUDO_PASSWORD']
  if (given !== undefined) return given
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined
  return createAsker({ otherwise: 'Give it in SOEN_SUDO_PASSWORD.' }).hidden(question)
}

/** What the last deploy left. */
const installed: HostProgram = {
  node: `${programFolder}/${payloadPaths.node}`,
  program: `${programFolder}/${hostProgramPath}`,
}

async function refuseBare(root: RootAccess): Promise<void> {
  if ((await root.run(['test', '-e', installed.program])).code === 0) return
  throw new CliError(`There is no server on ${root.connection.destination.address} yet.`, {
    code: 'SOEN_NOT_DEPLOYED',
    hint: 'Make it one first: soen deploy.',
  })
}
