import { expect, test } from 'vitest'
import { soen } from '../testing/running-soen.ts'

const id = '41VN7SFhHIGC'
const secret = 'x'.repeat(38)

/** Everything that is sent and printed when something is revoked. */
function told(thing: string, pasted: string): string {
  const { stdout, stderr } = soen([thing, 'revoke', pasted, '--dry-run', '--home', '/no/such/home'])
  return stdout + stderr
}

test.each([
  ['an id', id],
  ['a whole token', `soen_${id}_${secret}`],
  ['a token that was cut off', `soen_${id}_xxxx`],
  ['a token without its underscore', `soen_${id}${secret}`],
  ['a token without its beginning', `${id}_${secret}`],
])('a token is revoked by %s, and only its id is sent and said', (_case, pasted) => {
  expect(told('token', pasted)).toBe(`DELETE /_soen/api/tokens/${id}\nOn /no/such/home\n`)
})

test('a token in the place of a session sends its secret nowhere either', () => {
  expect(told('session', `soen_${id}_${secret}`)).toBe(told('session', id))
})
