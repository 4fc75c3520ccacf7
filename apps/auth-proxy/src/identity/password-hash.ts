import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { AuthProxyError } from '../errors/auth-proxy-error.ts'

interface Cost {
  readonly memoryKib: number
  readonly passes: number
  readonly parallelism: number
}

// OWASP's password storage cheat sheet: argon2id with 19 MiB, 2 passes, 1 lane.
const currentCost: Cost = { memoryKib: 19 * 1024, passes: 2, parallelism: 1 }
const saltBytes = 16
const tagBytes = 32
const phcPattern =
  /^\$argon2id\$v=19\$m=(?<memory>\d{1,7}),t=(?<passes>\d{1,3}),p=(?<lanes>\d{1,3})\$(?<salt>[A-Za-z0-9+/]+)\$(?<tag>[A-Za-z0-9+/]+)$/
const derive = promisify(argon2)

/** Hashes a password into a PHC string, `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes)
  const tag = await computeTag(password, salt, tagBytes, currentCost)
  const { memoryKib, passes, parallelism } = currentCost
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`
}

/** Checks a password against a PHC string, with the cost that the string names. */
export async function verifyPassword(password: string, phc: string): Promise<boolean> {
  const { memory, passes, lanes, salt, tag } = phcPattern.exec(phc)?.groups ?? {}
  if (!memory || !passes || !lanes || !salt || !tag) {
    throw new AuthProxyError({
      code: 'SOEN_PASSWORD_HASH_UNREADABLE',
      message: 'A stored password hash is not an argon2id PHC string.',
      hint: 'Set a new password for that user.',
    })
  }
  const expected = Buffer.from(tag, 'base64')
  const cost = { memoryKib: Number(memory), passes: Number(passes), parallelism: Number(lanes) }
  const actual = await computeTag(password, Buffer.from(salt, 'base64'), expected.length, cost)
  return timingSafeEqual(actual, expected)
}

function computeTag(password: string, salt: Buffer, tagLength: number, cost: Cost): Promise<Buffer> {
  const { memoryKib: memory, passes, parallelism } = cost
  return derive('argon2id', { message: password, nonce: salt, tagLength, memory, passes, parallelism })
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
