import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { waitUntil, type SystemdHost } from '@soen/testbed'
import type { TrainingReport } from './train.ts'

/** Where a training runs, and where it logs to. */
export interface TrainingOptions {
  /** Stands in the network that the server is in, and knows it by the name `soen.test`. */
  readonly beside: Pick<SystemdHost, 'networkPid'>
  readonly server: Pick<SystemdHost, 'address'>
  /** PEM of the authority that the server's certificate comes from. */
  readonly authority: string
  readonly password: string
  /** An empty one, for the journal too. */
  readonly folder: string
}

/** A training that logs 1,000 metrics a second. */
export interface RunningTraining {
  /** Resolves when the server has something of it. */
  delivering(): Promise<unknown>
  /** Ends it, and resolves to what MLflow has of it. */
  end(): Promise<TrainingReport>
}

/** Starts a training that logs without a pause, until it is ended. */
export function startTraining({
  beside,
  server,
  authority,
  password,
  folder,
}: TrainingOptions): RunningTraining {
  const hosts = join(folder, 'hosts')
  const ca = join(folder, 'ca.pem')
  writeFileSync(hosts, `127.0.0.1 localhost\n${server.address} soen.test\n`)
  writeFileSync(ca, authority)
  const program = fileURLToPath(new URL('train.ts', import.meta.url))
  const [command, ...args] = [
    'nsenter',
    `--net=/proc/${beside.networkPid}/ns/net`,
    'unshare',
    '--mount',
    'sh',
    '-c',
    'mount --bind "$1" /etc/hosts && shift && exec "$@"',
    'training',
    hosts,
    process.execPath,
    program,
  ]
  const child = spawn(command, args, {
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      SOEN_SPOOL_DIR: join(folder, 'spool'),
      NODE_EXTRA_CA_CERTS: ca,
      MLFLOW_TRACKING_URI: 'https://soen.test',
      MLFLOW_TRACKING_USERNAME: 'ada',
      MLFLOW_TRACKING_PASSWORD: password,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    delivering: () => waitUntil(() => stderr.includes('delivering'), { what: 'the training' }),
    async end() {
      child.stdin.end()
      if ((await closed) !== 0) throw new Error(stderr)
      const report: TrainingReport = JSON.parse(stdout)
      return report
    },
  }
}
