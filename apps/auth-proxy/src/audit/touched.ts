import { readToken, tokenIdIn } from '../identity/token.ts'
import type { Subject } from './record.ts'

/** What an API call is about, by its path, its body and its result. */
export function touchedByApi(
  path: string,
  params: Readonly<Record<string, string>>,
  ...values: readonly unknown[]
): readonly Subject[] {
  const [, , , things] = path.split('/')
  const kind = kinds.get(things ?? '')
  const named = Object.values(params).map((value) => subject(kind, value))
  const held = values.flatMap((value) => [
    subject(kind, field(value, kind === 'user' ? 'name' : 'id')),
    subject('user', field(value, 'owner')),
  ])
  const all = [...named, ...held].filter((one) => one !== undefined)
  return [...new Map(all.map((one) => [`${one.kind} ${one.value}`, one])).values()]
}

/** What a form of our pages is about; for a new token its id, never its text. */
export function touchedByForm(path: string, form: URLSearchParams, newToken?: unknown): readonly Subject[] {
  const token = typeof newToken === 'string' ? readToken(newToken) : undefined
  const id = path.includes('/sessions/') ? 'session' : 'token'
  const all = [
    path.startsWith('/_soen/users/') ? subject('user', form.get('name')) : subject(id, form.get('id')),
    typeof token === 'object' ? subject('token', token.id) : undefined,
  ]
  return all.filter((one) => one !== undefined)
}

const kinds: ReadonlyMap<string, Subject['kind']> = new Map([
  ['users', 'user'],
  ['tokens', 'token'],
  ['sessions', 'session'],
])

function subject(kind: Subject['kind'] | undefined, value: unknown): Subject | undefined {
  if (kind === undefined || typeof value !== 'string' || value === '') return undefined
  // Of a whole token that was pasted, even in place of a session's id, only the id is kept.
  return { kind, value: kind === 'user' ? value.toLowerCase() : tokenIdIn(value) }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
