import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'

/** How a command on the machine ended. */
export interface CommandResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The machine that a plan is applied to: this one, as root. */
export interface Machine {
  /** Where the machine's `/` is; another folder in tests that touch files only. */
  readonly root: string
  run(command: string, args: readonly string[], stdin?: string): Promise<CommandResult>
}

/** What this machine is taken for. */
export interface ThisMachineOptions {
  readonly root?: string
  /** Added to what its tools see. */
  readonly env?: Readonly<Record<string, string>>
}

/** This machine. Its tools are asked in plain English, whatever the administrator's language is. */
export function thisMachine({ root = '/', env: more = {} }: ThisMachineOptions = {}): Machine {
  const env = { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive', ...more }
  return {
    root,
    async run(command, args, stdin = '') {
      const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
      const ended = new Promise<number>((resolve) => {
        child.once('error', () => resolve(127))
        child.once('close', (code) => resolve(code ?? 1))
      })
      // A tool that ends without reading its input is no failure of ours.
      child.stdin.on('error', () => {}).end(stdin)
      const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
      return { code, stdout, stderr }
    },
  }
}

/**
 * Runs a command that must succeed.
 *
 * @throws Error with the command's last words
 */
export async function runOrThrow(
  machine: Machine,
  command: string,
  ...args: readonly string[]
): Promise<string> {
  const { code, stdout, stderr } = await machine.run(command, args)
  if (code === 0) return stdout
  const said = (stderr || stdout).trim().split('\n').slice(-10).join('\n')
  throw new Error(`\`${[command, ...args].join(' ')}\` ended with exit code ${code}:\n${said}`)
}
