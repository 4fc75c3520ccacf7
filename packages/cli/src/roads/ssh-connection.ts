import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { CliError } from '../errors.ts'
import { afterMark, frameCommand, type FramedCommand } from './framed-command.ts'
import { trace } from '../output/trace.ts'
import {
  masterArguments,
  sessionArguments,
  shellArguments,
  sshConfig,
  type SshCall,
  type SshDestination,
} from './ssh-arguments.ts'
import { sshFailure } from './ssh-failure.ts'

/** The output and exit code of a command on the machine. */
export interface RemoteAnswer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A command that is running on the machine. */
export interface RemoteProgram {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Its exit code; 255 also when the connection was lost. */
  readonly ended: Promise<number>
  kill(): void
}

/** Writes all of a program's input, and waits for its end. */
export async function answerOf(program: RemoteProgram, stdin: string | Uint8Array): Promise<RemoteAnswer> {
  program.stdin.end(stdin)
  const [code, stdout, stderr] = await Promise.all([
    program.ended,
    text(program.stdout),
    text(program.stderr),
  ])
  return { code, stdout, stderr }
}

/** A connection to a machine, shared by everything that a verb does there. */
export interface SshConnection extends AsyncDisposable {
  readonly destination: SshDestination
  /** Starts a line of POSIX shell, whatever the account's login shell is. */
  start(command: string): RemoteProgram
  /** Runs such a line to its end. */
  run(command: string, stdin?: string): Promise<RemoteAnswer>
  /** Connects the terminal to a shell on the machine, or to one command; resolves to its exit code. */
  handOver(command?: string): Promise<number>
}

/** What a connection depends on; parameters, so that tests can set it. */
export interface ConnectOptions {
  /** Replaces `~/.ssh/config`. */
  readonly configFile?: string | undefined
  /** Whether a person can be asked for a passphrase or a host key. */
  readonly isInteractive?: boolean
  readonly env?: NodeJS.ProcessEnv
  readonly signInTimeoutMs?: number
}

/**
 * Connects with the user's own `ssh`: configuration, agent, jump hosts and known hosts are the user's.
 *
 * The connection's socket is in a private folder. The connection ends with this process, however that ends: its
 * first command waits for the end of an input that only we hold open.
 *
 * @throws CliError `SOEN_SSH_…`, one code for each way in which it fails
 */
export async function connect(
  destination: SshDestination,
  options: ConnectOptions = {},
): Promise<SshConnection> {
  const { isInteractive = process.stdin.isTTY, signInTimeoutMs = 60_000 } = options
  const env = sshEnv(options.env ?? process.env, isInteractive)
  const inC = { ...env, LC_ALL: 'C' }
  const folder = await mkdtemp(join(tmpdir(), 'soen-ssh-'))
  const call: SshCall = { controlPath: join(folder, 's'), configFile: join(folder, 'config') }
  await writeFile(call.configFile, sshConfig({ isBatch: !isInteractive, userFile: options.configFile }))
  // The first output shows that authentication succeeded.
  const held = frameCommand('echo; exec cat >/dev/null')
  const master = spawn('ssh', masterArguments(destination, call, held.line), { env: inC, stdio: 'pipe' })
  master.stdin.on('error', () => {}).write(held.firstInput)
  const close = async (): Promise<void> => {
    master.kill()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await untilSignedIn(master, held, destination, isInteractive ? undefined : signInTimeoutMs)
  } catch (error) {
    await close()
    throw error
  }
  const start = (command: string): RemoteProgram => {
    trace(`on ${destination.address}: ${command}`)
    const framed = frameCommand(command)
    const child = spawn('ssh', sessionArguments(destination, call, framed.line), { env: inC, stdio: 'pipe' })
    return following(child, framed)
  }
  return {
    destination,
    start,
    async run(command, stdin = '') {
      const answer = await answerOf(start(command), stdin)
      if (answer.code === 255 && hasEnded(master)) throw connectionLost(destination, answer.stderr)
      return answer
    },
    handOver(command) {
      const shell = spawn('ssh', shellArguments(destination, call, command), { env, stdio: 'inherit' })
      return exitCode(shell)
    },
    [Symbol.asyncDispose]: close,
  }
}

/** The error for a connection that was lost meanwhile. */
export function connectionLost({ address }: SshDestination, said: string): CliError {
  return new CliError(`The connection to ${address} was lost.`, {
    code: 'SOEN_SSH_LOST',
    hint: 'Run the same command again: it goes on where it stopped.',
    ...(said.trim() !== '' && { cause: new Error(said.trim()) }),
  })
}

function following(child: ChildProcessWithoutNullStreams, framed: FramedCommand): RemoteProgram {
  // A command that exits without reading its input is not an error.
  child.stdin.on('error', () => {}).write(framed.firstInput)
  return {
    stdin: child.stdin,
    stdout: child.stdout.pipe(afterMark(framed.mark, 'nothing')),
    stderr: child.stderr.pipe(afterMark(framed.mark, 'all')),
    ended: exitCode(child),
    kill: () => void child.kill(),
  }
}

function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(127))
    child.once('close', (code) => resolve(code ?? 255))
  })
}

async function untilSignedIn(
  master: ChildProcessWithoutNullStreams,
  { mark }: FramedCommand,
  destination: SshDestination,
  timeoutMs: number | undefined,
): Promise<void> {
  let said = ''
  master.stderr.setEncoding('utf8').on('data', (words: string) => (said = (said + words).slice(-20_000)))
  const failed = new Promise<never>((_resolve, reject) => {
    master.once('error', (cause) => reject(noSsh(cause)))
    master.once('close', () => reject(sshFailure(destination, said)))
  })
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          said += '\nConnection timed out'
          master.kill()
        }, timeoutMs)
  try {
    const greeting = once(master.stdout.pipe(afterMark(mark, 'nothing')), 'data')
    await Promise.race([failed, greeting])
  } finally {
    clearTimeout(timer)
    failed.catch(() => {})
  }
}

function hasEnded({ exitCode: code, signalCode }: ChildProcess): boolean {
  return code !== null || signalCode !== null
}

function noSsh(cause: Error): CliError {
  return new CliError('The program ssh can not be started on this computer.', {
    code: 'SOEN_SSH_MISSING',
    hint: 'Install OpenSSH (Debian, Ubuntu: sudo apt-get install openssh-client) and run the same command again.',
    cause,
  })
}

/** The environment that ssh and its agent need, without secrets of ours. */
function sshEnv(env: NodeJS.ProcessEnv, isInteractive: boolean): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => !name.startsWith('SOEN_') && !/PASSWORD|TOKEN|SECRET/.test(name),
  )
  return { ...Object.fromEntries(kept), ...(!isInteractive && { SSH_ASKPASS_REQUIRE: 'never' }) }
}
