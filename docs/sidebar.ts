import type { StarlightUserConfig } from '@astrojs/starlight/types'

/**
 * Every page, in reading order. The client's many reference pages are linked from their index only: a sidebar with
 * all of them would make every page of the site heavier.
 */
export const sidebar: NonNullable<StarlightUserConfig['sidebar']> = [
  {
    label: 'Start',
    items: ['start/first-run', 'start/how-it-fits', 'start/on-a-server'],
  },
  {
    label: 'Set up',
    translations: { de: 'Einrichten' },
    items: [
      'setup/teammate',
      'setup/python',
      'setup/training-loop',
      'setup/local',
      'setup/vps',
      'setup/login',
      'setup/people',
      'setup/server-away',
      'setup/lost-password',
    ],
  },
  {
    label: 'Log more',
    translations: { de: 'Mehr aufzeichnen' },
    items: ['further/media', 'further/models', 'further/sweep'],
  },
  {
    label: 'Operate',
    translations: { de: 'Betreiben' },
    items: ['operate/daily', 'operate/front-door', 'operate/audit'],
  },
  {
    label: 'Troubleshooting',
    translations: { de: 'Fehler beheben' },
    items: [
      'troubleshooting/terminal',
      'troubleshooting/local',
      'troubleshooting/server-access',
      'troubleshooting/server',
      'troubleshooting/client',
      'troubleshooting/front-door',
      'troubleshooting/requests',
      'troubleshooting/front-door-program',
    ],
  },
  {
    label: 'Reference',
    translations: { de: 'Nachschlagen' },
    items: ['reference/cli', 'reference/settings', { slug: 'reference/client', label: 'TypeScript client' }],
  },
]
