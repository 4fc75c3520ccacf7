import type { Writable } from 'node:stream'

/** Says why the API did not do it: message, hint and code are one sentence of its answer. Returns the exit code. */
export function sayRefusal(body: string, stderr: Writable): 1 {
  const { message }: { message: string } = JSON.parse(body)
  stderr.write(`${message}\n`)
  return 1
}
