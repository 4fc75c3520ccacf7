import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** The path of the front door's program: source in a checkout, compiled where it was installed. */
export const authProxyProgram: string = fileURLToPath(import.meta.resolve('@soen/auth-proxy/main'))

/** The output and exit code of the program. */
export interface AuthProxyAnswer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the front door's program; secrets are passed by stdin, never on the command line. */
export async function runAuthProxy(args: readonly string[], stdin = ''): Promise<AuthProxyAnswer> {
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const child = spawn(process.execPath, [authProxyProgram, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH, NODE_NO_WARNINGS: '1', ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }) },
  })
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
  child.stdin.on('error', () => {}).end(stdin)
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code, stdout, stderr }
}
