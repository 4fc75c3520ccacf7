import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

const listening = '0A'

/** The TCP ports that the processes of a group listen on, as the kernel reports them (Linux). */
export function listeningPorts(group: number): number[] {
  const inodes = new Map<string, number>()
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const row of readFileSync(table, 'utf8').trim().split('\n').slice(1)) {
      const [, local = '', , state, , , , , , inode = ''] = row.trim().split(/\s+/)
      if (state === listening) inodes.set(`socket:[${inode}]`, Number.parseInt(local.split(':')[1] ?? '', 16))
    }
  }
  return membersOf(group)
    .flatMap(openFiles)
    .flatMap((file) => inodes.get(file) ?? [])
}

/** The processes of a group. */
export function membersOf(group: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && groupOf(pid) === group)
}

function groupOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie has ended; the kernel only keeps its exit code.
    return state === 'Z' ? undefined : Number(group)
  } catch {
    return undefined
  }
}

function openFiles(pid: number): string[] {
  try {
    const folder = `/proc/${pid}/fd`
    return readdirSync(folder).map((fd) => readlinkSync(`${folder}/${fd}`))
  } catch {
    return []
  }
}
