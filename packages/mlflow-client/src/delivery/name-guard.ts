import { readFileSync } from 'node:fs'

/** How long a name server that answered is taken to be there. */
const KNOWN_MS = 10_000
/** Where a system finds names that asks, beyond its own files and links, only name servers. */
const ASKS_NAME_SERVERS = /^(files|dns|resolve|myhostname|mymachines|mdns\w*_minimal)$/

/** Addresses (a URL has them in their usual form), and what each machine knows by itself. */
const NEEDS_NO_NAME_SERVER = /^(\[.*\]|[\d.]+)$|(^|\.)local(host)?$/

/** With room for tests to ask another name server. */
export interface NameGuardOptions {
  /** The system's by default. */
  readonly servers?: readonly string[]
  readonly hostsFile?: string
  readonly sourcesFile?: string
}

/**
 * Keeps requests from asking the system for a name while no name server answers.
 *
 * The system's question cannot be taken back: it holds a program up, also one that exits, for as long as the
 * system goes on asking, which is many seconds. So a name server is asked first in a way that holds up nothing.
 */
export class NameGuard {
  readonly #options: Required<Omit<NameGuardOptions, 'servers'>> & Pick<NameGuardOptions, 'servers'>
  /** Names that need not be asked for, and until when. */
  readonly #known = new Map<string, number>()

  constructor(options: NameGuardOptions = {}) {
    this.#options = { hostsFile: '/etc/hosts', sourcesFile: '/etc/nsswitch.conf', ...options }
  }

  /** A `fetch` that fails, as for a network that is away, where the system would hang. */
  guard(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
    return async (input, init) => {
      const { hostname } = new URL(input instanceof Request ? input.url : input)
      if (!this.#isKnown(hostname)) await this.#check(hostname)
      try {
        return await fetch(input, init)
      } catch (error) {
        this.#known.delete(hostname)
        throw error
      }
    }
  }

  #isKnown(hostname: string): boolean {
    if (NEEDS_NO_NAME_SERVER.test(hostname)) return true
    if ((this.#known.get(hostname) ?? 0) > Date.now()) return true
    const { hostsFile, sourcesFile } = this.#options
    return !asksNameServers(sourcesFile) || wordsOf(hostsFile).includes(hostname)
  }

  async #check(hostname: string): Promise<void> {
    const { someNameServerAnswers } = await import('./name-server.ts')
    const servers = this.#options.servers ?? (await import('node:dns')).getServers()
    if (!(await someNameServerAnswers(hostname, servers)))
      throw new Error(`no name server answers (${servers.join(', ')})`)
    this.#known.set(hostname, Date.now() + KNOWN_MS)
  }
}

/** Elsewhere (a directory service, another operating system) names may be found without any name server. */
function asksNameServers(sourcesFile: string): boolean {
  if (process.platform !== 'linux') return false
  const [, sources] = /^\s*hosts:(.*)$/m.exec(readText(sourcesFile)) ?? []
  const names =
    sources
      ?.replaceAll(/\[[^\]]*\]/g, ' ')
      .trim()
      .split(/\s+/) ?? []
  return names.every((name) => ASKS_NAME_SERVERS.test(name))
}

function wordsOf(hostsFile: string): string[] {
  return readText(hostsFile).replaceAll(/#.*$/gm, '').split(/\s+/)
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
