import { isIPv6 } from 'node:net'
import type { SshTarget } from '@soen/settings'
import type { AllowedAddress, Facts } from './machine/facts.ts'
import type { Resource } from './resources/resource.ts'

/**
 * The connections that the machine accepts: SSH, the web, and ports that the settings open; everything else is
 * dropped.
 */
export function firewall(
  { firewall: { ssh, web, openPorts } }: SshTarget,
  { sshPorts, allowed }: Facts,
): readonly Resource[] {
  const rules = `  chain input {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    ct state invalid drop
    iifname "lo" accept
    meta l4proto { icmp, ipv6-icmp } accept
    udp sport 67 udp dport 68 accept
    udp dport 546 accept
${doorRules('tcp', sshPorts, ssh === 'listed' ? networksOf('ssh', allowed) : null)}    tcp dport 80 accept
${doorRules('tcp', [443], web === 'listed' ? networksOf('web', allowed) : null)}${doorRules(
    'udp',
    [443],
    web === 'listed' ? networksOf('web', allowed) : null,
  )}${openPorts.map((port) => `    tcp dport ${port} accept\n`).join('')}  }
`
  return [
    { kind: 'packages', names: ['nftables'] },
    { kind: 'firewall', table: 'soen', rules },
  ]
}

function networksOf(door: AllowedAddress['door'], allowed: readonly AllowedAddress[]): readonly string[] {
  return allowed
    .filter((entry) => entry.door === door)
    .map(({ network }) => network)
    .toSorted()
}

/** Open to everybody where no networks are given. */
function doorRules(
  protocol: 'tcp' | 'udp',
  ports: readonly number[],
  networks: readonly string[] | null,
): string {
  const lines = ports.flatMap((port) => {
    if (networks === null) return [`${protocol} dport ${port} accept`]
    return networks.map((network) => `${familyOf(network)} saddr ${network} ${protocol} dport ${port} accept`)
  })
  return lines.map((line) => `    ${line}\n`).join('')
}

function familyOf(network: string): 'ip' | 'ip6' {
  return isIPv6(network.split('/')[0] ?? '') ? 'ip6' : 'ip'
}
