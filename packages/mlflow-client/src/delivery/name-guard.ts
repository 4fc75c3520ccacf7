import { readFileSync } from 'node:fs'

/** How long a name server that has answered is assumed to be available. */
const KNOWN_MS = 10_000
/** The sources of a system that resolves names only by its own files and name servers. */
const ASKS_NAME_SERVERS = /^(files|dns|resolve|myhostname|mymachines|mdns\w*_minimal)$/

/** IP addresses (normalised in a URL), and names that every machine knows by itself. */
const NEEDS_NO_NAME_SERVER = /^(\[.*\]|[\d.]+)$|(^|\.)local(host)?$/

/** Options that let tests use another name server. */
export interface NameGuardOptions {
  /** The system's by default. */
  readonly servers?: readonly string[]
  readonly hostsFile?: string
  readonly sourcesFile?: string
}

/**
 * Prevents requests from resolving a name through the system while no name server responds.
 *
 * The system's lookup cannot be cancelled: it keeps a program alive, even one that exits, for as long as the system
 * retries, which is many seconds. So a name server is probed first in a way that keeps nothing alive.
 */
export class NameGuard {
  readonly #options: Required<Omit<NameGuardOptions, 'servers'>> & Pick<NameGuardOptions, 'servers'>
  /** Names that need not be probed, and until when. */
  readonly #known = new Map<string, number>()

  constructor(options: NameGuardOptions = {}) {
    this.#options = { hostsFile: '/etc/hosts', sourcesFile: '/etc/nsswitch.conf', ...options }
  }

  /** A `fetch` that fails as if the network were down, where the system's lookup would hang. */
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

/** Otherwise (a directory service, another operating system) names may be resolved without any name server. */
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
