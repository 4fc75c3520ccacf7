import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { hasShape } from './json-file.ts'

/** A process, told from every other one of any machine and any container. */
export interface Owner {
  readonly pid: number
  /** Tells a process from a later one that got the same number. */
  readonly started: string
  /** The start of the machine: another one means another machine, or the same one later. */
  readonly boot: string
  /** The container, so to speak, in which the number holds. */
  readonly space: string
  readonly machine: string
}

/** The kernel's own name for the processes that are in no container. */
const NO_CONTAINER = 'pid:[4026531836]'

let self: Owner | undefined

/** This process. */
export function thisProcess(): Owner {
  self ??= {
    pid: process.pid,
    started: processStart(process.pid) ?? '',
    // Other systems tell no such thing; their processes are told apart by their number and the machine's name.
    boot: told(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')) || hostname(),
    space: told(() => readlinkSync('/proc/self/ns/pid')),
    machine: told(() => readFileSync('/etc/machine-id', 'utf8')),
  }
  return self
}

/** Whether two names are of one process. */
export function isSame(one: Owner, other: Owner): boolean {
  return (
    one.pid === other.pid &&
    one.started === other.started &&
    one.boot === other.boot &&
    one.space === other.space
  )
}

/** Whether a process lives; nothing when that cannot be known from here. */
export function livesStill({ pid, started, boot, space, machine }: Owner): boolean | undefined {
  const here = thisProcess()
  if (boot === here.boot && space === here.space) {
    const found = processStart(pid)
    return found !== undefined && (started === '' || found === '' || found === started)
  }
  // Containers may share the name of their image's machine. Outside of them, the machine was started anew.
  const isThisMachine = machine !== '' && machine === here.machine
  const inNoContainer = space === NO_CONTAINER && here.space === NO_CONTAINER
  return isThisMachine && inNoContainer && boot !== here.boot ? false : undefined
}

/** Whether a value read from a file names a process. */
export function isOwner(value: unknown): value is Owner {
  return hasShape(value, {
    pid: 'number',
    started: 'string',
    boot: 'string',
    space: 'string',
    machine: 'string',
  })
}

/** The start time of a process in the kernel's own count; '' where it is not told, nothing when it is dead. */
function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command name may hold spaces and brackets; fields are counted from the last closing one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : (fields[19] ?? '')
  } catch {
    return isRunning(pid) ? '' : undefined
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** '' where the system does not tell. */
function told(ask: () => string): string {
  try {
    return ask().trim()
  } catch {
    return ''
  }
}
