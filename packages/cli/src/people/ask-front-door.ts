import type { ApiRequest } from '../front-door/api.ts'
import { apiPath } from '../front-door/api.ts'
import { openFrontDoor, type WhichFrontDoor } from './find-front-door.ts'
import type { PeopleVerb, Typed } from '../verbs/user.ts'
import { generatePassword } from '../local/accounts.ts'
import { createAsker } from '../output/ask.ts'
import type { Terminal } from '../output/terminal.ts'

/** What every verb about people takes. */
export interface PeopleOptions extends WhichFrontDoor {
  readonly json?: boolean
  readonly dryRun?: boolean
  readonly yes?: boolean
}

/** Asks a front door for what a verb means, and shows the answer. */
export async function runPeopleVerb(
  verb: PeopleVerb,
  typed: Typed,
  options: PeopleOptions,
  terminal: Terminal,
): Promise<void> {
  const request = verb.plan(typed, generatePassword)
  await using frontDoor = await openFrontDoor(options, terminal)
  terminal.note(`On ${frontDoor.place}`)
  if (options.dryRun) return showPlan(request, options, terminal)
  if (verb.asks !== undefined && options.yes !== true) {
    const asker = createAsker({ otherwise: 'Say so beforehand: --yes' })
    if (!(await asker.confirm(verb.asks(typed)))) return terminal.note('Nothing was changed.')
  }
  const answer: never = await frontDoor.call(request)
  if (options.json) return terminal.json(verb.result?.(answer, typed, request) ?? answer)
  const { lines, note } = verb.show(answer, typed, request)
  for (const line of lines) terminal.result(line)
  if (note !== undefined) terminal.note(note)
}

/** The request itself, without the password that would be drawn anew. */
function showPlan(request: ApiRequest, { json }: PeopleOptions, terminal: Terminal): void {
  const { method, body } = request
  const shown = body?.['password'] === undefined ? body : { ...body, password: '(a new one)' }
  const path = apiPath(request)
  if (json) return terminal.json({ method, path, body: shown })
  terminal.result(`${method} ${path}${shown === undefined ? '' : ` ${JSON.stringify(shown)}`}`)
}
