import { ClientError } from '../errors/client-error.ts'
import type { Environment } from './environment.ts'

/** `${VAR}`, and as OmegaConf spells it `${oc.env:VAR}` and `${oc.env:VAR,default}`. */
const REFERENCE = /\$\{\s*(?:oc\.env:\s*)?([^},]*?)\s*(?:,\s*([^}]*?)\s*)?\}/g

/** Whether a text of the training file speaks of variables. */
export function hasReference(text: string): boolean {
  return text.search(REFERENCE) >= 0
}

/** Put the variables into a text of the training file: what cannot be found is an error, and never a literal password. */
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
