import * as z from "zod/mini";
import { Env } from "../../contract.ts";
import { fieldErrors } from "../../core/field-errors.ts";
import { trueOrFalse } from "../../core/given-value.ts";
import { addDays, dayOf, maxLookBackDays } from "../../core/time/days.ts";
import { dayFields, requestedDays } from "../../core/time/requested-days.ts";
import { requestFields } from "../../jobs.ts";
import { createRequestCheck, type OpenRequestCheck } from "../../wiring/request-check.ts";
import { archiveCallsDeployment } from "./deployment.ts";
import { ArchiveEnvironment, settlingRulesOf } from "./environment.ts";
import { estimateArchive } from "./estimate.ts";
import type { ArchiveRequest } from "./request.ts";

/** Checks requests for `archive-calls` and estimates its runs, for `start-run`. */
export const check: OpenRequestCheck = createRequestCheck({
  deployment: archiveCallsDeployment,
  schema: ArchiveEnvironment,
  check: ({ config, ...services }, fields) => {
    const { errors, request } = checkArchiveRequest(fields, services);
    const options = { ...services, archiveFrom: config[Env.archiveFrom], rules: settlingRulesOf(config) };
    return { errors, request, estimate: () => estimateArchive(options, request) };
  },
});

const Fields = z.strictObject({
  ...dayFields,
  relist: z.optional(z.boolean(trueOrFalse)),
  acceptShrunk: z.optional(z.boolean(trueOrFalse)),
});

/**
 * Checks an operator's request and returns every invalid field. `relist` lists closed days again; `acceptShrunk` believes a
 * shrunk listing.
 */
export function checkArchiveRequest(
  fields: unknown,
  { now, timeZone }: { readonly now: Date; readonly timeZone: string },
): { readonly errors: readonly string[]; readonly request: ArchiveRequest } {
  const parsed = Fields.safeParse(fields);
  const earliest = addDays(dayOf(now, timeZone), -maxLookBackDays);
  const reason = `RingCentral lists no calls before ${earliest}`;
  const {
    errors: dayErrors,
    days,
    isNamed,
  } = requestedDays(fields, { now, timeZone, earliest: { day: earliest, reason } });
  const { relist, acceptShrunk } = switchesOf(fields);
  const errors = [
    ...(parsed.success ? [] : fieldErrors(parsed.error.issues, { schema: Fields, besides: requestFields })),
    ...dayErrors,
    ...(relist && !isNamed ? ["relist: needs days, or from and to"] : []),
    ...(acceptShrunk && !isNamed ? ["acceptShrunk: needs days, or from and to"] : []),
  ];
  if (errors.length > 0) return { errors, request: { days: [], relist: false, acceptShrunk: false } };
  return { errors, request: { days: [...days], relist, acceptShrunk } };
}

function switchesOf(fields: unknown) {
  const { relist, acceptShrunk } = (fields ?? {}) as Readonly<Record<string, unknown>>;
  return { relist: relist === true, acceptShrunk: acceptShrunk === true };
}
