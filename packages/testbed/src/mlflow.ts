import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ensureMlflow, mlflowProfile, startGuarded } from '@soen/mlflow-server'
import { Agent, request } from 'undici'
import { temporaryFolder } from './folder.ts'
import { followOutput } from './output.ts'
import { waitUntilUp } from './wait-until.ts'
import { warmPythonVariable } from './warm-python.ts'

/** Where a test's MLflow stores its data; by default in SQLite and local files. */
export interface MlflowOptions {
  readonly backendStoreUri?: string
  readonly artifactsDestination?: string
  readonly s3EndpointUrl?: string
  /** Additional environment variables of the server, for instance AWS keys for the S3 server. */
  readonly env?: Readonly<Record<string, string>>
  readonly workers?: number
  /** The password of `admin`; enables MLflow's own basic-auth app, which requires a login. */
  readonly basicAuthPassword?: string
  /** Uses the Python that the test run keeps warm; `pid` is then not MLflow's own. */
  readonly isWarm?: boolean
}

/** A real MLflow in the tuned profile, on a unix socket. */
export interface RunningMlflow extends AsyncDisposable {
  readonly socketPath: string
  readonly pid: number
  /** Python with the same MLflow, for its own client. */
  readonly python: string
  /** Everything it has printed so far. */
  output(): string
}

/** Starts MLflow in a private folder and waits until it is healthy. */
export async function startMlflow(options: MlflowOptions = {}): Promise<RunningMlflow> {
  const { isWarm = true, basicAuthPassword } = options
  const python = (isWarm && process.env[warmPythonVariable]) || (await ensureMlflow()).python
  const folder = temporaryFolder('mlflow')
  const socketPath = join(folder.path, 'mlflow.sock')
  const artifacts = join(folder.path, 'artifacts')
  await mkdir(artifacts)
  const plan = mlflowProfile({
    python,
    socketPath,
    backendStoreUri: options.backendStoreUri ?? `sqlite:///${folder.path}/mlflow.db`,
    artifactsDestination: options.artifactsDestination ?? artifacts,
    workers: options.workers ?? 1,
    // Tests also connect by a loopback port, which a real server does not have.
    allowedHosts: ['localhost', '127.0.0.1:*'],
    ...(options.s3EndpointUrl !== undefined && { s3EndpointUrl: options.s3EndpointUrl }),
  })
  const login = basicAuthPassword === undefined ? {} : await basicAuthEnv(folder.path, basicAuthPassword)
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder.path, ...plan.env, ...login, ...options.env }
  const args = basicAuthPassword === undefined ? plan.args : [...plan.args, '--app-name', 'basic-auth']
  const program = await startGuarded({ ...plan, args, env, cwd: folder.path })
  const output = followOutput(program)
  const dispatcher = new Agent({ connect: { socketPath } })
  const stop = async (): Promise<void> => {
    await program.stop()
    folder[Symbol.dispose]()
  }
  await waitUntilUp({ what: 'MLflow', program, output, stop, isUp: () => isHealthy(dispatcher) })
  await dispatcher.close()
  return { socketPath, pid: program.pid, python, output, [Symbol.asyncDispose]: stop }
}

/** The app's one extra dependency protects its sign-up form, which no test uses: an empty stand-in costs nothing. */
async function basicAuthEnv(folder: string, password: string): Promise<Record<string, string>> {
  const modules = join(folder, 'modules', 'flask_wtf')
  await mkdir(modules, { recursive: true })
  await writeFile(join(modules, '__init__.py'), '')
  await writeFile(
    join(modules, 'csrf.py'),
    'class CSRFProtect:\n    def init_app(self, app):\n        pass\n',
  )
  return {
    PYTHONPATH: dirname(modules),
    MLFLOW_AUTH_ADMIN_PASSWORD: password,
    MLFLOW_FLASK_SERVER_SECRET_KEY: randomBytes(16).toString('hex'),
  }
}

async function isHealthy(dispatcher: Agent): Promise<boolean> {
  const { statusCode, body } = await request('http://localhost/health', { dispatcher })
  await body.dump()
  return statusCode === 200
}
