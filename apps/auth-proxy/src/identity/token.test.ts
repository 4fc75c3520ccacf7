import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { mintToken, readToken, tokenIdIn } from './token.ts'

describe('mintToken', () => {
  it('draws a token that can be read, and another one every time', () => {
    const token = mintToken()
    expect(token.text).toMatch(/^soen_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}$/)
    expect(readToken(token.text)).toEqual({ id: token.id, sha256: token.sha256 })
    expect(mintToken().text).not.toBe(token.text)
  })

  it('keeps a digest only', () => {
    const { text, sha256 } = mintToken()
    expect(sha256).toBe(createHash('sha256').update(text).digest('base64url'))
  })
})

describe('tokenIdIn', () => {
  it('finds the id in a token, whole or cut off, and leaves anything else as it is', () => {
    const { id, text } = mintToken()
    for (const shown of [id, text, text.slice(0, -10), text.slice(0, 18), text.slice(5)]) {
      expect(tokenIdIn(shown)).toBe(id)
    }
    expect(['x', '', 'no id_x'].map(tokenIdIn)).toEqual(['x', '', 'no id_x'])
  })
})

describe('readToken', () => {
  it.each(['', 'correct horse: battery', 'Soen_x', 'ghp_1234'])('takes %j for no token', (text) => {
    expect(readToken(text)).toBeUndefined()
  })

  it('tells a token that lost a character or got one wrong', () => {
    const { text } = mintToken()
    const other = text.at(-10) === 'x' ? 'y' : 'x'
    for (const broken of [
      text.slice(0, -1),
      `${text} `,
      text.slice(0, -10) + other + text.slice(-9),
      'soen_',
    ]) {
      expect(readToken(broken)).toBe('mistyped')
    }
  })

  it('knows the checksum of a token that was written down once', () => {
    expect(readToken('soen_AAAAAAAAAAAA_BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB4d0qw8')).toMatchObject({
      id: 'AAAAAAAAAAAA',
    })
  })
})
