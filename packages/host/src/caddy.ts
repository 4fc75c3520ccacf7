import type { Distribution } from './distributions.ts'
import { hardening } from './hardening.ts'
import {
  accounts,
  caddyDescription,
  programFolder,
  settingsFolder,
  sockets,
  stateFolders,
  units,
} from './layout.ts'
import { maintenancePage } from './maintenance-page.ts'
import { payloadPaths, placeOf, sha256Of, type Payload } from './payload.ts'
import type { Resource } from './resources/resource.ts'
import type { ServerTarget } from './server-target.ts'
import { service } from './service.ts'
import { rootFile, rootFolder } from './system.ts'
import { systemdUnit } from './systemd-unit.ts'

const pagesFolder = `${programFolder}/pages`
const caddyfilePath = `${settingsFolder}/Caddyfile`
const credential = (name: string): string => `/run/credentials/${units.caddy}/${name}`

/**
 * Caddy in front of everything: TLS, certificate renewal, the redirect from port 80, and a maintenance page while
 * the rest restarts.
 */
export function caddy(
  target: ServerTarget,
  { hasCaddy }: Pick<Distribution, 'hasCaddy'>,
  payload: Payload,
): readonly Resource[] {
  const user = accounts.caddy
  const state = stateFolders.caddy
  const caddyfile = caddyfileFor(target)
  const { tls } = target
  return [
    { kind: 'account', name: user, home: state, groups: [] },
    { kind: 'folder', path: state, mode: 0o755, owner: user, group: user, holds: 'data' },
    rootFolder(pagesFolder),
    rootFile(`${pagesFolder}/maintenance.html`, maintenancePage),
    rootFile(caddyfilePath, caddyfile),
    ...(hasCaddy ? [{ kind: 'packages', names: ['caddy'] } as const] : []),
    // Named like the distribution's own unit, which it replaces.
    service({
      name: units.caddy,
      description: caddyDescription,
      type: 'notify',
      user,
      groups: [accounts.authProxy],
      command: [hasCaddy ? '/usr/bin/caddy' : placeOf(payloadPaths.caddy), 'run', '--config', caddyfilePath],
      credentials: tls.mode === 'files' ? { certificate: tls.certificateFile, key: tls.keyFile } : {},
      writable: [state],
      capabilities: ['CAP_NET_BIND_SERVICE'],
      // Current requests have 10 s to finish.
      stopTimeoutS: 20,
      inputs: [caddyfile, ...(hasCaddy ? [] : [sha256Of(payload, payloadPaths.caddy)])],
    }),
    tls.mode === 'files' ? certificateWatch(tls) : { kind: 'retired-trigger', name: watchName },
  ]
}

const watchName = 'soen-certificate.path'

/** Reloads a certificate that somebody else renews as soon as its files change. */
function certificateWatch(tls: { readonly certificateFile: string; readonly keyFile: string }): Resource {
  return {
    kind: 'trigger',
    name: watchName,
    content: systemdUnit({
      Unit: { Description: 'Watches the certificate of the SOEN server' },
      Path: { PathChanged: [tls.certificateFile, tls.keyFile] },
      Install: { WantedBy: 'multi-user.target' },
    }),
    service: systemdUnit({
      Unit: { Description: 'Serves the new certificate of the SOEN server' },
      Service: {
        Type: 'oneshot',
        // Renewal writes two files, one after the other.
        ExecStartPre: [['/usr/bin/sleep', '2']],
        ExecStart: [['/usr/bin/systemctl', 'restart', units.caddy]],
        ...hardening,
        CapabilityBoundingSet: '',
      },
    }),
  }
}

/** Caddy's configuration; it is read at the start, and cannot be changed while Caddy runs. */
function caddyfileFor(target: ServerTarget): string {
  return `{
	admin off
	skip_install_trust
	# Looked at often: authorities go towards certificates of days, and a team's own may give hours.
	renew_interval 30s
	grace_period 10s
${globalLines(target).map(indented).join('')}}

${target.tls.mode === 'none' ? ':80' : target.domain} {
${tlsLines(target).map(indented).join('')}	encode zstd gzip
	reverse_proxy unix/${sockets.authProxy} {
		# The front door is away for a moment while it restarts: requests wait for it.
		lb_try_duration 15s
		lb_try_interval 100ms
${target.tls.mode === 'none' ? believesLoadBalancer : ''}		@away status 502 503 504
		handle_response @away {
			@page {
				header Accept *text/html*
				not path /_soen/* /api/* /ajax-api/* /graphql
			}
			handle @page {
${maintenance('\t\t\t\t')}			}
			handle {
				copy_response
			}
		}
	}
	handle_errors {
		@page header Accept *text/html*
		handle @page {
${maintenance('\t\t\t')}		}
		handle {
			header Retry-After 5
			header Content-Type application/json
			respond \`{"error_code":"TEMPORARILY_UNAVAILABLE","message":"The server is starting: try again shortly."}\` 503
		}
	}
}
`
}

/** Without it Caddy would report the load balancer's address for every request. */
const believesLoadBalancer = '\t\ttrusted_proxies private_ranges\n'

const indented = (line: string): string => `\t${line}\n`

function maintenance(indent: string): string {
  const lines = [
    'header Retry-After 5',
    'header Cache-Control no-store',
    'rewrite * /maintenance.html',
    'file_server {',
    `\troot ${pagesFolder}`,
    '\tstatus 503',
    '}',
  ]
  return lines.map((line) => `${indent}${line}\n`).join('')
}

function globalLines({ tls }: ServerTarget): readonly string[] {
  if (tls.mode === 'none') return ['auto_https off']
  if (tls.mode !== 'acme') return []
  return [
    ...(tls.email === undefined ? [] : [`email ${tls.email}`]),
    ...(tls.directory === undefined ? [] : [`acme_ca ${tls.directory}`]),
    ...(tls.rootFile === undefined ? [] : [`acme_ca_root ${tls.rootFile}`]),
  ]
}

function tlsLines(target: ServerTarget): readonly string[] {
  const { tls } = target
  if (tls.mode === 'files') return [`tls ${credential('certificate')} ${credential('key')}`]
  if (tls.mode === 'internal') return ['tls internal']
  // Where 443 is restricted, the certificate authority can reach only port 80.
  const isRestricted = target.where === 'ssh' && target.firewall.web === 'listed'
  if (tls.mode !== 'acme' || !isRestricted) return []
  return ['tls {', '\tissuer acme {', '\t\tdisable_tlsalpn_challenge', '\t}', '}']
}
