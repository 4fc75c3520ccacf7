import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runOnSmallDisk, temporaryFolder } from '@soen/testbed'
import { expect, test } from 'vitest'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))

/** Runs `soen up` in a home on a small disk of its own, together with a line of shell that may fill it. */
function upOnSmallDisk(sizeMb: number, meanwhile = ':') {
  const folder = temporaryFolder('disk')
  const disk = join(folder.path, 'disk')
  mkdirSync(disk)
  const home = join(disk, '.soen')
  const script = `${meanwhile}\nexec "$@"`
  const command = ['sh', '-c', script, home, process.execPath, main, 'up', '--home', home, '--port', '0']
  const result = runOnSmallDisk({ folder: disk, sizeMb, command })
  folder[Symbol.dispose]()
  return { ...result, home }
}

test('says at once that the disk of the home is full, with the folder and what to do', () => {
  const { status, stderr, home } = upOnSmallDisk(8)
  expect(stderr).toMatch(
    /^✗ The disk of \S+ is full \(\d MB free\)\. \(SOEN_DISK_FULL\)\n {2}→ Free about 100 MB/,
  )
  expect(stderr).toContain(home)
  expect(status).toBe(1)
})

test('names the disk, not MLflow, where it fills up while the platform starts', () => {
  // Another program fills it, from the moment when our databases can be created.
  const fill =
    '(while kill -0 $$ && [ ! -e "$0/logs/mlflow.log" ]; do sleep 0.02; done; cat /dev/zero > "$0/../zeros") 2>/dev/null &'
  const { status, stderr, stdout } = upOnSmallDisk(32, fill)
  expect({ stdout, stderr }).toMatchObject({ stderr: expect.stringContaining('(SOEN_DISK_FULL)') })
  expect(stderr).not.toContain('SOEN_UNEXPECTED')
  // The failure, in the front door's or MLflow's own words, is printed below it.
  expect(stderr).toMatch(/SOEN_DISK_FULL\)\n {4}\S/)
  expect(status).toBe(1)
})
