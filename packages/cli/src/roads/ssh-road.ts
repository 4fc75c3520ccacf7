import { createAsker } from '../output/ask.ts'
import { probe } from './probe.ts'
import { roadOver, type OwnAddress, type Road } from './road.ts'
import { becomeRoot } from './root-access.ts'
import { shellQuote } from '../output/shell-quote.ts'
import type { SshDestination } from './ssh-arguments.ts'
import { connect, type SshConnection } from './ssh-connection.ts'

/** How the machine is reached. */
export interface ReachOptions {
  /** `--ssh-config`, else `SOEN_SSH_CONFIG` */
  readonly sshConfig?: string
}

/** Connects by SSH, checks that the machine can be deployed to, and becomes root on it. */
export async function openSshRoad(destination: SshDestination, { sshConfig }: ReachOptions): Promise<Road> {
  const connection = await connect(destination, { configFile: sshConfig })
  const close = async (): Promise<void> => connection[Symbol.asyncDispose]()
  try {
    const is = await probe(connection)
    const root = await becomeRoot(connection, is, sudoPassword)
    return roadOver({ root, probe: is, ownAddress: () => ownAddress(connection), close })
  } catch (error) {
    await close()
    throw error
  }
}

/** Runs one command on the machine, by default a shell, as the account that signs in; resolves to its exit code. */
export async function handOverBySsh(
  destination: SshDestination,
  { sshConfig }: ReachOptions,
  words: readonly string[],
): Promise<number> {
  await using connection = await connect(destination, { configFile: sshConfig })
  return await connection.handOver(words.length === 0 ? undefined : shellQuote(words))
}

async function ownAddress(connection: SshConnection): Promise<OwnAddress> {
  const { stdout } = await connection.run('echo "$SSH_CONNECTION"')
  const [network = ''] = stdout.split(' ')
  return { network, isOfJumpHost: connection.destination.jump.length > 0 }
}

/** Typed by the user, or taken from the environment; never passed on by it. */
async function sudoPassword(question: string): Promise<string | undefined> {
  const given = process.env['SOEN_SUDO_PASSWORD']
  if (given !== undefined) return given
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined
  return createAsker({ otherwise: 'Give it in SOEN_SUDO_PASSWORD.' }).hidden(question)
}
