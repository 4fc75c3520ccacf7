import type { OwnAnswer, OwnRequest } from '../destination/own-route.ts'
import type { Reader } from './reader.ts'
import { redirectTo } from './redirect.ts'
import type { Done } from './words/words.ts'

const maxNameLength = 64

/** Redirects to a page that then says what was done, and to whose account. */
export function redirectDone(path: string, done: Done, name?: string): OwnAnswer {
  const query = new URLSearchParams({ done, ...(name === undefined ? {} : { name }) })
  return redirectTo(`${path}?${query.toString()}`)
}

/** The message of what was done. Only our own texts, and none when a link on another site asks for it. */
export function doneIn({ headers, query }: OwnRequest, { words }: Reader): string | undefined {
  if (headers['sec-fetch-site'] === 'cross-site') return undefined
  const wanted = query.get('done') ?? ''
  const say = isDone(wanted, words.done) ? words.done[wanted] : undefined
  return say?.((query.get('name') ?? '').slice(0, maxNameLength))
}

function isDone(text: string, sayings: Readonly<Record<Done, unknown>>): text is Done {
  return Object.hasOwn(sayings, text)
}
