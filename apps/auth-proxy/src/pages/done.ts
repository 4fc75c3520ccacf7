import type { OwnAnswer, OwnRequest } from '../destination/own-route.ts'
import type { Reader } from './reader.ts'
import { redirectTo } from './redirect.ts'
import type { Done } from './words/words.ts'

const maxNameLength = 64

/** Leads back to a page, which then says what was done, and to whose account. */
export function redirectDone(path: string, done: Done, name?: string): OwnAnswer {
  const query = new URLSearchParams({ done, ...(name === undefined ? {} : { name }) })
  return redirectTo(`${path}?${query.toString()}`)
}

/** What a page says was done. Only words of ours, and none at the wish of a link on another site. */
export function doneIn({ headers, query }: OwnRequest, { words }: Reader): string | undefined {
  if (headers['sec-fetch-site'] === 'cross-site') return undefined
  const wanted = query.get('done') ?? ''
  const say = isDone(wanted, words.done) ? words.done[wanted] : undefined
  return say?.((query.get('name') ?? '').slice(0, maxNameLength))
}

function isDone(text: string, sayings: Readonly<Record<Done, unknown>>): text is Done {
  return Object.hasOwn(sayings, text)
}
