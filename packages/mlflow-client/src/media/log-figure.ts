import { attempt } from '../run/attempt.ts'
import type { Run } from '../run/run.ts'

/** A figure as Plotly's libraries describe it, in any language. */
export interface PlotlyFigure {
  readonly data: readonly object[]
  readonly layout?: object | undefined
  readonly config?: object | undefined
}

/** Where the page of a figure loads Plotly from. */
export interface FigureOptions {
  /**
   * By default Plotly's own address of version 2.35.2, which the browser that shows the figure must be able to
   * reach.
   */
  readonly plotlyUrl?: string | undefined
}

const PLOTLY_URL = 'https://cdn.plot.ly/plotly-2.35.2.min.js'

/**
 * Log a figure as an artifact that MLflow's page shows.
 *
 * @param path - ends in `.html` or `.json` for a Plotly figure; else in what the text or the bytes are, for instance `.svg`
 * @param figure - the source of an SVG or HTML file, the bytes of an image, or a Plotly figure
 */
export function logFigure(
  run: Run,
  path: string,
  figure: string | Uint8Array | PlotlyFigure,
  { plotlyUrl = PLOTLY_URL }: FigureOptions = {},
): void {
  attempt(run, path, () => {
    if (typeof figure === 'string') return run.text(figure, path)
    if (ArrayBuffer.isView(figure)) return run.bytes(figure, path)
    if (!Array.isArray(figure.data))
      throw new TypeError('it is neither a text, nor bytes, nor a Plotly figure')
    if (path.endsWith('.json')) return run.text(JSON.stringify(figure), path)
    if (path.endsWith('.html')) return run.text(plotlyPage(figure, plotlyUrl), path)
    throw new TypeError('a Plotly figure becomes an .html or a .json file')
  })
}

function plotlyPage(
  { data, layout = {}, config = { responsive: true } }: PlotlyFigure,
  plotlyUrl: string,
): string {
  return `<!doctype html>
<meta charset="utf-8">
<title>Figure</title>
<style>html, body, #figure { height: 100%; margin: 0 }</style>
<div id="figure"></div>
<script src=${inScript(plotlyUrl)}></script>
<script>Plotly.newPlot('figure', ${[data, layout, config].map(inScript).join(', ')})</script>
`
}

/** JSON that cannot end a script element or open a comment. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`)
}
