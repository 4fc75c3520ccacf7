import { hostname } from 'node:os'

/** By what schedulers name a job, and the tags that it gets. */
const SCHEDULERS: Readonly<Record<string, string>> = {
  SLURM_JOB_ID: 'soen.slurm.job_id',
  SLURM_ARRAY_JOB_ID: 'soen.slurm.array_job_id',
  SLURM_ARRAY_TASK_ID: 'soen.slurm.array_task_id',
  SLURM_JOB_NODELIST: 'soen.slurm.nodes',
  PBS_JOBID: 'soen.pbs.job_id',
  PBS_ARRAY_INDEX: 'soen.pbs.array_index',
}

/** How the names of secrets end. */
const SECRET = /(?:^|[-_.])(?:pass(?:word|wd|phrase)?|secret|token|api[-_]?key|credentials?)$/i

/** What is known of a job before it begins: its command, its machine, and how a scheduler names it. */
export function jobTags(
  command: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const scheduled = Object.entries(SCHEDULERS).flatMap(([name, tag]): [string, string][] => {
    const value = env[name]
    return value === undefined || value === '' ? [] : [[tag, value]]
  })
  return { 'soen.command': commandLine(command), 'soen.host': hostname(), ...Object.fromEntries(scheduled) }
}

/** The command as it would be typed, without what looks like a secret. */
export function commandLine(command: readonly string[]): string {
  const masked = command.map((word, index) => {
    const [name = '', value] = word.split(/=(.*)/s, 2)
    if (value !== undefined && SECRET.test(name)) return `${name}=***`
    const before = command[index - 1] ?? ''
    const isValue = before.startsWith('-') && !before.includes('=') && SECRET.test(before)
    return isValue && !word.startsWith('-') ? '***' : word.replace(/(\/\/[^/@:\s]*:)[^/@\s]+@/g, '$1***@')
  })
  return masked.map((word) => (/^[\w@%+=:,./*-]+$/.test(word) ? word : quoted(word))).join(' ')
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`
}
