import type { Directives } from './systemd-unit.ts'

/** Directives of a `[Service]` section that take away what no program of a server needs. */
export const hardening: Directives = {
  NoNewPrivileges: true,
  ProtectSystem: 'strict',
  ProtectHome: true,
  ProtectProc: 'invisible',
  ProtectClock: true,
  ProtectHostname: true,
  ProtectKernelLogs: true,
  ProtectKernelModules: true,
  ProtectKernelTunables: true,
  ProtectControlGroups: true,
  PrivateTmp: true,
  PrivateDevices: true,
  RestrictAddressFamilies: 'AF_UNIX AF_INET AF_INET6 AF_NETLINK',
  RestrictNamespaces: true,
  RestrictRealtime: true,
  RestrictSUIDSGID: true,
  LockPersonality: true,
  RemoveIPC: true,
  SystemCallArchitectures: 'native',
  SystemCallFilter: '@system-service',
}
