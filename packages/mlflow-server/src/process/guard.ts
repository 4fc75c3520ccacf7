import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { hasErrorCode } from '../errors.ts'
import type { ProgramPlan } from './program-plan.ts'

/** How a guarded program is started and stopped. */
export interface GuardOptions extends Omit<ProgramPlan, 'env'> {
  readonly env: NodeJS.ProcessEnv
  readonly cwd?: string
  /** The signal that asks the program to stop; PostgreSQL needs SIGINT to stop at once. */
  readonly stopSignal?: 'SIGTERM' | 'SIGINT' | 'SIGKILL'
  /** How long stopping may take before the program is killed. */
  readonly graceMs?: number
}

/** How a program ended. */
export interface ProgramExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A running program that ends when this process does, however that happens. */
export interface GuardedProgram {
  readonly pid: number
  readonly stdout: Readable
  readonly stderr: Readable
  /** Resolves when the program and its whole process group have ended. */
  readonly exited: Promise<ProgramExit>
  /** Asks the program to stop, kills it after the grace time, and resolves when it is gone. */
  stop(): Promise<ProgramExit>
}

/**
 * A shell that waits for the lifeline pipe to close, which happens when our process dies in any way, SIGKILL
 * included, and then ends the process group it guards.
 */
const watchdogScript = `read -r signal group grace <&3 || exit 0
cat <&3 >/dev/null
kill -s "$signal" -- "-$group" 2>/dev/null || exit 0
while [ "$grace" -gt 0 ] && kill -0 -- "-$group" 2>/dev/null; do sleep 1; grace=$((grace - 1)); done
kill -s KILL -- "-$group" 2>/dev/null`

/**
 * Starts a program in its own process group, with a watchdog that ends the whole group if this process dies without
 * stopping it.
 *
 * @throws the error of `spawn`, for instance `ENOENT`
 */
export async function startGuarded(options: GuardOptions): Promise<GuardedProgram> {
  const { command, args, env, cwd, stopSignal = 'SIGTERM', graceMs = 10_000 } = options
  const watchdog = spawn('sh', ['-c', watchdogScript], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  try {
    await Promise.all([once(watchdog, 'spawn'), once(child, 'spawn')])
  } catch (error) {
    killGroup(watchdog.pid, 'SIGKILL')
    killGroup(child.pid, 'SIGKILL')
    throw error
  }
  const { pid } = child
  if (pid === undefined) throw new Error(`${command} started without a process id`)
  const lifeline = watchdog.stdio[3]
  if (!(lifeline instanceof Socket)) throw new Error('the watchdog has no lifeline')
  lifeline.on('error', () => {})
  lifeline.write(`${stopSignal.slice(3)} ${pid} ${Math.ceil(graceMs / 1000)}\n`)
  // Neither may keep our process alive: when it ends, the lifeline closes and the group ends too.
  watchdog.unref()
  lifeline.unref()

  const exited = new Promise<ProgramExit>((resolve) => {
    child.once('exit', (code, signal) => {
      killGroup(pid, 'SIGKILL')
      killGroup(watchdog.pid, 'SIGKILL')
      lifeline.destroy()
      resolve({ code, signal })
    })
  })
  return {
    pid,
    stdout: child.stdout,
    stderr: child.stderr,
    exited,
    async stop() {
      killGroup(pid, stopSignal)
      const timer = setTimeout(killGroup, graceMs, pid, 'SIGKILL')
      try {
        return await exited
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

/** If the group is gone already, nothing is left to do. */
function killGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  if (leader === undefined) return
  try {
    process.kill(-leader, signal)
  } catch (error) {
    if (!hasErrorCode(error, 'ESRCH')) throw error
  }
}
