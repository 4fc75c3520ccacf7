import { apiPath, type ApiRequest } from '../auth-proxy/api.ts'
import { generatePassword } from '../auth-proxy/password.ts'
import { createAsker } from '../output/ask.ts'
import type { Terminal } from '../output/terminal.ts'
import { findAuthProxy, type WhichAuthProxy } from './find-auth-proxy.ts'

/** The options that all verbs about accounts, tokens and sessions have. */
export interface AccountOptions extends WhichAuthProxy {
  readonly json?: boolean
  readonly dryRun?: boolean
  readonly yes?: boolean
}

/** What is shown after a change. */
export interface Words {
  readonly lines: readonly string[]
  /** Shown to people only, not in a pipe. */
  readonly note?: string
}

/** One request to a front door, and how its response is shown. */
export interface Order<Answer> {
  readonly plan: (newPassword: () => string) => ApiRequest
  /** The loss that the user must confirm first. */
  readonly asks?: string
  /** Derives the JSON result from the response; by default the response itself. */
  readonly result?: (answer: Answer, request: ApiRequest) => unknown
  readonly show: (answer: Answer, request: ApiRequest) => Words
}

/** Sends the request to the chosen front door and shows the response. */
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

/** Shows the request itself, without the password, which would be generated anew. */
function showPlan(request: ApiRequest, { json }: AccountOptions, terminal: Terminal): void {
  const { method, body } = request
  const shown = body?.['password'] === undefined ? body : { ...body, password: '(a new one)' }
  const path = apiPath(request)
  if (json) return terminal.json({ method, path, body: shown })
  terminal.result(`${method} ${path}${shown === undefined ? '' : ` ${JSON.stringify(shown)}`}`)
}
