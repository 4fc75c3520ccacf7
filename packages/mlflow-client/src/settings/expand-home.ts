import { homedir } from 'node:os'
import type { Environment } from './environment.ts'

/** A path or `file:` URI with the home folder in place of a `~` or `$HOME` at its beginning. */
export function expandHome(path: string, env: Environment): string {
  return path.replace(
    /^(file:(?:\/\/)?)?(?:~|\$HOME|\$\{HOME\})(?=[/\\]|$)/i,
    (_, scheme: string | undefined) => `${scheme ?? ''}${env['HOME'] ?? homedir()}`,
  )
}
