import { DatabaseSync } from 'node:sqlite'
import { CliError } from '../errors.ts'

/**
 * Locks a home, so that only one platform runs on it.
 *
 * SQLite's file lock is released by the operating system when the process ends, however that happens, so it can
 * never become stale.
 *
 * @throws CliError `SOEN_ALREADY_RUNNING`
 */
export function lockHome(path: string): Disposable {
  const database = new DatabaseSync(path)
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (!String(error).includes('locked')) throw error
    throw new CliError('A platform runs on this home already.', {
      code: 'SOEN_ALREADY_RUNNING',
      hint: 'See it with `soen status`, end it with `soen down`, or start another with `soen up --home OTHER --port OTHER`.',
    })
  }
  return { [Symbol.dispose]: () => database.close() }
}
