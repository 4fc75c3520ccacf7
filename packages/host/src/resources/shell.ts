import { octal, type Ownership } from './ownership.ts'

/** The shell lines that write a file. Its end mark occurs in no file of ours. */
export function hereDocument(path: string, text: string): readonly string[] {
  return [`cat > ${path} <<'SOEN_END'`, text.replace(/\n$/, ''), 'SOEN_END']
}

/** The shell lines that write a unit of ours. */
export function unitLines(name: string, text: string): readonly string[] {
  return hereDocument(`/etc/systemd/system/${name}`, text)
}

/** The shell lines that start a unit, now and at each boot. */
export function startLines(name: string): readonly string[] {
  return ['systemctl daemon-reload', `systemctl enable --now ${name}`]
}

/** The shell line that sets owner and mode of a path. */
export function ownershipLine(path: string, { owner, group, mode }: Ownership): string {
  return `chown ${owner}:${group} ${path} && chmod ${octal(mode)} ${path}`
}
