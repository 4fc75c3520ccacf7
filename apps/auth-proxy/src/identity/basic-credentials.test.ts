import { describe, expect, it } from 'vitest'
import { parseBasic } from './basic-credentials.ts'

const encode = (bytes: string | Uint8Array): string => `Basic ${Buffer.from(bytes).toString('base64')}`

describe('parseBasic', () => {
  it('reads user and password, which may hold colons and any script', () => {
    expect(parseBasic(encode('ada:a:b'))).toEqual({ user: 'ada', password: 'a:b' })
    expect(parseBasic(encode('ada:пароль 密码'))).toEqual({ user: 'ada', password: 'пароль 密码' })
  })

  it('takes the scheme in any case', () => {
    expect(parseBasic(encode('ada:secret').replace('Basic', 'bAsIc'))).toEqual({
      user: 'ada',
      password: 'secret',
    })
  })

  it('lets a token come without a name', () => {
    expect(parseBasic(encode(':soen_x'))).toEqual({ user: '', password: 'soen_x' })
  })

  it.each([
    '',
    'Basic',
    'Basic ',
    'Basic !!!!',
    'Bearer YWRhOnNlY3JldA==',
    'Basic YWRhOnNlY3JldA== extra',
    'Basic YWRhOnNl-_',
    encode('no colon'),
    encode('ada:'),
    encode(''),
    encode('ada:pass\0word'),
    encode('a\nda:password'),
    encode(Uint8Array.from([0x61, 0x3a, 0xfc])),
  ])('makes nothing of %j', (header) => {
    expect(parseBasic(header)).toBeUndefined()
  })
})
