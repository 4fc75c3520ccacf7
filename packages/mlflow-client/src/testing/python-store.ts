import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A run as Python's client reads it from a store. */
export interface PythonRun {
  readonly experiment: string
  readonly name: string
  readonly status: string
  readonly lifecycle: 'active' | 'deleted'
  readonly times: readonly [start: number, end: number | null]
  readonly params: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  /** Step, time and the value in Python's spelling. */
  readonly metrics: Readonly<Record<string, readonly (readonly [number, number, string])[]>>
  readonly latest: Readonly<Record<string, string>>
  readonly inputs: readonly object[]
}

/** All runs of a store, or of one experiment, read by the unmodified Python client. */
export async function readByPython(
  python: string,
  uri: string,
  experiment?: string,
): Promise<Record<string, PythonRun>> {
  const script = join(import.meta.dirname, 'read_store.py')
  const args = experiment === undefined ? [] : [experiment]
  const { stdout } = await run(python, [script, uri, ...args], { env: pythonEnv(), maxBuffer: 1 << 28 })
  const runs: Record<string, PythonRun> = JSON.parse(stdout)
  return runs
}

/** Create a store with every peculiarity a store can have, by the client of any version. */
export async function writeByPython(python: string, uri: string): Promise<void> {
  await run(python, [join(import.meta.dirname, 'write_store.py'), uri], { env: pythonEnv() })
}

/** The error with which the Python client fails to search each store; null where it succeeds. */
export async function probeByPython(python: string, stores: readonly string[]): Promise<(string | null)[]> {
  const script = join(import.meta.dirname, 'probe_stores.py')
  const { stdout } = await run(python, [script, ...stores], { env: pythonEnv() })
  const found: (string | null)[] = JSON.parse(stdout)
  return found
}

/** Runs `mlflow migrate-filestore` from the store to a new SQLite file. */
export async function migrateByPython(python: string, store: string, database: string): Promise<void> {
  const target = `sqlite:///${database}`
  await run(python, ['-m', 'mlflow', 'migrate-filestore', '--source', store, '--target', target], {
    env: pythonEnv(),
    maxBuffer: 1 << 28,
  })
}

function pythonEnv(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    MLFLOW_ALLOW_FILE_STORE: 'true',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    PYTHONUTF8: '1',
  }
}
