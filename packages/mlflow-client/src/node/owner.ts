import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { hasShape } from './json-file.ts'

/** Identifies a process across machines and containers. */
export interface Owner {
  readonly pid: number
  /** Distinguishes a process from a later one with the same process id. */
  readonly started: string
  /** Identifies the machine's boot: another value means another machine, or this one after a restart. */
  readonly boot: string
  /** The process id namespace, in effect the container. */
  readonly space: string
  readonly machine: string
}

/** Linux's initial process id namespace, of processes outside any container. */
const NO_CONTAINER = 'pid:[4026531836]'

let self: Owner | undefined

/** This process. */
export function thisProcess(): Owner {
  self ??= {
    pid: process.pid,
    started: processStart(process.pid) ?? '',
    // Other systems have no such id; their processes are told apart by process id and host name.
    boot: told(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')) || hostname(),
    space: told(() => readlinkSync('/proc/self/ns/pid')),
    machine: told(() => readFileSync('/etc/machine-id', 'utf8')),
  }
  return self
}

/** Whether both identify the same process. */
export function isSame(one: Owner, other: Owner): boolean {
  return (
    one.pid === other.pid &&
    one.started === other.started &&
    one.boot === other.boot &&
    one.space === other.space
  )
}

/** Whether a process lives; undefined when that cannot be determined from here. */
export function livesStill({ pid, started, boot, space, machine }: Owner): boolean | undefined {
  const here = thisProcess()
  if (boot === here.boot && space === here.space) {
    const found = processStart(pid)
    return found !== undefined && (started === '' || found === '' || found === started)
  }
  // Containers may share their image's host name. Outside of them, the machine was restarted.
  const isThisMachine = machine !== '' && machine === here.machine
  const inNoContainer = space === NO_CONTAINER && here.space === NO_CONTAINER
  return isThisMachine && inNoContainer && boot !== here.boot ? false : undefined
}

/** Whether a value read from a file identifies a process. */
export function isOwner(value: unknown): value is Owner {
  return hasShape(value, {
    pid: 'number',
    started: 'string',
    boot: 'string',
    space: 'string',
    machine: 'string',
  })
}

/**
 * The start time of a process in the kernel's clock ticks; '' where the system does not tell, undefined when the
 * process is dead.
 */
function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command name may contain spaces and brackets; fields are counted from the last closing one.
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

/** Returns '' where the system does not tell. */
function told(ask: () => string): string {
  try {
    return ask().trim()
  } catch {
    return ''
  }
}
