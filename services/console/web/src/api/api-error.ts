import type { Problem } from "@hotgrid/contracts";
import { fill, type Language, type Phrase } from "../language/dictionary.ts";
import { type SharedPhrases, sharedPhrases } from "../language/shared-phrases.ts";

/** What kind of failure it is decides what a page does: retry, ask to log in again, or say why not. */
export type FailureKind =
  | "offline"
  | "session"
  | "forbidden"
  | "gone"
  | "conflict"
  | "invalid"
  | "busy"
  | "server"
  | "aborted";

/** A call of the API that did not succeed. `status` 0: no answer came. */
export class ApiError extends Error {
  readonly kind: FailureKind;
  readonly status: number;
  readonly problem: ProblemText | null;
  constructor(kind: FailureKind, status: number, problem: ProblemText | null, cause?: unknown) {
    super(problem?.detail ?? kind, { cause });
    this.name = "ApiError";
    this.kind = kind;
    this.status = status;
    this.problem = problem;
  }
  /** Nothing was decided: the same request may be sent again. */
  get transient(): boolean {
    return this.kind === "offline" || this.kind === "busy";
  }
}

export type ProblemText = Pick<Problem, "detail" | "detailZh"> & { readonly remedy?: Phrase };

export function failureKind(status: number): FailureKind {
  if (status === 401) return "session";
  if (status === 403) return "forbidden";
  if (status === 404 || status === 410) return "gone";
  if (status === 409 || status === 412) return "conflict";
  if (status === 429 || status === 502 || status === 503 || status === 504) return "busy";
  return status >= 500 ? "server" : "invalid";
}

/** The problem document of an answer (RFC 9457), or null where a proxy answered with something else. */
export function readProblem(body: unknown): ProblemText | null {
  if (typeof body !== "object" || body === null) return null;
  const { detail, detailZh, remedy } = body as Partial<Record<string, unknown>>;
  if (typeof detail !== "string" || detail === "") return null;
  const text = { detail, detailZh: typeof detailZh === "string" && detailZh !== "" ? detailZh : detail };
  return isPhrase(remedy) ? { ...text, remedy } : text;
}

const isPhrase = (value: unknown): value is Phrase =>
  typeof value === "object" && value !== null && "zh" in value && "en" in value;

/** One sentence for people: the server's own words where there are any, else ours by kind. */
export function describeError(error: unknown, language: Language): string {
  if (!(error instanceof ApiError)) return fill(sharedPhrases["error.unknown"], language);
  if (error.problem === null) return fill(FALLBACKS[error.kind], language, { status: error.status });
  const said = language === "zh" ? error.problem.detailZh : error.problem.detail;
  if (error.problem.remedy === undefined) return said;
  return language === "zh" ? `${said}。${error.problem.remedy.zh}` : `${said}. ${error.problem.remedy.en}`;
}

const FALLBACKS: Readonly<Record<FailureKind, SharedPhrases[keyof SharedPhrases]>> = {
  offline: sharedPhrases["error.offline"],
  session: sharedPhrases["error.session"],
  forbidden: sharedPhrases["error.forbidden"],
  gone: sharedPhrases["error.gone"],
  conflict: sharedPhrases["error.conflict"],
  invalid: sharedPhrases["error.invalid"],
  busy: sharedPhrases["error.busy"],
  server: sharedPhrases["error.server"],
  aborted: sharedPhrases["error.offline"],
};
