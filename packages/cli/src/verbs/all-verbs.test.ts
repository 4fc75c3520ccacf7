import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const tellingLoads = `import { registerHooks } from 'node:module'
registerHooks({ load: (url, context, next) => (console.error('loads ' + url), next(url, context)) })`

/** Every module that a call of `soen` loads; ours by their path below `src`. */
function loadedBy(...args: readonly string[]): readonly string[] {
  const hooks = `data:text/javascript,${encodeURIComponent(tellingLoads)}`
  const { stderr } = spawnSync(process.execPath, ['--import', hooks, main, ...args], { encoding: 'utf8' })
  const urls = [...stderr.matchAll(/^loads (?!node:|data:)(.*)$/gm)].map(([, url = '']) => url)
  return urls.map((url) => url.replace(new URL('..', import.meta.url).href, 'src/'))
}

test('no verb makes the others wait for what it works with', () => {
  const loaded = loadedBy('--help').filter((url) => !/^src\/(verbs|output)\/|\/commander\/|typings/.test(url))
  expect(loaded.toSorted()).toEqual([
    'src/errors.ts',
    'src/local/log-files.ts',
    'src/main.ts',
    'src/program.ts',
    'src/system-user.ts',
    'src/version.ts',
  ])
})

test('a verb loads what it works with when it is called', () => {
  expect(loadedBy('status', '--home', '/no/such/home')).toContain('src/local/platform-status.ts')
})
