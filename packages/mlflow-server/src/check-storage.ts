import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { MlflowServerError } from './errors.ts'
import type { MlflowProfileOptions } from './mlflow-profile.ts'

/** Where MLflow will store its data, and the credentials for it. */
export interface CheckStorageOptions extends Pick<
  MlflowProfileOptions,
  'python' | 'backendStoreUri' | 'artifactsDestination' | 's3EndpointUrl'
> {
  /** The environment that MLflow will be started with, for instance with AWS keys. */
  readonly env: Readonly<Record<string, string>>
  readonly ask?: AskPython
}

/** Runs a Python program with a question on stdin; resolves to its exit code and output. */
type AskPython = (
  python: string,
  args: readonly string[],
  options: { readonly env: Readonly<Record<string, string>>; readonly question: string },
) => Promise<{ readonly code: number; readonly stdout: string }>

const script = fileURLToPath(new URL('../mlflow/check_storage.py', import.meta.url))

/**
 * Checks access to a PostgreSQL and an S3 bucket once, with MLflow's own drivers: MLflow itself would retry a wrong
 * password for minutes, and notice a missing bucket only at the first upload.
 *
 * @throws MlflowServerError `SOEN_DATABASE_UNREACHABLE`, `SOEN_ARTIFACTS_UNREACHABLE`
 */
export async function checkStorage(options: CheckStorageOptions): Promise<void> {
  const { python, env, ask = askPython } = options
  const wanted = planStorageCheck(options)
  if (wanted.database === null && wanted.bucket === null) return
  const { code, stdout } = await ask(python, [script], { env, question: JSON.stringify(wanted) })
  // The check is optional: where it cannot run, MLflow itself reports the problem, only later.
  if (code !== 0) return
  const { database, bucket } = Object(JSON.parse(stdout))
  if (database) {
    throw new MlflowServerError('The PostgreSQL database can not be used.', {
      code: 'SOEN_DATABASE_UNREACHABLE',
      hint: 'Start it, or mend the URL: postgresql://USER@HOST:5432/DATABASE. The database must exist.',
      cause: new Error(String(database)),
    })
  }
  if (bucket) {
    throw new MlflowServerError(`The bucket ${wanted.bucket} can not be used.`, {
      code: 'SOEN_ARTIFACTS_UNREACHABLE',
      hint: 'Check its name, the AWS credentials of this terminal (AWS_PROFILE or AWS_ACCESS_KEY_ID) and --s3-endpoint.',
      cause: new Error(String(bucket)),
    })
  }
}

/** What has to be checked: nothing for SQLite and a folder. */
export function planStorageCheck({
  backendStoreUri,
  artifactsDestination,
  s3EndpointUrl,
}: Pick<CheckStorageOptions, 'backendStoreUri' | 'artifactsDestination' | 's3EndpointUrl'>): {
  readonly database: string | null
  readonly bucket: string | null
  /** The folder in the bucket, ending in a slash, as required by keys that are restricted to this folder. */
  readonly prefix: string
  readonly endpoint: string | null
} {
  const [, bucket, folder = ''] = /^s3:\/\/([^/]+)\/*(.*?)\/*$/.exec(artifactsDestination) ?? []
  const isPostgres = /^postgres(ql)?(\+psycopg2)?:/.test(backendStoreUri)
  return {
    // libpq doesn't know SQLAlchemy's driver names.
    database: isPostgres ? backendStoreUri.replace(/^postgres(ql)?(\+psycopg2)?:/, 'postgresql:') : null,
    bucket: bucket ?? null,
    prefix: folder === '' ? '' : `${folder}/`,
    endpoint: s3EndpointUrl ?? null,
  }
}

const askPython: AskPython = async (python, args, { env, question }) => {
  const plain = { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', ...env }
  const program = spawn(python, args, { env: plain, stdio: ['pipe', 'pipe', 'ignore'] })
  // A program that exits before it reads the question reports that by its exit code.
  program.stdin.on('error', () => {}).end(question)
  const [stdout, [code]] = await Promise.all([text(program.stdout), once(program, 'close')])
  return { code: typeof code === 'number' ? code : 1, stdout }
}
