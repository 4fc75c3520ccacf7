import { mkdir, readFile, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { hasErrorCode } from '@soen/mlflow-server'
import { replaceFile } from './logins.ts'

/** The credentials that MLflow's clients, ours included, use by default. */
export interface MlflowCredentials {
  readonly user: string
  readonly token: string
}

/** The path of the file that they read. */
function mlflowCredentialsPath(home: string = process.env['HOME'] ?? homedir()): string {
  return join(home, '.mlflow', 'credentials')
}

/** Where a login that we did not write is kept meanwhile. */
const keptName = (path: string): string => `${path}.before-soen`

/**
 * Writes a user and a token into the file and leaves everything else in it unchanged. An earlier login that is none
 * of the `known` tokens is saved beside it; returns the path of that copy.
 */
export async function writeMlflowCredentials(
  { user, token }: MlflowCredentials,
  known: readonly string[] = [],
  path: string = mlflowCredentialsPath(),
): Promise<{ readonly kept?: string }> {
  const before = await textOf(path)
  const password = passwordIn(before)
  const isForeign = password !== undefined && password !== token && !known.includes(password)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  if (isForeign) await replaceFile(keptName(path), before)
  const ours = [`mlflow_tracking_username = ${user}`, `mlflow_tracking_password = ${token}`]
  await replaceFile(path, withLogin(before, ours))
  return isForeign ? { kept: keptName(path) } : {}
}

/** Removes a token if it is the current one, and restores the login that it replaced. */
export async function removeMlflowCredentials(
  token: string,
  path: string = mlflowCredentialsPath(),
): Promise<void> {
  const before = await textOf(path)
  if (passwordIn(before) !== token) return
  const left = withLogin(before, loginIn(await textOf(keptName(path))))
  if (left === '') await rm(path)
  else await replaceFile(path, left)
  await rm(keptName(path), { force: true })
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return ''
    throw error
  }
}

const loginKey = /^mlflow_tracking_(?<what>username|password|token)\s*[=:]\s*(?<value>.*?)\s*$/i

/** The lines of a file that hold the login. */
function loginIn(text: string): readonly string[] {
  return sectionOf(text.split(/\r?\n/)).lines.filter((line) => loginKey.test(line))
}

function passwordIn(text: string): string | undefined {
  const pairs = loginIn(text).map((line) => loginKey.exec(line)?.groups)
  return pairs.find((pair) => pair?.['what']?.toLowerCase() === 'password')?.['value']
}

/** The section `[mlflow]` of a file's lines, as Python's configparser reads it. */
function sectionOf(lines: readonly string[]): { start: number; lines: readonly string[] } {
  const start = lines.findIndex((line) => /^\[mlflow\]\s*$/.test(line))
  if (start < 0) return { start: lines.length, lines: [] }
  const next = lines.findIndex((line, index) => index > start && line.startsWith('['))
  return { start, lines: lines.slice(start + 1, next < 0 ? undefined : next) }
}

/** The text with these lines as the only login of its section; drops the section if it would be empty. */
function withLogin(text: string, login: readonly string[]): string {
  const all = text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/)
  const { start, lines } = sectionOf(all)
  const others = lines.filter((line) => !loginKey.test(line))
  const section = [...login, ...others]
  const isEmpty = section.every((line) => line.trim() === '')
  const result = [
    ...all.slice(0, start),
    ...(isEmpty ? [] : ['[mlflow]', ...section]),
    ...all.slice(start + 1 + lines.length),
  ]
  return result.every((line) => line.trim() === '') ? '' : `${result.join('\n')}\n`
}
