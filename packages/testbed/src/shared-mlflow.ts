import { ensureMlflow } from '@soen/mlflow-server'
import type { TestProject } from 'vitest/node'
import { bridgeToSocket } from './loopback-bridge.ts'
import { startMlflow } from './mlflow.ts'
import { startWarmPython, warmPythonVariable } from './warm-python.ts'

/** The MLflow that all live tests share; each test uses experiments of its own. */
export interface SharedMlflow {
  /** Loopback URL of MLflow itself, without a front door. */
  readonly trackingUri: string
  readonly socketPath: string
  /** Python with the unmodified `mlflow` client. */
  readonly python: string
}

declare module 'vitest' {
  interface ProvidedContext {
    mlflow: SharedMlflow
  }
}

/** Vitest's global set-up of the project `live`. */
export default async function shareMlflow(project: TestProject): Promise<() => Promise<void>> {
  const { python } = await ensureMlflow()
  const warm = await startWarmPython(python)
  // Workers start later and inherit it.
  process.env[warmPythonVariable] = warm.python
  const mlflow = await startMlflow({ workers: 2 })
  const bridge = await bridgeToSocket(mlflow.socketPath)
  project.provide('mlflow', { trackingUri: bridge.url, socketPath: mlflow.socketPath, python: warm.python })
  return async () => {
    await bridge[Symbol.asyncDispose]()
    await mlflow[Symbol.asyncDispose]()
    await warm[Symbol.asyncDispose]()
  }
}
