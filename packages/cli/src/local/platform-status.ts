import { groupMemory } from '@soen/mlflow-server'
import { environmentLines } from '../output/environment-lines.ts'
import { counted } from '../output/counted.ts'
import type { Terminal } from '../output/terminal.ts'
import { askPlatform, type PlatformStatus, type ProgramStatus } from './control.ts'
import { findHome } from './home.ts'

/** Shows the state of the platform on this computer on one screen. Exit code 1 where none is running. */
export async function showPlatform(
  options: { readonly home?: string; readonly json?: boolean; readonly isEnv?: boolean },
  terminal: Terminal,
): Promise<void> {
  const home = findHome({ chosen: options.home })
  const platform = await askPlatform(home)
  if (platform === undefined) {
    process.exitCode = 1
    if (options.json) terminal.json({ home: home.path, state: 'stopped' })
    else if (options.isEnv) terminal.note(`Nothing runs on ${home.path}.`)
    else {
      terminal.result(`Nothing runs on ${home.path}.`)
      terminal.note('  → Start it: soen up')
    }
    return
  }
  if (options.isEnv) return terminal.result(environmentLines(platform.url ?? ''))
  const programs = await Promise.all(platform.programs.map(withMemory))
  if (options.json) terminal.json({ home: home.path, ...platform, programs })
  else for (const line of screen(home.path, platform, programs, Date.now())) terminal.result(line)
}

type ProgramWithMemory = ProgramStatus & { readonly memory: Awaited<ReturnType<typeof groupMemory>> }

async function withMemory(program: ProgramStatus): Promise<ProgramWithMemory> {
  return { ...program, memory: program.pid === null ? undefined : await groupMemory(program.pid) }
}

/** The lines of the screen, the most important first. */
export function screen(
  home: string,
  { state, url, startedAt, database, artifacts }: PlatformStatus,
  programs: readonly ProgramWithMemory[],
  now: number,
): string[] {
  const rows: [string, string][] = [
    ['State', `${state}, up ${duration(now - startedAt)}`],
    ['Server', url ?? 'not yet'],
    ...programs.map((program): [string, string] => [program.name, describe(program)]),
    ['Database', database],
    ['Artifacts', artifacts],
    ['Home', home],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`)
}

function describe({ state, pid, restarts, memory }: ProgramWithMemory): string {
  const parts = [
    pid === null ? state : `${state}, pid ${pid}`,
    memory &&
      `${Math.round(memory.pssBytes / 1e6)} MB in ${counted(memory.processes, 'process', 'processes')}`,
    restarts > 0 && `restarted ${counted(restarts, 'time')}`,
  ]
  return parts.filter(Boolean).join(', ')
}

function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 1) return `${Math.floor(ms / 1000)} s`
  if (minutes < 60) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
