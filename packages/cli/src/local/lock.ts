import { DatabaseSync } from 'node:sqlite'
import { CliError } from '../errors.ts'

/**
 * Holds a home for one platform at a time.
 *
 * SQLite's lock is the operating system's own: it ends with the process, however that ends, so that there
 * is never a stale one to remove.
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
