import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { MlflowServerError, type MlflowServerErrorCode } from '../errors.ts'
import { startGuarded } from '../process/guard.ts'

/** The exit code and output of a tool. */
export interface ToolResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs a tool to its end; it is killed if this process ends first. A tool that does not exist has exit code 127, as
 * in a shell.
 */
export async function runTool(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<ToolResult> {
  // Killed at once when we are: its partial result is discarded anyway.
  const tool = await startGuarded({ command, args, env, stopSignal: 'SIGKILL' }).catch(() => undefined)
  if (tool === undefined) return { code: 127, stdout: '', stderr: '' }
  const [{ code }, stdout, stderr] = await Promise.all([tool.exited, text(tool.stdout), text(tool.stderr)])
  return { code: code ?? 1, stdout, stderr }
}

const causes: readonly {
  readonly sign: RegExp
  readonly code: MlflowServerErrorCode
  readonly what: string
  readonly hint: string
}[] = [
  {
    sign: /No space left on device|ENOSPC|os error 28/i,
    code: 'SOEN_DISK_FULL',
    what: 'the disk is full',
    hint: 'Free about 2 GB and run the same command again: it goes on where it stopped.',
  },
  {
    sign: /ensurepip|No module named '?(venv|pip)/i,
    code: 'SOEN_PYTHON_VENV_MISSING',
    what: "Python's venv and pip modules are missing",
    hint: 'Install them (Debian, Ubuntu: sudo apt-get install python3-venv) and run the same command again.',
  },
  {
    sign: /hash(es)? (mismatch|do(es)? not match)|THESE PACKAGES DO NOT MATCH/i,
    code: 'SOEN_PACKAGE_HASH_MISMATCH',
    what: 'a downloaded package is not the one that was locked',
    hint: 'Ask who runs your package mirror: the file differs from the published one. Nothing was installed.',
  },
  {
    sign: /connection|resolve|timed? ?out|network|dns|unreachable|proxy|certificate|Failed to fetch|No matching distribution|Temporary failure/i,
    code: 'SOEN_REGISTRY_UNREACHABLE',
    what: 'the Python package registry does not answer',
    hint: 'Check the network (or PIP_INDEX_URL and UV_INDEX_URL, if you use a mirror) and run the same command again.',
  },
]

/** Explains a failed installation in one sentence; the installer's last output becomes the cause. */
export function installError(task: string, { code, stderr, stdout }: ToolResult): MlflowServerError {
  const said = `${stdout}\n${stderr}`.trim()
  const known = causes.find(({ sign }) => sign.test(said))
  const cause = new Error(said.split('\n').slice(-15).join('\n'))
  return known
    ? new MlflowServerError(`${task} failed: ${known.what}.`, { code: known.code, hint: known.hint, cause })
    : new MlflowServerError(`${task} failed with exit code ${code}.`, {
        code: 'SOEN_INSTALL_FAILED',
        hint: "Read the installer's last lines above, mend what they name and run the same command again.",
        cause,
      })
}

/**
 * Makes installers keep their downloads in our cache, and use the Python that is there.
 *
 * @param scratch where they unpack; when killed, they leave files behind there
 */
export function installerEnv(cache: string, scratch?: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...(scratch !== undefined && { TMPDIR: scratch }),
    UV_CACHE_DIR: join(cache, 'uv-cache'),
    UV_PYTHON_DOWNLOADS: 'never',
    UV_NO_PROGRESS: '1',
    PIP_CACHE_DIR: join(cache, 'pip-cache'),
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_ROOT_USER_ACTION: 'ignore',
  }
}
