import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The figures of MLflow's own client. */
export interface PythonFigures {
  readonly perSecond: number
  /** The median of one call. */
  readonly callMicros: number
}

/** Log metrics one by one with the unmodified Python client. */
export async function measurePython(
  python: string,
  trackingUri: string,
  mode: 'sync' | 'async',
  points: number,
): Promise<PythonFigures> {
  const script = join(import.meta.dirname, 'python_client.py')
  const { stdout } = await run(python, [script, trackingUri, mode, String(points)], { env: environment() })
  const figures: PythonFigures = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  return figures
}

/** The seconds that boto3 takes to upload a file. */
export async function measureBoto(
  python: string,
  s3: {
    readonly endpointUrl: string
    readonly bucket: string
    readonly env: Readonly<Record<string, string>>
  },
  file: string,
): Promise<number> {
  const script = join(import.meta.dirname, 'upload_file.py')
  const env = { ...environment(), ...s3.env }
  const { stdout } = await run(python, [script, s3.endpointUrl, s3.bucket, file], { env })
  return Number(stdout.trim())
}

function environment(): Record<string, string> {
  const quiet = { MLFLOW_DISABLE_TELEMETRY: 'true', DO_NOT_TRACK: 'true', GIT_PYTHON_REFRESH: 'quiet' }
  return { PATH: process.env['PATH'] ?? '', HOME: tmpdir(), ...quiet }
}
