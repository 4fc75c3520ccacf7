import { statfs } from 'node:fs/promises'

/**
 * Ends the preparation with one clear sentence and a hint.
 * @returns {never}
 */
export function fail(message, hint) {
  throw Object.assign(new Error(message), { hint })
}

/** Shows a long step: a terminal shows the seconds passing, a log file gets a line before and one after. */
async function step(what, work) {
  const startedAt = Date.now()
  const line = (mark) => `${mark} ${what} ${((Date.now() - startedAt) / 1000).toFixed(1)} s`
  const { isTTY } = process.stderr
  const timer = isTTY && setInterval(() => process.stderr.write(`${line('…')}\r`), 200)
  if (!isTTY) process.stderr.write(`… ${what}\n`)
  try {
    const value = await work()
    process.stderr.write(`${line('✓')}\n`)
    return value
  } catch (error) {
    process.stderr.write(`${line('✗')}\n`)
    throw error
  } finally {
    clearInterval(timer)
  }
}

const diskFull = [
  /ENOSPC|no space left/i,
  'the disk is full',
  'Free about 3 GB and run the same command again: it goes on where it stopped.',
]

const causes = [
  diskFull,
  [
    /\b(EACCES|EPERM|EROFS)\b|permission denied/i,
    'a file may not be written',
    'Check who owns this checkout and your cache folder, then run the same command again.',
  ],
  [
    /EINTEGRITY|integrity check|checksum mismatch/i,
    'a downloaded package is not the one that was locked',
    'Ask who runs your package mirror: the file differs from the published one.',
  ],
  [
    /OUTDATED_LOCKFILE/,
    'pnpm-lock.yaml does not match the package.json files',
    'Run npm run pnpm -- install --no-frozen-lockfile and commit the lockfile.',
  ],
  [
    /\b(ENOTFOUND|EAI_AGAIN|ECONN[A-Z]+|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|E40[134]|E5\d\d)\b|error sending request|network request|ERR_PNPM_\w*FETCH|META_FETCH/,
    'the npm registry does not answer',
    'Check the network (or `npm config get registry`, if you use a mirror) and run the same command again.',
  ],
]

/**
 * Runs an installer as a long step; a failure is explained in one clear sentence.
 * @param folder where it writes most, an existing one: on a full disk some installers lose their own message
 */
export function installStep(task, folder, install) {
  return step(task, async () => {
    const { code, output } = await install()
    if (code !== 0) explainFailure(task, output, await isFull(folder))
  })
}

/** Whether less is free than our smallest installation needs. */
async function isFull(folder) {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize < 64e6
}

/** Explains a failed installation in one clear sentence, from its output. */
export function explainFailure(task, output, diskIsFull = false) {
  const last = output.trim().split('\n').slice(-15).join('\n')
  const known = causes.find(([sign]) => sign.test(output)) ?? (diskIsFull ? diskFull : undefined)
  process.stderr.write(`${last}\n`)
  if (known) fail(`${task} failed: ${known[1]}.`, known[2])
  fail(`${task} failed.`, 'Read the lines above, mend what they name and run the same command again.')
}
