import type { Facts } from './machine/facts.ts'

/** A release of Debian or Ubuntu that a server can be made on. */
export interface Distribution {
  readonly id: string
  readonly version: string
  /** Whether it has a package of Caddy; where it has none, Caddy is carried. */
  readonly hasCaddy: boolean
}

/** Every release that the plan is made for. */
export const distributions: readonly Distribution[] = [
  { id: 'debian', version: '12', hasCaddy: true },
  { id: 'debian', version: '13', hasCaddy: true },
  { id: 'ubuntu', version: '22.04', hasCaddy: false },
  { id: 'ubuntu', version: '24.04', hasCaddy: true },
  { id: 'ubuntu', version: '26.04', hasCaddy: true },
]

/** The machine's release; undefined where the plan is not made for it. */
export function distributionOf({
  os,
}: {
  readonly os: Pick<Facts['os'], 'id' | 'version'>
}): Distribution | undefined {
  return distributions.find(({ id, version }) => id === os.id && version === os.version)
}
