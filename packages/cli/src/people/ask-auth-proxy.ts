import { apiPath, type ApiRequest } from '../auth-proxy/api.ts'
import { generatePassword } from '../auth-proxy/password.ts'
import { createAsker } from '../output/ask.ts'
import type { Terminal } from '../output/terminal.ts'
import { findAuthProxy, type WhichAuthProxy } from './find-auth-proxy.ts'

/** What every verb about accounts, tokens and sessions takes. */
export interface AccountOptions extends WhichAuthProxy {
  readonly json?: boolean
  readonly dryRun?: boolean
  readonly yes?: boolean
}

/** What is said after something was done. */
export interface Words {
  readonly lines: readonly string[]
  /** For the person only, not for a pipe. */
  readonly note?: string
}

/** One thing that a front door is asked for, and how the answer is shown. */
export interface Order<Answer> {
  readonly plan: (newPassword: () => string) => ApiRequest
  /** What is lost; asked about first. */
  readonly asks?: string
  /** The result for a program, made of the answer; by default that itself. */
  readonly result?: (answer: Answer, request: ApiRequest) => unknown
  readonly show: (answer: Answer, request: ApiRequest) => Words
}

/** Asks the front door that is meant, and shows the answer. */
export async function askAuthProxy<Answer>(
  order: Order<Answer>,
  options: AccountOptions,
  terminal: Terminal,
): Promise<void> {
  const request = order.plan(generatePassword)
  await using authProxy = await findAuthProxy(options, terminal)
  terminal.note(`On ${authProxy.place}`)
  if (options.dryRun) return showPlan(request, options, terminal)
  if (order.asks !== undefined && options.yes !== true) {
    const asker = createAsker({ otherwise: 'Say so beforehand: --yes' })
    if (!(await asker.confirm(order.asks))) return terminal.note('Nothing was changed.')
  }
  const answer = await authProxy.call<Answer>(request)
  if (options.json) return terminal.json(order.result?.(answer, request) ?? answer)
  const { lines, note } = order.show(answer, request)
  for (const line of lines) terminal.result(line)
  if (note !== undefined) terminal.note(note)
}

/** The request itself, without the password that would be drawn anew. */
function showPlan(request: ApiRequest, { json }: AccountOptions, terminal: Terminal): void {
  const { method, body } = request
  const shown = body?.['password'] === undefined ? body : { ...body, password: '(a new one)' }
  const path = apiPath(request)
  if (json) return terminal.json({ method, path, body: shown })
  terminal.result(`${method} ${path}${shown === undefined ? '' : ` ${JSON.stringify(shown)}`}`)
}
