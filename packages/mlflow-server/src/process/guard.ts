import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { hasErrorCode } from '../errors.ts'
import type { ProgramPlan } from './program-plan.ts'

/** How a guarded program is started and ended. */
export interface GuardOptions extends Omit<ProgramPlan, 'env'> {
  readonly env: NodeJS.ProcessEnv
  readonly cwd?: string
  /** What asks the program to end; PostgreSQL needs SIGINT to end at once. */
  readonly stopSignal?: 'SIGTERM' | 'SIGINT' | 'SIGKILL'
  /** How long it may take over ending before it is killed. */
  readonly graceMs?: number
}

/** How a program ended. */
export interface ProgramExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A running program that ends with us, whatever happens to us. */
export interface GuardedProgram {
  readonly pid: number
  readonly stdout: Readable
  readonly stderr: Readable
  /** Resolves when the program has ended and its group is gone. */
  readonly exited: Promise<ProgramExit>
  /** Asks it to end, kills it after the grace time, resolves when it is gone. */
  stop(): Promise<ProgramExit>
}

/**
 * A shell that waits for the lifeline to break, as it does when our process dies by any means, SIGKILL
 * included, and then ends the group it was told to guard.
 */
const watchdogScript = `read -r signal group grace <&3 || exit 0
cat <&3 >/dev/null
kill -s "$signal" -- "-$group" 2>/dev/null || exit 0
while [ "$grace" -gt 0 ] && kill -0 -- "-$group" 2>/dev/null; do sleep 1; grace=$((grace - 1)); done
kill -s KILL -- "-$group" 2>/dev/null`

/**
 * Starts a program in its own process group, with a watchdog that ends the whole group if this process
 * dies without having stopped it.
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
  // Neither may keep our process from ending: when it does, the lifeline breaks and the group goes too.
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

/** A group that is gone already is what we want. */
function killGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  if (leader === undefined) return
  try {
    process.kill(-leader, signal)
  } catch (error) {
    if (!hasErrorCode(error, 'ESRCH')) throw error
  }
}
