import { spawnSync } from 'node:child_process'

/** The result of a program that ran with a small disk. */
export interface SmallDiskResult {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The program to run, and the folder that becomes a small disk. */
export interface SmallDiskOptions {
  /** An empty folder; only this program sees the small disk mounted there. */
  readonly folder: string
  readonly sizeMb: number
  readonly command: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** Runs a program in a mount namespace of its own in which one folder is a disk of a few megabytes. */
export function runOnSmallDisk({ folder, sizeMb, command, env = {} }: SmallDiskOptions): SmallDiskResult {
  const script = 'mount -t tmpfs -o "size=$1m" tmpfs "$2" && shift 2 && exec "$@"'
  const isRoot = process.getuid?.() === 0
  const [program = '', ...args] = [
    ...(isRoot ? [] : ['sudo', '--non-interactive', '--preserve-env']),
    'unshare',
    '--mount',
    'sh',
    '-c',
    script,
    'small-disk',
    String(sizeMb),
    folder,
    ...command,
  ]
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })
  return { status, stdout, stderr }
}
