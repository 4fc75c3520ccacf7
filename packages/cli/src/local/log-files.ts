import { join } from 'node:path'
import type { Home } from './home.ts'

/** The programs of a local platform that write a log; `platform` is the one that starts and restarts the others. */
export const logNames = ['mlflow', 'auth-proxy', 'platform'] as const

/** One of `logNames`. */
export type LogName = (typeof logNames)[number]

/** The path of a program's log. */
export function logPath(home: Pick<Home, 'logs'>, name: LogName): string {
  return join(home.logs, `${name}.log`)
}
