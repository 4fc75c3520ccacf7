import { docsLoader } from '@astrojs/starlight/loaders'
import { docsSchema } from '@astrojs/starlight/schema'
import { defineCollection } from 'astro:content'
import { z } from 'astro/zod'

const pageFields = z.object({
  /** One sentence for search results and previews. */
  description: z.string().min(20).max(160),
  /** What a reader comes for; each page is of one kind. */
  kind: z.enum(['tutorial', 'how-to', 'explanation', 'reference', 'troubleshooting']),
  /** On a translated page: the hash of the English page that it translates. */
  source: z.string().optional(),
})

export const collections = {
  docs: defineCollection({ loader: docsLoader(), schema: docsSchema({ extend: pageFields }) }),
}
