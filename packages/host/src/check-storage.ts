import { fileURLToPath } from 'node:url'
import { HostError } from './errors.ts'
import { thisMachine, type Machine } from './machine/machine.ts'
import type { MlflowProfileOptions } from './mlflow-profile.ts'

/** Where MLflow will keep its data, and what reaches it. */
export interface CheckStorageOptions extends Pick<
  MlflowProfileOptions,
  'python' | 'backendStoreUri' | 'artifactsDestination' | 's3EndpointUrl'
> {
  /** What MLflow will be started with, for instance the AWS keys. */
  readonly env: Readonly<Record<string, string>>
  readonly machine?: (env: Readonly<Record<string, string>>) => Pick<Machine, 'run'>
}

const script = fileURLToPath(new URL('../mlflow/check_storage.py', import.meta.url))

/**
 * Asks a PostgreSQL and an S3 bucket once, with MLflow's own drivers: MLflow itself would retry a wrong password
 * for minutes, and notice a missing bucket at the first upload.
 *
 * @throws HostError `SOEN_DATABASE_UNREACHABLE`, `SOEN_ARTIFACTS_UNREACHABLE`
 */
export async function checkStorage(options: CheckStorageOptions): Promise<void> {
  const { python, env, machine = (given) => thisMachine({ env: given }) } = options
  const wanted = planStorageCheck(options)
  if (wanted.database === null && wanted.bucket === null) return
  const { code, stdout } = await machine(env).run(python, [script], JSON.stringify(wanted))
  // It is a courtesy: where it can't be asked, MLflow will say what is wrong, only later.
  if (code !== 0) return
  const { database, bucket } = Object(JSON.parse(stdout))
  if (database) {
    throw new HostError('The PostgreSQL database can not be used.', {
      code: 'SOEN_DATABASE_UNREACHABLE',
      hint: 'Start it, or mend the URL: postgresql://USER@HOST:5432/DATABASE. The database must exist.',
      cause: new Error(String(database)),
    })
  }
  if (bucket) {
    throw new HostError(`The bucket ${wanted.bucket} can not be used.`, {
      code: 'SOEN_ARTIFACTS_UNREACHABLE',
      hint: 'Check its name, the AWS credentials of this terminal (AWS_PROFILE or AWS_ACCESS_KEY_ID) and --s3-endpoint.',
      cause: new Error(String(bucket)),
    })
  }
}

/** What there is to ask: nothing for SQLite and a folder. */
export function planStorageCheck({
  backendStoreUri,
  artifactsDestination,
  s3EndpointUrl,
}: Pick<CheckStorageOptions, 'backendStoreUri' | 'artifactsDestination' | 's3EndpointUrl'>): {
  readonly database: string | null
  readonly bucket: string | null
  /** The folder of the bucket, with the slash at its end that keys for this folder alone ask for. */
  readonly prefix: string
  readonly endpoint: string | null
} {
  const [, bucket, folder = ''] = /^s3:\/\/([^/]+)\/*(.*?)\/*$/.exec(artifactsDestination) ?? []
  const isPostgres = /^postgres(ql)?(\+psycopg2)?:/.test(backendStoreUri)
  return {
    // libpq knows no driver names.
    database: isPostgres ? backendStoreUri.replace(/^postgres(ql)?(\+psycopg2)?:/, 'postgresql:') : null,
    bucket: bucket ?? null,
    prefix: folder === '' ? '' : `${folder}/`,
    endpoint: s3EndpointUrl ?? null,
  }
}
