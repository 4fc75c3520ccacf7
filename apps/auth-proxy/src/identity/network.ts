import { isIPv4, isIPv6 } from 'node:net'

/** The network of an address: /24 or /64, which is usually one household or laboratory. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(?<v4>\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.groups?.['v4'] ?? address
  if (isIPv4(mapped)) return `${mapped.split('.').slice(0, 3).join('.')}.0/24`
  if (isIPv6(address)) return `${firstGroups(address).join(':')}::/64`
  return 'unknown'
}

function firstGroups(address: string): string[] {
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  // A dotted IPv4 ending takes the place of two groups; it never reaches the first four.
  const dotted = after.at(-1)?.includes('.') === true ? 1 : 0
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length - dotted) }, () => '0')
  const groups = tail === undefined ? before : [...before, ...zeros, ...after]
  return groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
}
