import { textOf } from '../errors/text-of.ts'
import type { Run } from './run.ts'

/**
 * Do something for a run that may throw; an error costs that item and a warning, as in the run's own calls. Does
 * nothing when logging is disabled.
 */
export function attempt(run: Run, name: string, action: () => void): void {
  // Logging is disabled.
  if (run.id === '') return
  try {
    action()
  } catch (error) {
    run.refuse(name, textOf(error))
  }
}
