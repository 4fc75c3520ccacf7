import { InvalidArgumentError, Option, type Command, type OptionValues } from '@commander-js/extra-typings'

/** The flags that choose a server and how it is reached. */
export type ServerFlags = {
  readonly target?: string
  readonly settings?: string
  readonly sshConfig?: string
}

/** The flags that choose a front door: a server's or the local platform's. */
export type AuthProxyFlags = ServerFlags & {
  readonly server?: string
  readonly home?: string
}

/** `--home`: the folder of the local platform. */
export function homeOption(): Option<'--home <folder>'> {
  return new Option(
    '--home <folder>',
    'Folder of the platform. Default: the nearest .soen, else your data folder.',
  ).env('SOEN_HOME')
}

/** `--json`: the result for programs. */
export function jsonOption(): Option<'--json'> {
  return new Option('--json', 'Print the result as JSON.')
}

/** `--target`: a server of the settings file. */
export function targetOption(): Option<'--target <name>'> {
  return new Option('--target <name>', 'The server, as soen.yaml calls it. Default: its only one.')
}

/** `--settings`: the settings file. */
export function settingsOption(): Option<'--settings <file>'> {
  return new Option(
    '--settings <file>',
    'The settings file. Default: the nearest soen.yaml at or above this folder.',
  ).env('SOEN_SETTINGS')
}

/** `--offline-bundle`: packages for a machine without internet. */
export function offlineOption(): Option<'--offline-bundle <file>'> {
  return new Option(
    '--offline-bundle <file>',
    'A tar archive with wheels/*.whl and packages/*.deb, for a machine without internet.',
  ).env('SOEN_OFFLINE_BUNDLE')
}

/** Adds the flags of every verb that works on a server. */
export function withServerFlags<Args extends unknown[], Flags extends OptionValues>(
  command: Command<Args, Flags, OptionValues>,
): Command<Args, Flags & ServerFlags, OptionValues> {
  const more = command
    .addOption(targetOption())
    .addOption(settingsOption())
    .addOption(new Option('--ssh-config <file>', 'Another file than ~/.ssh/config.').env('SOEN_SSH_CONFIG'))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- inference does not pass a type parameter
  return more as unknown as Command<Args, Flags & ServerFlags, OptionValues>
}

/** `--server`: a server by its address. */
export function serverOption(): Option<'--server <url>'> {
  return new Option(
    '--server <url>',
    'The server. Default: the one that `soen login` named last, else the local platform.',
  )
}

/** Parses a TCP port; 0 stands for any free one. */
export function parsePort(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new InvalidArgumentError('A port is a number from 0 to 65535.')
}

/** Parses a whole number that is not negative. */
export function parseCount(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 0) return count
  throw new InvalidArgumentError('A count is a whole number from 0.')
}
