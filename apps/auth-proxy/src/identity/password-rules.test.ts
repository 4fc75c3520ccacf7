import { describe, expect, it } from 'vitest'
import { normalizePassword, parseNewPassword } from './password-rules.ts'

describe('parseNewPassword', () => {
  it.each(['12345678', 'only lower case words', 'päßwörter', 'пароль12', 'x'.repeat(1023) + 'y'])(
    'asks for no kinds of characters: %s',
    (password) => {
      expect(parseNewPassword(password, 'ada')).toBe(password)
    },
  )

  it.each([
    ['', 'fewer than 8'],
    ['1234567', 'fewer than 8'],
    ['🔑🔑🔑🔑', 'fewer than 8'],
    ['x'.repeat(1024) + 'y', 'longer than 1024 bytes'],
    ['tab\tinside', 'control character'],
    ['Ada.Love', 'is the user name'],
    ['aaaaaaaaaaaa', 'repeats one character'],
  ])('refuses %j', (password, reason) => {
    expect(() => parseNewPassword(password, 'ada.love')).toThrow(reason)
  })

  it('takes no password for a new one that is there already, however it is typed', () => {
    expect(() => parseNewPassword('u\u0308ber acht', 'ada', '\u00fcber acht')).toThrow('is the current one')
    expect(parseNewPassword('another one', 'ada', 'this one')).toBe('another one')
  })

  it('never repeats the password in the error', () => {
    expect(() => parseNewPassword('s3cr3t', 'ada')).toThrow(/^(?!.*s3cr3t)/)
  })
})

describe('normalizePassword', () => {
  it('makes one spelling of an accent that keyboards write in two ways', () => {
    expect(normalizePassword('u\u0308ber')).toBe('\u00fcber')
  })
})
