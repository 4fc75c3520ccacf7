import { hardening } from './hardening.ts'
import { credentialsFolder, programFolder } from './layout.ts'
import type { Resource } from './resources/resource.ts'
import type { ServerTarget } from './server-target.ts'
import { rootFile, rootFolder } from './system.ts'
import { systemdUnit } from './systemd-unit.ts'

const folder = `${programFolder}/dns`
const duckDns = 'https://www.duckdns.org/update?domains={domain}&token={token}'

/** Uses Python's standard library alone; the token never appears in a command line or a log. */
const script = `"""Points a dynamic DNS name at this machine: asks URL, with {domain} and {token} filled in."""
import os
import pathlib
import sys
import urllib.error
import urllib.parse
import urllib.request

url, domain = sys.argv[1:]
token = pathlib.Path(os.environ['CREDENTIALS_DIRECTORY'], 'token').read_text() if '{token}' in url else ''
filled = url.replace('{domain}', urllib.parse.quote(domain)).replace('{token}', urllib.parse.quote(token))
try:
    with urllib.request.urlopen(filled, timeout=30) as response:
        answer = response.read(200).decode(errors='replace').strip()
except urllib.error.HTTPError as error:
    sys.exit(f'{domain}: the DNS service answered {error.code}')
except OSError as error:
    sys.exit(f'{domain}: the DNS service cannot be reached: {getattr(error, "reason", error)}')
# DuckDNS says KO with status 200; dyndns2 services say badauth, nohost, abuse.
if answer.split(' ')[0].upper() in {'KO', 'BADAUTH', 'NOHOST', 'NOTFQDN', 'ABUSE', '911'}:
    sys.exit(f'{domain}: the DNS service refused: {answer}')
print(f'{domain}: up to date')
`

const timerName = 'soen-dns.timer'

/** A timer that keeps a dynamic DNS name pointed at the machine; none where the settings have no such service. */
export function dnsUpdate({ dns, domain }: ServerTarget): readonly Resource[] {
  if (dns === undefined) return [{ kind: 'retired-trigger', name: timerName }]
  const isDuckDns = dns.update === 'duckdns'
  const url = isDuckDns ? duckDns : dns.update
  // DuckDNS expects the name without its own domain.
  const name = isDuckDns ? domain.replace(/\.duckdns\.org$/, '').replace(/^.*\./, '') : domain
  const command = ['/usr/bin/python3', `${folder}/update.py`, url, name]
  return [
    rootFolder(folder),
    rootFile(`${folder}/update.py`, script),
    {
      kind: 'trigger',
      name: timerName,
      content: systemdUnit({
        Unit: { Description: `Keeps ${domain} pointed at this machine` },
        Timer: { OnBootSec: '10s', OnUnitActiveSec: systemdSpan(dns.every), OnActiveSec: '1s' },
        Install: { WantedBy: 'timers.target' },
      }),
      service: systemdUnit({
        Unit: {
          Description: `Points ${domain} at this machine`,
          Wants: 'network-online.target',
          After: 'network-online.target',
        },
        Service: {
          Type: 'oneshot',
          DynamicUser: true,
          LoadCredential: url.includes('{token}') ? `token:${credentialsFolder}/dns-token` : undefined,
          ExecStart: [command],
          ...hardening,
        },
      }),
    },
  ]
}

/** Our durations are spelled like systemd's, except minutes: in systemd `m` is minutes too, but `M` is months. */
function systemdSpan(duration: string): string {
  return duration.replace(/m$/, 'min')
}
