import type {
  RunStatus,
  ViewType,
  WireDatasetInput,
  WireExperiment,
  WireFile,
  WireKeyValue,
  WireMetric,
  WireRun,
} from './wire.ts'

interface Route<Request, Answer> {
  readonly request: Request
  readonly answer: Answer
}

/** The token of a list's next page; missing on the last page. */
interface Page {
  readonly next_page_token?: string
}

interface PageRequest {
  readonly max_results?: number | undefined
  readonly page_token?: string | undefined
}

type Nothing = Readonly<Record<string, never>>

/**
 * The routes of experiments, runs, metrics and artifacts, by method and path below `/api/2.0/mlflow/`.
 *
 * Client and server side share these types: `call`, and the handlers of `answerRoute`. A GET has its request in the
 * query, a POST in its body.
 */
interface Routes {
  'GET experiments/get': Route<{ readonly experiment_id: string }, { readonly experiment: WireExperiment }>
  'GET experiments/get-by-name': Route<
    { readonly experiment_name: string },
    { readonly experiment: WireExperiment }
  >
  'POST experiments/search': Route<
    PageRequest & {
      readonly filter?: string | undefined
      readonly view_type?: ViewType | undefined
      readonly order_by?: readonly string[] | undefined
    },
    Page & { readonly experiments?: readonly WireExperiment[] }
  >
  'POST experiments/create': Route<
    { readonly name: string; readonly tags?: readonly WireKeyValue[] | undefined },
    { readonly experiment_id: string }
  >
  'POST experiments/update': Route<{ readonly experiment_id: string; readonly new_name: string }, Nothing>
  'POST experiments/delete': Route<{ readonly experiment_id: string }, Nothing>
  'POST experiments/restore': Route<{ readonly experiment_id: string }, Nothing>
  'POST experiments/set-experiment-tag': Route<{ readonly experiment_id: string } & WireKeyValue, Nothing>
  'POST experiments/delete-experiment-tag': Route<
    { readonly experiment_id: string; readonly key: string },
    Nothing
  >

  'GET runs/get': Route<{ readonly run_id: string }, { readonly run: WireRun }>
  'POST runs/search': Route<
    PageRequest & {
      readonly experiment_ids?: readonly string[] | undefined
      readonly filter?: string | undefined
      readonly run_view_type?: ViewType | undefined
      readonly order_by?: readonly string[] | undefined
    },
    Page & { readonly runs?: readonly WireRun[] }
  >
  'POST runs/create': Route<
    {
      readonly experiment_id?: string | undefined
      readonly run_name?: string | undefined
      readonly start_time?: number | undefined
      readonly tags?: readonly WireKeyValue[] | undefined
      readonly user_id?: string | undefined
    },
    { readonly run: WireRun }
  >
  'POST runs/update': Route<
    {
      readonly run_id: string
      readonly status?: RunStatus | undefined
      readonly end_time?: number | undefined
      readonly run_name?: string | undefined
    },
    { readonly run_info: WireRun['info'] }
  >
  'POST runs/delete': Route<{ readonly run_id: string }, Nothing>
  'POST runs/restore': Route<{ readonly run_id: string }, Nothing>
  'POST runs/log-batch': Route<
    {
      readonly run_id: string
      readonly metrics?: readonly WireMetric[] | undefined
      readonly params?: readonly WireKeyValue[] | undefined
      readonly tags?: readonly WireKeyValue[] | undefined
    },
    Nothing
  >
  'POST runs/log-metric': Route<{ readonly run_id: string } & WireMetric, Nothing>
  'POST runs/log-parameter': Route<{ readonly run_id: string } & WireKeyValue, Nothing>
  'POST runs/set-tag': Route<{ readonly run_id: string } & WireKeyValue, Nothing>
  'POST runs/delete-tag': Route<{ readonly run_id: string; readonly key: string }, Nothing>
  'POST runs/log-inputs': Route<
    {
      readonly run_id: string
      readonly datasets?: readonly WireDatasetInput[] | undefined
      readonly models?: readonly { readonly model_id: string }[] | undefined
    },
    Nothing
  >
  'POST runs/outputs': Route<
    {
      readonly run_id: string
      readonly models?: readonly { readonly model_id: string; readonly step?: number | string }[] | undefined
    },
    Nothing
  >

  'GET metrics/get-history': Route<
    PageRequest & { readonly run_id: string; readonly metric_key: string },
    Page & { readonly metrics?: readonly WireMetric[] }
  >
  'GET artifacts/list': Route<
    { readonly run_id: string; readonly path?: string | undefined; readonly page_token?: string | undefined },
    Page & { readonly files?: readonly WireFile[] }
  >
}

/** The name of a route: its method and its path below `/api/2.0/mlflow/`. */
export type RouteName = keyof Routes

/** The request of a route. */
export type RequestOf<Name extends RouteName> = Routes[Name]['request']

/** The response of a route. */
export type AnswerOf<Name extends RouteName> = Routes[Name]['answer']
