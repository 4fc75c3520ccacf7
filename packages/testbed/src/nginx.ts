import { access, mkdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { startGuarded } from '@soen/mlflow-server'
import { TestbedError } from './errors.ts'
import { temporaryFolder } from './folder.ts'
import { freePort } from './free-port.ts'
import { followOutput } from './output.ts'
import { waitUntilUp } from './wait-until.ts'

const command = '/usr/sbin/nginx'

/** The server behind an nginx, and its users. */
export interface NginxOptions {
  /** The unix socket of the server behind it. */
  readonly upstreamSocket: string
  /** Lines of an htpasswd file; enables basic auth. */
  readonly users?: readonly string[]
}

/** A real nginx with one worker. */
export interface RunningNginx extends AsyncDisposable {
  readonly url: string
}

/**
 * Starts nginx as a proxy on loopback, configured as people usually do for MLflow: kept-alive upstream connections,
 * unbuffered bodies of any size, and an access log.
 *
 * @throws TestbedError that names the system package where it is missing
 */
export async function startNginx(options: NginxOptions): Promise<RunningNginx> {
  await access(command).catch(() => {
    throw new TestbedError('The system package nginx-light is missing: run scripts/install-test-packages.sh')
  })
  const folder = temporaryFolder('nginx')
  const port = await freePort()
  await mkdir(join(folder.path, 'temp'))
  const users = options.users && join(folder.path, 'users')
  if (users !== undefined) await writeFile(users, `${options.users?.join('\n')}\n`)
  const file = join(folder.path, 'nginx.conf')
  const { upstreamSocket } = options
  await writeFile(file, configuration({ upstreamSocket, port, folder: folder.path, users }))
  const program = await startGuarded({
    command,
    args: ['-p', folder.path, '-e', 'stderr', '-c', file],
    env: { PATH: process.env['PATH'] ?? '' },
    stopSignal: 'SIGTERM',
  })
  const output = followOutput(program)
  const stop = async (): Promise<void> => {
    await program.stop()
    folder[Symbol.dispose]()
  }
  await waitUntilUp({ what: 'nginx', program, output, stop, isUp: () => isListening(port) })
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: stop }
}

interface Place {
  readonly upstreamSocket: string
  readonly port: number
  readonly folder: string
  /** Path of the htpasswd file, where there is one. */
  readonly users: string | undefined
}

function configuration({ upstreamSocket, port, folder, users }: Place): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  // As root, its worker would switch to a user that cannot enter the tests' private folders.
  const owner = process.getuid?.() === 0 ? 'user root;' : ''
  return `
${owner}
worker_processes 1;
daemon off;
pid nginx.pid;
events {}
http {
  access_log access.log;
  keepalive_requests 1000000;
  client_max_body_size 0;
${temporary.map((name) => `  ${name}_temp_path ${folder}/temp;`).join('\n')}
  upstream behind { server unix:${upstreamSocket}; keepalive 64; }
  server {
    listen 127.0.0.1:${port};
    ${users === undefined ? '' : `auth_basic "MLflow"; auth_basic_user_file ${users};`}
    location / {
      proxy_pass http://behind;
      proxy_http_version 1.1;
      proxy_request_buffering off;
      proxy_buffering off;
      proxy_set_header Connection "";
      proxy_set_header Host localhost;
      proxy_set_header Authorization "";
      proxy_set_header X-Forwarded-For $remote_addr;
    }
  }
}
`
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(port, '127.0.0.1')
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    probe.once('error', () => resolve(false))
  })
}
