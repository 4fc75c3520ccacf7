import { describe, expect, it } from 'vitest'
import { checkCsrf } from './csrf.ts'

const session = { credential: { kind: 'session', id: 's', csrf: 'right' } } as const
const fromHere = { 'sec-fetch-site': 'same-origin' }
const refused = expect.objectContaining({ code: 'SOEN_CSRF_TOKEN' })

describe('checkCsrf', () => {
  it('takes the token in a header or a form, from a page that says where it is', () => {
    for (const origin of [fromHere, { origin: 'http://localhost' }]) {
      expect(() => checkCsrf(session, { ...origin, 'x-soen-csrf': 'right' })).not.toThrow()
      expect(() => checkCsrf(session, origin, 'right')).not.toThrow()
    }
  })

  it.each([
    ['without the token', fromHere, undefined],
    ['with another token', { ...fromHere, 'x-soen-csrf': 'wrong' }, undefined],
    ['with an empty token', { ...fromHere, 'x-soen-csrf': '' }, undefined],
    [
      'with another token in its form, whatever its header says',
      { ...fromHere, 'x-soen-csrf': 'right' },
      'x',
    ],
    ['that does not say where it comes from', { 'x-soen-csrf': 'right' }, undefined],
  ])('stops a change %s', (_case, headers, fromForm) => {
    expect(() => checkCsrf(session, headers, fromForm)).toThrow(refused)
  })

  it.each([{ kind: 'password' }, { kind: 'token', id: 't', name: 'laptop' }] as const)(
    'leaves alone who shows a %j, which no browser does by itself',
    (credential) => {
      expect(() => checkCsrf({ credential }, {})).not.toThrow()
    },
  )
})
