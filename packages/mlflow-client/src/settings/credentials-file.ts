import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from './environment.ts'

/** The content of `~/.mlflow/credentials`. */
export interface StoredCredentials {
  readonly username?: string | undefined
  readonly password?: string | undefined
  /** Ours alone: Python's client reads no token from this file. */
  readonly token?: string | undefined
}

/** Read the file that Python's client reads too; empty when there is none. */
export async function readCredentialsFile(env: Environment): Promise<StoredCredentials> {
  const path = join(env['HOME'] ?? homedir(), '.mlflow', 'credentials')
  try {
    return parseCredentials(await readFile(path, 'utf8'))
  } catch {
    // As in Python: a file that is missing or unreadable counts as none.
    return {}
  }
}

/** Parse the `[mlflow]` section of an INI text, as Python's configparser does. */
export function parseCredentials(text: string): StoredCredentials {
  const values = new Map<string, string>()
  let section = ''
  for (const line of text.split(/\r?\n/)) {
    section = /^\[(.+)\]\s*$/.exec(line)?.[1] ?? section
    if (section !== 'mlflow' || /^\s*[#;]/.test(line)) continue
    const [, key, value] = /^([^=:\s][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? []
    // A percent sign is doubled there.
    if (key !== undefined && value !== undefined) values.set(key.toLowerCase(), value.replaceAll('%%', '%'))
  }
  return {
    username: values.get('mlflow_tracking_username'),
    password: values.get('mlflow_tracking_password'),
    token: values.get('mlflow_tracking_token'),
  }
}
