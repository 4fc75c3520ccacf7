import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readGitCheckout } from './git.ts'

const commit = 'a'.repeat(40)

async function checkout(files: Record<string, string>): Promise<AsyncDisposable & { path: string }> {
  const folder = await mkdtempDisposable(join(tmpdir(), 'git-'))
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder.path, name)
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, text)
  }
  return Object.assign(folder, { path: folder.path })
}

test('finds the branch and its commit from a folder inside', async () => {
  await using at = await checkout({
    '.git/HEAD': 'ref: refs/heads/feat/x\n',
    '.git/refs/heads/feat/x': `${commit}\n`,
    'src/deep/train.ts': '',
  })
  expect(readGitCheckout(join(at.path, 'src/deep'))).toEqual({ commit, branch: 'feat/x' })
})

test('reads packed references', async () => {
  await using at = await checkout({
    '.git/HEAD': 'ref: refs/heads/main\n',
    '.git/packed-refs': `# pack-refs with: peeled\n${'b'.repeat(40)} refs/heads/other\n${commit} refs/heads/main\n`,
  })
  expect(readGitCheckout(at.path)).toEqual({ commit, branch: 'main' })
})

test('has no branch when a commit is checked out', async () => {
  await using at = await checkout({ '.git/HEAD': `${commit}\n` })
  expect(readGitCheckout(at.path)).toEqual({ commit })
})

test('follows a worktree to its shared branches', async () => {
  await using at = await checkout({
    'tree/.git': 'gitdir: ../main/.git/worktrees/tree\n',
    'main/.git/worktrees/tree/HEAD': 'ref: refs/heads/side\n',
    'main/.git/worktrees/tree/commondir': '../..\n',
    'main/.git/refs/heads/side': `${commit}\n`,
  })
  expect(readGitCheckout(join(at.path, 'tree'))).toEqual({ commit, branch: 'side' })
})

test('is silent where there is no checkout, or a broken one', async () => {
  await using at = await checkout({ 'x/.git/config': '', 'y/.git/HEAD': 'ref: refs/heads/unborn\n' })
  expect(readGitCheckout(join(at.path, 'x'))).toBeUndefined()
  expect(readGitCheckout(join(at.path, 'y'))).toBeUndefined()
})
