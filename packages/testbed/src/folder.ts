import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A private folder for one test, with a path short enough for unix sockets; deleted when disposed. */
export interface TemporaryFolder extends Disposable {
  readonly path: string
}

/** Creates a folder that only the tests can read. */
export function temporaryFolder(name = 'test'): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), `soen-${name}-`))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
