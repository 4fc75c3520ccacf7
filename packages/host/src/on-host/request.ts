import { HostError } from '../errors.ts'
import type { OnHostAnswer, OnHostRequest, VerbName } from './protocol.ts'
import type { FieldType, Surroundings, Verb } from './verb.ts'
import * as verbs from './verbs.ts'

const verbsByName: ReadonlyMap<string, (typeof verbs)[VerbName]> = new Map(Object.entries(verbs))

const tests: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  list: (value) => Array.isArray(value),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
}

/**
 * Parses a request.
 *
 * @throws HostError `SOEN_HOST_REQUEST` where it names no known verb, or a field is missing or of another type
 */
export function parseRequest(line: string): OnHostRequest {
  const given = fieldsOf(line)
  const { verb } = given
  const known = typeof verb === 'string' ? verbsByName.get(verb) : undefined
  if (typeof verb !== 'string' || known === undefined) {
    throw notUnderstood(`It knows no verb ${JSON.stringify(verb)}.`)
  }
  const fields: Readonly<Record<string, FieldType>> = { ...known.fields }
  for (const [name, type] of Object.entries(fields)) {
    const value = given[name]
    const [wanted = '', ...isOptional] = type.split('?')
    if (value === undefined && isOptional.length > 0) continue
    if (value === undefined) throw notUnderstood(`\`${verb}\` lacks \`${name}\`.`)
    if (tests[wanted]?.(value) !== true) throw notUnderstood(`\`${name}\` of \`${verb}\` is no ${wanted}.`)
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its fields were looked at one by one
  return given as unknown as OnHostRequest
}

/** Runs the verb of a request. */
export function answer<Name extends VerbName>(
  request: OnHostRequest<Name>,
  around: Surroundings,
): Promise<OnHostAnswer<Name>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a request has the fields of the verb it names
  const verb = verbsByName.get(request.verb) as unknown as Verb<OnHostRequest<Name>, OnHostAnswer<Name>>
  return verb.run(request, around)
}

function fieldsOf(line: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(line))
  } catch (cause) {
    throw notUnderstood('It is no JSON.', cause)
  }
}

function notUnderstood(why: string, cause?: unknown): HostError {
  return new HostError(`The program on the machine does not understand the request. ${why}`, {
    code: 'SOEN_HOST_REQUEST',
    hint: 'It is of another version than your soen: deploy with yours, which brings its own.',
    cause,
  })
}
