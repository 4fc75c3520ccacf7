import { CliError } from '../errors.ts'
import { noSudo, type Probe } from './probe.ts'
import { shellQuote } from '../output/shell-quote.ts'
import {
  answerOf,
  connectionLost,
  type RemoteAnswer,
  type RemoteProgram,
  type SshConnection,
} from './ssh-connection.ts'

/** Runs programs on the machine as root. */
export interface RootAccess {
  /** The machine's name in messages. */
  readonly address: string
  /** Starts a program as root; its stdin is passed on unchanged. */
  start(words: readonly string[]): RemoteProgram
  run(words: readonly string[], stdin?: string | Uint8Array): Promise<RemoteAnswer>
  /** The error for a lost connection, with the last output. */
  lost(said: string): CliError
}

/** Asks for sudo's password, once; resolves to undefined where nobody can be asked. */
export type AskPassword = (question: string) => Promise<string | undefined>

/**
 * Gets root access: directly, by sudo without a password, or by one that is asked for once.
 *
 * The password goes to stdin, before the program's own input: it is never in a command line, log or file.
 *
 * @throws CliError `SOEN_SUDO_PASSWORD_NEEDED`, `SOEN_SUDO_PASSWORD_WRONG` or `SOEN_NO_SUDO`
 */
export async function becomeRoot(
  connection: SshConnection,
  { sudo }: Pick<Probe, 'sudo'>,
  askPassword: AskPassword,
): Promise<RootAccess> {
  if (sudo === 'not needed') return rootAccess(connection, [], '')
  if (sudo === 'free') return rootAccess(connection, ['sudo', '-n', '--'], '')
  const { address } = connection.destination
  const password = await askPassword(`Password of your account on ${address}, for sudo: `)
  if (password === undefined) throw passwordNeeded(address)
  // -k: with cached credentials sudo would not read the password, and the program would get it as input.
  const access = rootAccess(connection, ['sudo', '-k', '-S', '-p', '', '--'], `${password}\n`)
  const { code, stderr } = await access.run(['true'])
  if (code === 0) return access
  if (/not in the sudoers|not allowed|may not run sudo/i.test(stderr)) throw noSudo(address)
  throw new CliError(`sudo on ${address} did not take the password.`, {
    code: 'SOEN_SUDO_PASSWORD_WRONG',
    hint: 'Run the same command again and type the password of your account on that machine.',
  })
}

function rootAccess(connection: SshConnection, sudo: readonly string[], before: string): RootAccess {
  const start = (words: readonly string[]): RemoteProgram => {
    const program = connection.start(shellQuote([...sudo, ...words]))
    if (before !== '') program.stdin.write(before)
    return program
  }
  const lost = (said: string): CliError => connectionLost(connection.destination, said)
  return {
    address: connection.destination.address,
    lost,
    start,
    async run(words, stdin = '') {
      const answer = await answerOf(start(words), stdin)
      // ssh's exit code for a lost connection; our programs never use it.
      if (answer.code === 255) throw lost(answer.stderr)
      return answer
    },
  }
}

function passwordNeeded(address: string): CliError {
  return new CliError(`sudo on ${address} asks for a password, and nobody is here to type it.`, {
    code: 'SOEN_SUDO_PASSWORD_NEEDED',
    hint: 'Run it in a terminal, give the password in SOEN_SUDO_PASSWORD, or let the account use sudo without one.',
  })
}
