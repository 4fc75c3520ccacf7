import { attempt } from '../run/attempt.ts'
import type { Run } from '../run/run.ts'

/** Log a value as a JSON file among the run's artifacts, readable by `mlflow.artifacts.load_dict`. */
export function logJson(run: Run, path: string, value: unknown): void {
  attempt(run, path, () => {
    const text: string | undefined = JSON.stringify(value, undefined, 2)
    if (text === undefined) throw new TypeError(`a ${typeof value} has no JSON`)
    run.text(text, path)
  })
}
