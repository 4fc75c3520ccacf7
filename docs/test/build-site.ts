import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const docs = fileURLToPath(new URL('..', import.meta.url))

/** Builds the site into a folder. A broken internal link fails the build. */
export async function buildSite(outDir: string, base = '/'): Promise<void> {
  const packageFile = createRequire(import.meta.url).resolve('astro/package.json')
  await promisify(execFile)(process.execPath, [join(packageFile, '..', 'bin', 'astro.mjs'), 'build'], {
    cwd: docs,
    // Not the test's own environment: vitest's DEV and MODE would affect the pages.
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      NODE_ENV: 'production',
      ASTRO_TELEMETRY_DISABLED: '1',
      SOEN_DOCS_OUT: outDir,
      SOEN_DOCS_BASE: base,
    },
    maxBuffer: 16 * 1024 * 1024,
  })
}
