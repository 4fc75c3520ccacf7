import { readdirSync, readFileSync } from 'node:fs'

/** The command lines and environments of other processes that contain a text (Linux). */
export function processesThatName(text: string): string[] {
  return readdirSync('/proc')
    .filter((pid) => Number.isInteger(Number(pid)) && Number(pid) !== process.pid)
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8') + readFileSync(`/proc/${pid}/environ`, 'utf8')
      } catch {
        return ''
      }
    })
    .filter((line) => line.includes(text))
}
