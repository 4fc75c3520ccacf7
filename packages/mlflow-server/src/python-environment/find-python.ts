import { MlflowServerError } from '../errors.ts'
import { runTool, type ToolResult } from './run-tool.ts'

/** A Python that MLflow can be installed for. */
export interface Python {
  readonly command: string
  /** For instance `3.12.4`. */
  readonly version: string
  /** For instance `cpython-312-x86_64-linux-gnu`: environments with different tags are not interchangeable. */
  readonly tag: string
}

const oldest = [3, 10] as const
const question =
  "import sys, sysconfig; print('.'.join(map(str, sys.version_info[:3])), sysconfig.get_config_var('SOABI'))"

const candidates = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python']

/** Where to look; parameters, so that tests can set them. */
export interface FindPythonOptions {
  readonly chosen?: string | undefined
  readonly ask?: (command: string) => Promise<ToolResult>
}

/**
 * The first Python that is new enough: `SOEN_PYTHON` if set, else the usual names on the PATH.
 *
 * @throws MlflowServerError `SOEN_PYTHON_MISSING` or `SOEN_PYTHON_TOO_OLD`
 */
export async function findPython(options: FindPythonOptions = {}): Promise<Python> {
  const { chosen = process.env['SOEN_PYTHON'], ask = (command) => runTool(command, ['-c', question]) } =
    options
  const tooOld: string[] = []
  for (const command of chosen ? [chosen] : candidates) {
    const { code, stdout } = await ask(command)
    const [version, tag] = stdout.trim().split(' ')
    if (code !== 0 || version === undefined || tag === undefined) continue
    if (isNewEnough(version)) return { command, version, tag }
    tooOld.push(`${command} is ${version}`)
  }
  const hint =
    'Install Python 3.10 or newer (Debian, Ubuntu: sudo apt-get install python3 python3-venv), or name one in SOEN_PYTHON.'
  if (tooOld.length > 0) {
    throw new MlflowServerError(`MLflow needs Python 3.10 or newer, but ${tooOld.join(', ')}.`, {
      code: 'SOEN_PYTHON_TOO_OLD',
      hint,
    })
  }
  throw new MlflowServerError(
    chosen ? `SOEN_PYTHON names ${chosen}, which does not run.` : 'There is no Python on this machine.',
    {
      code: 'SOEN_PYTHON_MISSING',
      hint,
    },
  )
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major === oldest[0] && minor >= oldest[1]
}
