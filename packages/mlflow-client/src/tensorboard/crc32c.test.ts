import { expect, test } from 'vitest'
import { crc32c, maskedCrc32c } from './crc32c.ts'

// RFC 3720, B.4.
test.each([
  ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
  ['32 ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
  ['counting up', Buffer.from(Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e],
  ['digits', Buffer.from('123456789'), 0xe3069283],
  ['nothing', Buffer.alloc(0), 0],
])('the checksum of %s is the published one', (_, bytes, checksum) => {
  expect(crc32c(bytes)).toBe(checksum)
})

test('is masked as the real writer masks the length of its first record', () => {
  expect(maskedCrc32c(Buffer.from('4800000000000000', 'hex'))).toBe(0x9d4892fe)
})
