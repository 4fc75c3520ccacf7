/**
 * Images, figures, histograms, tables and JSON of a run, as MLflow's page shows them: `@soen/mlflow-client/media`.
 *
 * @module media
 */

// Each logs to a run through its journal, and never throws into the training.
export { logImage, tableImage, toPng } from './log-image.ts'
export type { ImageCell, ImageOptions, ImageSource } from './log-image.ts'
export type { Pixels } from './pixels.ts'
export { logFigure } from './log-figure.ts'
export type { FigureOptions, PlotlyFigure } from './log-figure.ts'
export { logHistogram } from './log-histogram.ts'
export type { HistogramOptions } from './log-histogram.ts'
export type { Histogram } from './histogram.ts'
export { logTable } from './log-table.ts'
export type { TableData } from './log-table.ts'
export { logJson } from './log-json.ts'
