import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startGuarded, type GuardedProgram } from '@soen/mlflow-server'
import { Agent, request } from 'undici'
import { TestbedError } from './errors.ts'
import { temporaryFolder } from './folder.ts'
import { freePort } from './free-port.ts'
import { followOutput } from './output.ts'
import { openTcpDoor } from './tcp-door.ts'
import { waitUntilUp } from './wait-until.ts'

const run = promisify(execFile)

/** How the certificate authority is set up. */
export interface PebbleOptions {
  /** The address of this machine that the authority listens on. */
  readonly listenOn: string
  /** The address that every name resolves to; the authority validates names there, on ports 80 and 443. */
  readonly namesAt: string
  /** Lifetime of its certificates. */
  readonly validForS?: number
}

/** A real ACME certificate authority that only this test trusts. */
export interface RunningPebble extends AsyncDisposable {
  readonly directoryUrl: string
  /** PEM of the root certificate of the authority's own web server. */
  readonly directoryRoot: string
  /** PEM of the root of the certificates that it issues. */
  readonly issuerRoot: string
  /** Stops the authority, so that nothing answers at its address. */
  goAway(): Promise<void>
  comeBack(): Promise<void>
}

/**
 * Starts pebble, with a DNS server that resolves every name to one address. It rejects some valid nonces, as real
 * authorities may.
 *
 * @throws TestbedError that names the system package where it is missing
 */
export async function startPebble({
  listenOn,
  namesAt,
  validForS = 7200,
}: PebbleOptions): Promise<RunningPebble> {
  const folder = temporaryFolder('pebble')
  const [port, managementPort, dnsPort, dnsManagementPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ]
  const directoryRoot = await makeCertificate(folder.path, listenOn)
  const pebble = {
    listenAddress: `127.0.0.1:${port}`,
    managementListenAddress: `127.0.0.1:${managementPort}`,
    certificate: join(folder.path, 'cert.pem'),
    privateKey: join(folder.path, 'key.pem'),
    httpPort: 80,
    tlsPort: 443,
    certificateValidityPeriod: validForS,
  }
  await writeFile(join(folder.path, 'pebble.json'), JSON.stringify({ pebble }))
  const env = { PATH: process.env['PATH'] ?? '', PEBBLE_VA_NOSLEEP: '1' }
  const dns = await startGuarded({
    command: 'pebble-challtestsrv',
    args: [
      '-dns01',
      `127.0.0.1:${dnsPort}`,
      '-management',
      `127.0.0.1:${dnsManagementPort}`,
      '-http01',
      '',
      '-https01',
      '',
      '-tlsalpn01',
      '',
      '-defaultIPv4',
      namesAt,
      '-defaultIPv6',
      '',
    ],
    env,
  }).catch(missing)
  followOutput(dns)
  const authority = await startGuarded({
    command: 'pebble',
    args: ['-config', join(folder.path, 'pebble.json'), '-dnsserver', `127.0.0.1:${dnsPort}`],
    env,
  })
  const output = followOutput(authority)
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } })
  const stop = async (): Promise<void> => {
    await Promise.all([authority.stop(), dns.stop(), dispatcher.close()])
    folder[Symbol.dispose]()
  }
  const root = async (): Promise<string> => {
    const { body } = await request(`https://127.0.0.1:${managementPort}/roots/0`, { dispatcher })
    return body.text()
  }
  await waitUntilUp({
    what: 'pebble',
    program: authority,
    output,
    stop,
    isUp: async () => (await root()).includes('BEGIN CERTIFICATE'),
  })
  const door = await openTcpDoor(listenOn, port)
  return {
    directoryUrl: `https://${listenOn}:${port}/dir`,
    directoryRoot,
    issuerRoot: await root(),
    goAway: () => door.shut(),
    comeBack: () => door.open(),
    async [Symbol.asyncDispose]() {
      await door[Symbol.asyncDispose]()
      await stop()
    },
  }
}

/** A self-signed certificate. */
async function makeCertificate(folder: string, address: string): Promise<string> {
  const { stdout } = await run('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=pebble',
    '-addext',
    `subjectAltName=IP:${address},IP:127.0.0.1`,
    '-keyout',
    join(folder, 'key.pem'),
  ])
  await writeFile(join(folder, 'cert.pem'), stdout)
  return stdout
}

function missing(error: unknown): GuardedProgram {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
    throw new TestbedError('The system package pebble is missing: run scripts/install-test-packages.sh')
  }
  throw error
}
