import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { waitUntil, type SystemdHost } from '@soen/testbed'
import type { TrainingReport } from './train.ts'

/** Where a training runs, and where it logs to. */
export interface TrainingOptions {
  /** A machine in the server's network, which knows the server as `soen.test`. */
  readonly beside: Pick<SystemdHost, 'networkPid'>
  readonly server: Pick<SystemdHost, 'address'>
  /** PEM of the certificate authority that issued the server's certificate. */
  readonly authority: string
  readonly password: string
  /** An empty folder, which the journal uses as well. */
  readonly folder: string
}

/** A training that logs 1,000 metrics a second. */
export interface RunningTraining {
  /** Resolves when the server has received something. */
  delivering(): Promise<unknown>
  /** Ends the training; resolves to what MLflow stored of it. */
  end(): Promise<TrainingReport>
}

/** Starts a training that logs continuously until it is ended. */
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
