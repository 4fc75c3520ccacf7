import starlight from '@astrojs/starlight'
import { buildProgram } from '@soen/cli'
import { settingsReference } from '@soen/settings'
import { defineConfig } from 'astro/config'
import starlightLinksValidator from 'starlight-links-validator'
import starlightLlmsTxt from 'starlight-llms-txt'
import starlightTypeDoc from 'starlight-typedoc'
import { moveLinks } from './plugins/base-links.ts'
import { cliReference } from './plugins/cli-reference.ts'
import { finishPages, focusableTables, withoutHeadingLinks, withoutPreviews } from './plugins/finish-pages.ts'
import { generatedPage } from './plugins/generated-page.ts'
import { settingsPage } from './plugins/settings-page.ts'
import { addTypeDocFrontMatter } from './plugins/typedoc-front-matter.ts'
import { sidebar } from './sidebar.ts'

// The site can be served by any static host: SOEN_DOCS_BASE=/guide puts it below that path.
const base = process.env.SOEN_DOCS_BASE ?? '/'
const site = process.env.SOEN_DOCS_SITE ?? 'http://localhost:4321'

export default defineConfig({
  site,
  base,
  trailingSlash: 'always',
  outDir: process.env.SOEN_DOCS_OUT ?? './dist',
  integrations: [
    starlight({
      title: 'SOEN platform',
      description: 'A shared MLflow tracking server, and a client that never slows a training run.',
      locales: {
        root: { label: 'English', lang: 'en' },
        de: { label: 'Deutsch', lang: 'de' },
      },
      sidebar,
      customCss: ['./src/styles/site.css'],
      credits: false,
      plugins: [
        ...Array.from(cliReference(buildProgram()), ([path, text]) => generatedPage(path, () => text)),
        generatedPage('reference/settings.md', () => settingsPage(settingsReference())),
        starlightTypeDoc({
          entryPoints: [
            'index.ts',
            'settings/index.ts',
            'rest/index.ts',
            'delivery/index.ts',
            'local-store/index.ts',
            'tensorboard/index.ts',
            'integrations/index.ts',
            'media/index.ts',
            'models/index.ts',
            'training/index.ts',
            'read/index.ts',
          ].map((path) => `../packages/mlflow-client/src/${path}`),
          tsconfig: '../packages/mlflow-client/tsconfig.json',
          output: 'reference/client',
          // Members inherited from Error or Node are documented elsewhere.
          typeDoc: {
            plugin: [addTypeDocFrontMatter],
            entryFileName: 'index',
            excludeExternals: true,
            disableSources: true,
          },
        }),
        starlightLlmsTxt(),
        // Pages link from the root. With a base their links are rewritten after the build, so they are checked in
        // the build without one.
        ...(base === '/'
          ? [
              starlightLinksValidator({
                errorOnFallbackPages: false,
                errorOnInconsistentLocale: true,
                errorOnLocalLinks: false,
              }),
            ]
          : []),
      ],
    }),
    finishPages((html) => moveLinks(html, base), focusableTables, withoutPreviews, withoutHeadingLinks),
  ],
})
