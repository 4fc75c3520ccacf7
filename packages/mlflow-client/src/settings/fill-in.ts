import { ClientError } from '../errors/client-error.ts'
import type { Environment } from './environment.ts'

/** `${VAR}`, and OmegaConf's forms `${oc.env:VAR}` and `${oc.env:VAR,default}`. */
const REFERENCE = /\$\{\s*(?:oc\.env:\s*)?([^},]*?)\s*(?:,\s*([^}]*?)\s*)?\}/g

/** Whether a text of the training file refers to variables. */
export function hasReference(text: string): boolean {
  return text.search(REFERENCE) >= 0
}

/**
 * Substitute variables in a text of the training file. A missing one is an error: the reference must never be used
 * as a literal password.
 */
export function fillIn(text: string, env: Environment, key: string): string {
  return text.replace(REFERENCE, (_, name: string, otherwise: string | undefined) => {
    const value = env[name] ?? (otherwise === 'null' ? '' : otherwise?.replace(/^(['"])(.*)\1$/, '$2'))
    if (value !== undefined) return value
    throw new ClientError({
      code: 'SOEN_CONFIG_INVALID',
      message: `\`logging.${key}\` asks for the environment variable ${name}, which is not set.`,
      hint: 'Set it, give a default (`${oc.env:NAME,default}`), or write the value itself.',
    })
  })
}
