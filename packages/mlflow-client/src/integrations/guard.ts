import { ClientError } from '../errors/client-error.ts'
import { emitWarning } from '../errors/emit-warning.ts'

/** Runs an action that must never fail a training: an error becomes a warning instead. */
export type Guard = (what: string, action: () => void) => void

/** Called with each warning. */
export type OnWarn = (warning: ClientError) => void

/** Create a guard that warns once about each thing that fails. */
export function createGuard(onWarn: OnWarn = emitWarning): Guard {
  const told = new Set<string>()
  return (what, action) => {
    try {
      action()
    } catch (error) {
      if (told.has(what)) return
      told.add(what)
      onWarn(withoutHarm(what, error))
    }
  }
}

/** The warning about a failure beside a training. */
function withoutHarm(what: string, error: unknown): ClientError {
  const isOurs = error instanceof ClientError
  return new ClientError({
    code: isOurs ? error.code : 'SOEN_ITEM_REFUSED',
    message: `${what} failed: ${error instanceof Error ? error.message : String(error)}`,
    hint: isOurs ? `The training goes on. ${error.hint}` : 'The training goes on without it.',
    cause: error,
  })
}
