import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from './environment.ts'

/** What `~/.mlflow/credentials` says. */
export interface StoredCredentials {
  readonly username?: string | undefined
  readonly password?: string | undefined
  /** Python's client reads no token there; ours does. */
  readonly token?: string | undefined
}

/** Read the file that Python's client reads too; nothing when there is none. */
export async function readCredentialsFile(env: Environment): Promise<StoredCredentials> {
  const path = join(env['HOME'] ?? homedir(), '.mlflow', 'credentials')
  try {
    return parseCredentials(await readFile(path, 'utf8'))
  } catch {
    // As for Python: a file that is missing or belongs to somebody else is no file.
    return {}
  }
}

/** Take the `[mlflow]` section of an INI text, as Python's configparser does. */
export function parseCredentials(text: string): StoredCredentials {
  const values = new Map<string, string>()
  let section = ''
  for (const line of text.split(/\r?\n/)) {
    section = /^\[(.+)\]\s*$/.exec(line)?.[1] ?? section
    if (section !== 'mlflow' || /^\s*[#;]/.test(line)) continue
    const [, key, value] = /^([^=:\s][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? []
    // A percent sign is written twice there.
    if (key !== undefined && value !== undefined) values.set(key.toLowerCase(), value.replaceAll('%%', '%'))
  }
  return {
    username: values.get('mlflow_tracking_username'),
    password: values.get('mlflow_tracking_password'),
    token: values.get('mlflow_tracking_token'),
  }
}
