import type { TestProject } from 'vitest/node'
import { bridgeToSocket } from './loopback-bridge.ts'
import { startMlflow } from './mlflow.ts'

/** One MLflow that all live tests share; each test keeps to experiments of its own. */
export interface SharedMlflow {
  /** Loopback URL that leads straight to MLflow, past any front door. */
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
  const mlflow = await startMlflow({ workers: 2 })
  const bridge = await bridgeToSocket(mlflow.socketPath)
  project.provide('mlflow', { trackingUri: bridge.url, socketPath: mlflow.socketPath, python: mlflow.python })
  return async () => {
    await bridge[Symbol.asyncDispose]()
    await mlflow[Symbol.asyncDispose]()
  }
}
