import { octal, type Ownership } from './ownership.ts'

/** The shell that writes a file. Its end mark stands in no file of ours. */
export function hereDocument(path: string, text: string): readonly string[] {
  return [`cat > ${path} <<'SOEN_END'`, text.replace(/\n$/, ''), 'SOEN_END']
}

/** The shell that writes a unit of ours. */
export function unitLines(name: string, text: string): readonly string[] {
  return hereDocument(`/etc/systemd/system/${name}`, text)
}

/** The shell that starts a unit, now and at each boot. */
export function startLines(name: string): readonly string[] {
  return ['systemctl daemon-reload', `systemctl enable --now ${name}`]
}

/** The shell that gives a path its owner and mode. */
export function ownershipLine(path: string, { owner, group, mode }: Ownership): string {
  return `chown ${owner}:${group} ${path} && chmod ${octal(mode)} ${path}`
}
