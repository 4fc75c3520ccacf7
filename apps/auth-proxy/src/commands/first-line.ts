import type { Readable } from 'node:stream'
import { AuthProxyError } from '../errors/auth-proxy-error.ts'

const maxBytes = 4096
const newline = 0x0a

/**
 * Reads the first line of a stream as UTF-8, without its line end. Passwords are given this way, never as an
 * argument.
 */
export async function readFirstLine(stream: Readable): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk)
    const end = bytes.indexOf(newline)
    chunks.push(end < 0 ? bytes : bytes.subarray(0, end))
    size += bytes.length
    if (end >= 0 || size > maxBytes) break
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)).replace(/\r$/, '')
  } catch (cause) {
    throw new AuthProxyError({
      code: 'SOEN_PASSWORD_INVALID',
      message: 'The password is not text in UTF-8.',
      hint: 'Pipe it as text: printf "%s\\n" "$PASSWORD" | soen-auth-proxy user set NAME --state FILE.',
      cause,
    })
  }
}
