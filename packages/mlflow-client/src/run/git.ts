import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** The state of a checkout. */
export interface GitCheckout {
  readonly commit: string
  /** Missing when no branch is checked out. */
  readonly branch?: string
}

/** Commit and branch of the checkout around `folder`, read from its files, without starting a process. */
export function readGitCheckout(folder: string): GitCheckout | undefined {
  try {
    const gitDir = findGitDir(resolve(folder))
    if (gitDir === undefined) return undefined
    const head = readFileSync(join(gitDir, 'HEAD'), 'utf8').trim()
    const ref = /^ref: (.+)$/.exec(head)?.[1]
    if (ref === undefined) return { commit: head }
    const commit = readRef(gitDir, ref)
    return commit === undefined ? undefined : { commit, branch: ref.replace(/^refs\/heads\//, '') }
  } catch {
    // A checkout that cannot be read counts as none.
    return undefined
  }
}

function findGitDir(folder: string): string | undefined {
  const path = join(folder, '.git')
  if (existsSync(path)) {
    if (statSync(path).isDirectory()) return path
    // In a worktree or submodule, a file names the real folder.
    const named = /^gitdir: (.+)$/m.exec(readFileSync(path, 'utf8'))?.[1]
    return named === undefined ? undefined : resolve(folder, named)
  }
  const parent = dirname(folder)
  return parent === folder ? undefined : findGitDir(parent)
}

function readRef(gitDir: string, ref: string): string | undefined {
  // A worktree has its own HEAD but shares the branches.
  const commonFile = join(gitDir, 'commondir')
  const common = existsSync(commonFile) ? resolve(gitDir, readFileSync(commonFile, 'utf8').trim()) : gitDir
  for (const folder of [gitDir, common]) {
    if (existsSync(join(folder, ref))) return readFileSync(join(folder, ref), 'utf8').trim()
  }
  const packed = join(common, 'packed-refs')
  if (!existsSync(packed)) return undefined
  const line = readFileSync(packed, 'utf8')
    .split('\n')
    .find((each) => each.endsWith(` ${ref}`))
  return line?.split(' ')[0]
}
