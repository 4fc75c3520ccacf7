import { recordPath } from '../../machine/record.ts'
import { auditPath } from '../audit.ts'
import { redact } from '../redact.ts'
import type { Verb } from '../verb.ts'

/** A file of the support bundle. */
export interface SupportFile {
  readonly name: string
  readonly text: string
}

/** Commands whose output helps to diagnose a machine; none prints a secret, and what looks like one is redacted. */
const commands: Readonly<Record<string, readonly [string, ...string[]]>> = {
  'os-release.txt': ['cat', '/etc/os-release'],
  'memory.txt': ['free', '--mega'],
  'disk.txt': ['df', '--human-readable', '--print-type'],
  'inodes.txt': ['df', '--inodes'],
  'units.txt': ['systemctl', 'list-units', '--all', '--no-pager', 'soen-*', 'caddy*', 'postgresql*'],
  'timers.txt': ['systemctl', 'list-timers', '--all', '--no-pager'],
  'listeners.txt': ['ss', '--listening', '--tcp', '--udp', '--numeric', '--processes'],
  'firewall.txt': ['nft', 'list', 'ruleset'],
  'clusters.txt': ['pg_lsclusters'],
  'audit.txt': ['tail', '--lines=200', auditPath],
  'record.json': ['cat', recordPath],
  'caddyfile.txt': ['cat', '/etc/soen/Caddyfile'],
  'mlflow.log': journalOf('soen-mlflow.service'),
  'auth-proxy.log': journalOf('soen-auth-proxy.service'),
  'caddy.log': journalOf('caddy.service'),
  'kernel.log': ['journalctl', '--dmesg', '--lines=200', '--no-pager', '--quiet'],
}

function journalOf(unit: string): readonly [string, ...string[]] {
  return ['journalctl', '--unit', unit, '--lines=1000', '--no-pager', '--quiet', '--output=short-iso']
}

/** Collects everything that helps to find a fault, without secrets. */
export const support: Verb<object, readonly SupportFile[]> = {
  fields: {},
  run: (_request, { machine }) =>
    Promise.all(
      Object.entries(commands).map(async ([name, [command, ...args]]) => {
        const { code, stdout, stderr } = await machine.run(command, args)
        return { name, text: redact(`${stdout}${stderr}${code === 0 ? '' : `\n(exit code ${code})`}\n`) }
      }),
    ),
}
