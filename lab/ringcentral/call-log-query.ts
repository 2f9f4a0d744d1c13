import type { CallLogPlan } from "./account-plan.ts";
import { apiError, invalidParameter } from "./errors.ts";
import { Refusal } from "./lab-response.ts";
import type { View } from "./record.ts";

/** A listing's parameters, checked, with every default filled in. */
export interface CallLogQuery {
  readonly view: View;
  readonly fromMs: number;
  /** Inclusive, like `fromMs`. */
  readonly toMs: number;
  readonly showDeleted: boolean;
  readonly perPage: number;
  readonly page: number;
  readonly recordingType: "Automatic" | "OnDemand" | "All" | undefined;
  readonly directions: readonly string[];
  readonly types: readonly string[];
}

/** Real parameters that the lab does not implement. They fail loudly, because ignoring them would hide mistakes. */
const notSimulated = ["extensionNumber", "phoneNumber", "sessionId", "telephonySessionId", "metadataCategory"];

/** A name that RingCentral does not know either, such as `per_page`, is ignored. */
export function parseCallLogQuery(search: URLSearchParams, plan: CallLogPlan, nowMs: number): CallLogQuery {
  const missing = notSimulated.find((name) => search.has(name));
  if (missing) throw new Refusal(apiError(501, "CMN-202", `The lab does not simulate [${missing}]`));
  const cut = (ms: number) => (plan.truncateBoundsToSeconds ? Math.floor(ms / 1000) * 1000 : ms);
  const toMs = instant(search, "dateTo") ?? nowMs;
  const fromMs = instant(search, "dateFrom") ?? toMs - 24 * 60 * 60 * 1000;
  if (fromMs > toMs) throw invalid("dateFrom", search.get("dateFrom") ?? ""); // Guess: not published.
  const withRecording = choice(search, "withRecording", ["true", "false"]) === "true";
  return {
    view: choice(search, "view", ["Simple", "Detailed"]) ?? "Simple",
    fromMs: cut(fromMs),
    toMs: cut(toMs),
    showDeleted: choice(search, "showDeleted", ["true", "false"]) === "true",
    perPage: Math.min(perPage(search), maxPerPage, plan.maxPerPage),
    page: count(search, "page", 1),
    recordingType:
      choice(search, "recordingType", ["Automatic", "OnDemand", "All"]) ?? (withRecording ? "All" : undefined),
    directions: choices(search, "direction", ["Inbound", "Outbound"]),
    types: choices(search, "type", ["Voice", "Fax"]),
  };
}

function invalid(name: string, value: string): Refusal {
  return new Refusal(invalidParameter(name, value));
}

function choice<T extends string>(search: URLSearchParams, name: string, allowed: readonly T[]): T | undefined {
  return choices(search, name, allowed)[0];
}

/** Several values come as repeated names, never as a list with commas. */
function choices<T extends string>(search: URLSearchParams, name: string, allowed: readonly T[]): readonly T[] {
  return search.getAll(name).map((value) => {
    const known = allowed.find((each) => each === value);
    if (known === undefined) throw invalid(name, value);
    return known;
  });
}

const maxPerPage = 1000;

/** A number, or the word `max` (OpenAPI: readCompanyCallLog). */
function perPage(search: URLSearchParams): number {
  return search.get("perPage") === "max" ? maxPerPage : count(search, "perPage", 100);
}

function count(search: URLSearchParams, name: string, otherwise: number): number {
  const value = search.get(name);
  if (value === null) return otherwise;
  if (!/^[1-9]\d{0,8}$/.test(value)) throw invalid(name, value);
  return Number(value);
}

const iso8601 = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** A time without an offset is UTC. */
function instant(search: URLSearchParams, name: string): number | undefined {
  const value = search.get(name);
  if (value === null) return undefined;
  const withOffset = /T.*(Z|[+-]\d{2}:?\d{2})$/.test(value) || !value.includes("T") ? value : `${value}Z`;
  const ms = iso8601.test(value) ? Date.parse(withOffset) : Number.NaN;
  if (Number.isNaN(ms)) throw invalid(name, value);
  return ms;
}
