import { textOf } from '../errors/text-of.ts'
import type { Run } from './run.ts'

/**
 * Do something for a run that may throw, which then costs that item and a warning, as in the run's own calls. Nothing is
 * done for one that logs nowhere.
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
