import type { Writable } from 'node:stream'

/** Prints why the API refused; message, hint and code are one sentence of its response. Returns the exit code. */
export function sayRefusal(body: string, stderr: Writable): 1 {
  const { message }: { message: string } = JSON.parse(body)
  stderr.write(`${message}\n`)
  return 1
}
