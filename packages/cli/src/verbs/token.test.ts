import { expect, test } from 'vitest'
import { peopleVerbs, type PeopleVerb } from './user.ts'

const id = '41VN7SFhHIGC'
const secret = 'x'.repeat(38)

function verb(usage: string): PeopleVerb {
  const found = peopleVerbs.find((one) => one.usage === usage)
  if (found === undefined) throw new Error(`There is no verb ${usage}.`)
  return found
}

/** All that is sent and said about something to be revoked. */
function told(thing: string, name: string): string {
  const { plan, result, show } = verb(`${thing} revoke <id>`)
  const typed = { name, second: '', options: {} }
  const request = plan(typed, () => '')
  const answer = undefined as never
  return JSON.stringify([request, result?.(answer, typed, request), show(answer, typed, request)])
}

test.each([
  ['an id', id],
  ['a whole token', `soen_${id}_${secret}`],
  ['a token that was cut off', `soen_${id}_xxxx`],
  ['a token without its underscore', `soen_${id}${secret}`],
  ['a token without its beginning', `${id}_${secret}`],
])('a token is revoked by %s, and only its id is sent and said', (_case, pasted) => {
  expect(told('token', pasted)).toBe(told('token', id))
  expect(told('token', id)).toContain(`tokens/${id}`)
})

test('a token in the place of a session sends its secret nowhere either', () => {
  expect(told('session', `soen_${id}_${secret}`)).toBe(told('session', id))
})
