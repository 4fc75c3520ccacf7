import { execFile } from 'node:child_process'
import { chown, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startGuarded, type GuardedProgram } from '@soen/mlflow-server'
import { TestbedError } from './errors.ts'
import { temporaryFolder } from './folder.ts'
import { freePort } from './free-port.ts'
import { followOutput } from './output.ts'
import { waitUntilUp } from './wait-until.ts'

const run = promisify(execFile)
const base = '/usr/lib/postgresql'
const user = 'soen'

/** A real PostgreSQL with a cluster of its own. */
export interface RunningPostgres extends AsyncDisposable {
  /** Folder of its unix socket. */
  readonly socketFolder: string
  readonly port: number
  /** Creates a database; resolves to its URL, by the unix socket and without a password. */
  createDatabase(name: string): Promise<string>
  /** Stops it as an operator does, so that a test sees the effect on others; `start` brings it back with its data. */
  stop(): Promise<void>
  start(): Promise<void>
}

/**
 * Creates a PostgreSQL cluster in a private folder and starts it, on a unix socket and without a TCP port.
 *
 * @throws TestbedError that names the system package where it is missing
 */
export async function startPostgres(): Promise<RunningPostgres> {
  const bin = await findBinaries()
  const folder = temporaryFolder('pg')
  const data = join(folder.path, 'data')
  const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8' }
  const port = await freePort()
  const asOwner = await unprivileged(folder.path)
  await run(asOwner.command, [
    ...asOwner.args,
    join(bin, 'initdb'),
    '--pgdata',
    data,
    '--username',
    user,
    '--auth',
    'trust',
    '--no-sync',
    '--encoding',
    'UTF8',
  ])
  const connection = ['--host', folder.path, '--port', String(port), '--username', user]
  const start = async (): Promise<GuardedProgram> => {
    const program = await startGuarded({
      command: asOwner.command,
      args: [
        ...asOwner.args,
        join(bin, 'postgres'),
        '-D',
        data,
        '-k',
        folder.path,
        '-p',
        String(port),
        '-c',
        'listen_addresses=',
        '-c',
        'fsync=off',
      ],
      env,
      stopSignal: 'SIGINT',
    })
    await waitUntilUp({
      what: 'PostgreSQL',
      program,
      output: followOutput(program),
      stop: async () => void (await program.stop()),
      isUp: async () => (await run(join(bin, 'pg_isready'), connection)).stdout !== '',
    })
    return program
  }
  let program = await start().catch((error: unknown) => {
    folder[Symbol.dispose]()
    throw error
  })
  return {
    socketFolder: folder.path,
    port,
    async createDatabase(name) {
      await run(join(bin, 'createdb'), [...connection, name])
      return `postgresql://${user}@/${name}?host=${encodeURIComponent(folder.path)}&port=${port}`
    },
    stop: async () => void (await program.stop()),
    async start() {
      program = await start()
    },
    async [Symbol.asyncDispose]() {
      await program.stop()
      folder[Symbol.dispose]()
    },
  }
}

async function findBinaries(): Promise<string> {
  const versions = await readdir(base).catch(() => [])
  const newest = versions
    .map(Number)
    .filter(Boolean)
    .sort((a, b) => b - a)[0]
  if (newest === undefined) {
    throw new TestbedError('The system package postgresql is missing: run scripts/install-test-packages.sh')
  }
  return join(base, String(newest), 'bin')
}

/** PostgreSQL refuses to run as root: it then runs as the system package's user, who gets the folder. */
async function unprivileged(folder: string): Promise<{ command: string; args: string[] }> {
  if (process.getuid?.() !== 0) return { command: 'env', args: [] }
  const { stdout } = await run('id', ['-u', 'postgres'])
  await chown(folder, Number(stdout), -1)
  return { command: 'setpriv', args: ['--reuid=postgres', '--regid=postgres', '--clear-groups'] }
}
