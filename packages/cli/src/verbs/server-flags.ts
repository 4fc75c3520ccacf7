import { Option, type Command } from 'commander'

/** The options by which every verb finds its server. */
export function withServerOptions(command: Command): Command {
  return command
    .addOption(targetOption())
    .addOption(settingsOption())
    .addOption(new Option('--ssh-config <file>', 'Another file than ~/.ssh/config.').env('SOEN_SSH_CONFIG'))
}

/** Which server of the settings file. */
function targetOption(): Option {
  return new Option('--target <name>', 'The server, as soen.yaml calls it. Default: its only one.')
}

/** Which settings file. */
export function settingsOption(): Option {
  return new Option(
    '--settings <file>',
    'The settings file. Default: the nearest soen.yaml at or above this folder.',
  ).env('SOEN_SETTINGS')
}
