import type { Facts } from './machine/facts.ts'
import { dataFolder, programFolder, settingsFolder } from './layout.ts'
import type { FileResource } from './resources/file.ts'
import type { FolderResource } from './resources/folder.ts'
import type { Resource } from './resources/resource.ts'
import type { Sizing } from './sizing.ts'

/** A folder that belongs to root and that everybody may read. */
export function rootFolder(path: string): FolderResource {
  return { kind: 'folder', path, mode: 0o755, owner: 'root', group: 'root' }
}

/** A file that belongs to root and that everybody may read. */
export function rootFile(path: string, content: string): FileResource {
  return { kind: 'file', path, content, mode: 0o644, owner: 'root', group: 'root' }
}

/** Settings of the system itself: the size of its log, spare memory, and our folders. */
export function system({ isContainer }: Facts, { swapBytes }: Sizing): readonly Resource[] {
  return [
    // Created first and removed last: it contains the machine's record of what was made.
    { ...rootFolder(programFolder), holds: 'ours' },
    { ...rootFolder(settingsFolder), holds: 'ours' },
    { ...rootFolder(dataFolder), holds: 'data' },
    rootFolder('/etc/systemd/journald.conf.d'),
    {
      ...rootFile(
        '/etc/systemd/journald.conf.d/soen.conf',
        '[Journal]\nSystemMaxUse=500M\nMaxRetentionSec=3month\n',
      ),
      readBy: ['systemd-journald.service'],
    },
    ...(isContainer ? [] : ofTheKernel(swapBytes)),
  ]
}

function ofTheKernel(swapBytes: number): readonly Resource[] {
  return [
    ...(swapBytes > 0 ? [{ kind: 'swap', path: '/swapfile-soen', sizeBytes: swapBytes } as const] : []),
    {
      kind: 'kernel-parameters',
      name: '60-soen',
      values: {
        // Swap is for idle pages, not a replacement for memory.
        'vm.swappiness': '10',
        // The buffer size that HTTP/3 in Caddy needs: https://github.com/quic-go/quic-go/wiki/UDP-Buffer-Sizes
        'net.core.rmem_max': '7500000',
        'net.core.wmem_max': '7500000',
      },
    },
  ]
}

/** The distribution's security updates, installed automatically. */
export const securityUpdates: readonly Resource[] = [
  { kind: 'packages', names: ['unattended-upgrades'] },
  rootFile(
    '/etc/apt/apt.conf.d/52soen-security-updates',
    'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n',
  ),
]
