import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startGuarded } from '@soen/mlflow-server'
import { temporaryFolder } from './folder.ts'
import { followOutput } from './output.ts'
import { waitUntilUp } from './wait-until.ts'

const program = fileURLToPath(new URL('../python/warm_python.py', import.meta.url))

/** The variable that names the test run's warm Python to all of its processes. */
export const warmPythonVariable = 'SOEN_WARM_PYTHON'

/** A Python that has already imported MLflow. */
export interface WarmPython extends AsyncDisposable {
  /** Path of a program that is called like `python`, but starts two seconds of processor time faster. */
  readonly python: string
}

/** Imports MLflow once, for all Python programs that begin with that import. */
export async function startWarmPython(coldPython: string): Promise<WarmPython> {
  const folder = temporaryFolder('warm')
  const socket = join(folder.path, 'socket')
  const server = await startGuarded({
    command: coldPython,
    args: [program, 'serve', socket],
    env: { PATH: process.env['PATH'] ?? '', MLFLOW_DISABLE_TELEMETRY: 'true', DO_NOT_TRACK: 'true' },
  })
  const output = followOutput(server)
  const stop = async (): Promise<void> => {
    await server.stop()
    folder[Symbol.dispose]()
  }
  const isUp = (): boolean => output().includes('ready')
  await waitUntilUp({ what: 'the warm Python', program: server, output, stop, isUp })
  const python = join(folder.path, 'python')
  await writeFile(python, `#!/bin/sh\nexec '${coldPython}' -S -E '${program}' run '${socket}' "$@"\n`)
  await chmod(python, 0o755)
  return { python, [Symbol.asyncDispose]: stop }
}
