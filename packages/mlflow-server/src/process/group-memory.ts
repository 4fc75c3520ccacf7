import { readdir, readFile } from 'node:fs/promises'

/** The memory that the processes of a group take. */
export interface GroupMemory {
  /** Proportional set size: shared pages count once, split among the processes that share them. */
  readonly pssBytes: number
  readonly processes: number
}

/** The memory of a process group; undefined where the system does not report it (only Linux does). */
export async function groupMemory(leader: number): Promise<GroupMemory | undefined> {
  const entries = await readdir('/proc').catch(() => [])
  const sizes = await Promise.all(
    entries.filter((it) => /^\d+$/.test(it)).map((pid) => pssOfMember(pid, leader)),
  )
  const members = sizes.filter((size) => size !== undefined)
  if (members.length === 0) return undefined
  return { pssBytes: members.reduce((sum, size) => sum + size, 0), processes: members.length }
}

async function pssOfMember(pid: string, leader: number): Promise<number | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The program's name is in parentheses and may contain anything, so fields are counted after it.
    const [, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (Number(group) !== leader) return undefined
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')
    const [, kib] = /^Pss:\s+(\d+) kB/m.exec(rollup) ?? []
    return kib === undefined ? undefined : Number(kib) * 1024
  } catch {
    // It ended meanwhile, or belongs to another user.
    return undefined
  }
}
