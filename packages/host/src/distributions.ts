import type { Facts } from './machine/facts.ts'

/** A Debian or Ubuntu release that a server can run on. */
export interface Distribution {
  readonly id: string
  readonly version: string
  /** Whether it packages Caddy; where it doesn't, the deploy carries Caddy along. */
  readonly hasCaddy: boolean
}

/** Every supported release. */
export const distributions: readonly Distribution[] = [
  { id: 'debian', version: '12', hasCaddy: true },
  { id: 'debian', version: '13', hasCaddy: true },
  { id: 'ubuntu', version: '22.04', hasCaddy: false },
  { id: 'ubuntu', version: '24.04', hasCaddy: true },
  { id: 'ubuntu', version: '26.04', hasCaddy: true },
]

/** The machine's release; undefined where it is not supported. */
export function distributionOf({
  os,
}: {
  readonly os: Pick<Facts['os'], 'id' | 'version'>
}): Distribution | undefined {
  return distributions.find(({ id, version }) => id === os.id && version === os.version)
}
